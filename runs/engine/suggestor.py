"""What an agent is to the engine."""

from collections.abc import Generator, Iterable, Sequence
from typing import Any

from runs.engine.context import Context
from runs.engine.effects import Effect
from runs.engine.facts import ContextKey, Proposal

Suggestions = Iterable[Proposal] | Generator[Effect, Any, Iterable[Proposal]] | Generator[Sequence[Effect], Any, Iterable[Proposal]]


class Suggestor:
    """An agent: it looks at the context and puts proposals forward. Subclass it, or bring the same attributes.

    It has no memory: what it must remember is a fact, else a resumed run would not equal an unbroken one.

    * `dependencies`: keys whose change wakes it; none = it is considered in every cycle.
    * `waits_for`: facts that must all exist before it can accept; `done_when`: facts any of which ends its work for
      good. The engine keeps an index of them and asks nobody in vain; an own `accepts` must agree with them.
    * `on_error`: what the run does when it raises: `diagnose` notes it and goes on, `fail` ends the run.
    """

    name: str = ""
    dependencies: Sequence[ContextKey] = ()
    waits_for: Sequence[tuple[ContextKey, str]] = ()
    done_when: Sequence[tuple[ContextKey, str]] = ()
    on_error: str = "diagnose"

    def accepts(self, context: Context) -> bool:
        """Tell whether there is something to do in this context; asked at most once a cycle.

        By default: all of `waits_for` is there and nothing of `done_when`, which the engine knows without asking.
        """
        return all(context.fact(*name) for name in self.waits_for) and not any(context.fact(*name) for name in self.done_when)

    def suggest(self, context: Context) -> Suggestions:
        """Return proposals; or be a generator: `answer = yield LLMCall(provider, input)`, then return proposals.

        A failed effect is thrown into the generator as `EffectFailed`. A list of effects is asked as one batch; its answer is
        the list of theirs, in which an `EffectFailed` stands for each that failed.
        """
        return ()
