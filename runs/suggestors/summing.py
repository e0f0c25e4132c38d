"""What sums up the judgements on a strategy, once all of them are there."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from runs.engine import Context, ContextKey, Fact, Proposal, Suggestor
from runs.engine.wire import decode
from runs.suggestors.growing import Growing
from runs.suggestors.judging import EVALUATIONS, READS, STRATEGIES, is_said, payload_of, said

Judges = Mapping[str, tuple[str, ...]]


class Summing(Suggestor, ABC):
    """Says one thing on each strategy, under Evaluations, once every one of `judges` has judged it.

    `judges` gives the beginnings of each judge's ids. A judgement that people rejected is not waited for.
    """

    dependencies = READS
    provenance: str
    prefix: str

    def __init__(self, judges: Judges, *, name: str) -> None:
        self.name = name
        self._judges = judges
        self._waiting = Growing[list[Fact]](STRATEGIES, list, list.append)

    def accepts(self, context: Context) -> bool:
        """Tell whether there is something to sum up."""
        waiting = self._waiting.of(context)
        waiting[:] = [fact for fact in waiting if not is_said(self.prefix + fact.id, context)]
        return any(self._is_judged(fact.id, context) for fact in waiting)

    def _is_judged(self, strategy: str, context: Context) -> bool:
        ids = ([prefix + strategy for prefix in prefixes] for prefixes in self._judges.values())
        return all(any(is_said(id, context) for id in own) for own in ids) and bool(self._judgements(strategy, context))

    def _judgements(self, strategy: str, context: Context) -> list[Fact]:
        found = (said(prefix + strategy, context) for prefixes in self._judges.values() for prefix in prefixes)
        return [fact for fact in found if fact]

    def suggest(self, context: Context) -> list[Proposal]:
        """The sum on each strategy that is ready."""
        waiting = (fact for fact in self._waiting.of(context) if not is_said(self.prefix + fact.id, context))
        return [self._proposal(fact, self._judgements(fact.id, context)) for fact in waiting if self._is_judged(fact.id, context)]

    def _proposal(self, strategy: Fact, judgements: list[Fact]) -> Proposal:
        content = {"strategy_id": strategy.id} | self.summed(strategy.id, [content_of(fact) for fact in judgements])
        used: tuple[tuple[ContextKey, str], ...] = ((STRATEGIES, strategy.id), *((fact.key, fact.id) for fact in judgements))
        return Proposal(EVALUATIONS, self.prefix + strategy.id, payload_of(content), self.provenance, used=used)

    @abstractmethod
    def summed(self, strategy: str, judgements: list[dict[str, Any]]) -> dict[str, Any]:
        """What to say, from the contents of the judgements."""


def content_of(fact: Fact) -> dict[str, Any]:
    """The JSON object in a text; an empty one for everything else."""
    try:
        content = decode(fact.text or "")
    except (msgspec.MsgspecError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def chosen(judges: Judges, names: Iterable[str]) -> Judges:
    """The judges of these names, in that order."""
    return {name: judges[name] for name in names}
