"""What recording an effect costs: a journaled run of effects, against the same run in memory with the same answers."""

import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

from tests.bench.workloads import PAY, SEEDS
from tests.bench.world import a_run_to_write

ROUNDS = 5
EFFECTS = 800
HIDDEN = {"scripted, plain": [], "scripted, with hidden fields": ["secret"]}


def recording_effects() -> None:
    """Print microseconds per effect, one at a time and many side by side; the database is there already."""
    for width in (1, 16, 100):
        for words, hidden in HIDDEN.items():
            memory = _median(lambda width=width: _in_memory(width))
            journaled = _median(lambda width=width, hidden=hidden: _journaled(width, hidden))
            cost = (journaled - memory) / EFFECTS * 1e6
            print(f"{width} effects at a time, {words}: {cost:,.0f} µs to ask and commit each (in memory {memory / EFFECTS * 1e6:.0f})")


def _median(work: Callable[[], None]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def _team(width: int) -> list[Any]:
    """So many suggestors, who ask side by side, again and again."""
    from runs.engine import ContextKey, Proposal, Suggestor, ToolCall

    class Asks(Suggestor):
        """Asks one thing after the other."""

        dependencies = (SEEDS,)

        def __init__(self, name: str) -> None:
            self.name = name

        def suggest(self, context: Any) -> Any:
            for turn in range(EFFECTS // width):
                yield ToolCall("web", {"turn": turn, "secret": self.name, "words": PAY})
            return [Proposal.text_of(ContextKey.HYPOTHESES, self.name, "done", "bench")]

    return [Asks(f"asks-{number}") for number in range(width)]


def _seeds() -> list[Any]:
    from runs.engine import Proposal

    return [Proposal.text_of(SEEDS, "s", PAY, "bench")]


def _in_memory(width: int) -> None:
    from runs.engine import EffectResult, EffectsWanted, State, converge

    loop, sent = converge(_team(width), State.fresh(_seeds())), None
    while True:
        try:
            border = loop.send(sent)
        except StopIteration:
            return
        sent = [EffectResult({"secret": 1}, tokens=1) for _ in border.requests] if isinstance(border, EffectsWanted) else None


class _Document:
    """Those who ask, and a provider that answers at once."""

    gates = None

    def __init__(self, width: int, hidden: list[str]) -> None:
        from runs.engine import Budget

        self.budget, self.criteria, self.width, self.hidden = Budget(), (), width, hidden

    def team(self) -> Any:
        """Those who ask."""
        return _team(self.width)

    def seeds(self) -> Iterable[Any]:
        """The one seed."""
        return _seeds()

    def providers(self) -> Any:
        """The one provider."""
        from runs.suggestors.providers.kinds import provider_of

        settings = {"answers": [{"output": {"secret": 1}, "tokens": 1}], "hidden": self.hidden}
        return {"web": provider_of("scripted", settings)}


def _journaled(width: int, hidden: list[str]) -> None:
    from runs.runner import conduct

    run = a_run_to_write()
    conduct(run, _Document(width, hidden))
    assert (run.status, run.tokens) == ("converged", EFFECTS // width * width), run.message
