"""How suggestors are asked: plain answers at once, side effects collected into batches and answered in order."""

from collections.abc import Callable, Generator, Iterable, Sequence
from types import GeneratorType
from typing import Any

from runs.engine import wire
from runs.engine.borders import EffectsWanted
from runs.engine.context import Context
from runs.engine.effects import Effect, EffectFailed, EffectRequest, EffectResult
from runs.engine.eligibility import Seat
from runs.engine.facts import ContextKey, Payload, Proposal
from runs.engine.wire import Row

LONGEST_ERROR = 2_000
_KEYS = frozenset(ContextKey)
_EFFECTS = Effect.__args__


class Answer:
    """What one seat said: its proposals, or the error in words that it raised."""

    __slots__ = ("error", "proposals", "seat")

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.proposals: list[Proposal] = []
        self.error: str | None = None

    def fill(self, said: Iterable[Proposal] | None) -> None:
        """Take the proposals, or note why they cannot be taken."""
        try:
            self.proposals = [_checked(item) for item in said or ()]
        except Exception as error:  # noqa: BLE001 -- one bad agent must not kill a team
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """Note the error, in words that can be stored."""
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        self.error = wire.storable(text)[:LONGEST_ERROR]


def _checked(item: Any) -> Proposal:
    if type(item) is not Proposal:
        raise TypeError(f"suggest() must give Proposals, not {type(item).__name__}")
    if item.key not in _KEYS:
        raise ValueError(f"unknown context key {item.key!r}; allowed: {', '.join(ContextKey)}")
    if type(item.id) is not str or type(item.provenance) is not str or type(item.payload) is not Payload:
        raise TypeError("a Proposal has an id and a provenance of type str, and a Payload")
    if type(item.confidence) is not float and type(item.confidence) is not int:
        raise TypeError("the confidence of a Proposal is a number")
    return item


class _Talk:
    """A suggestor that reaches out, between two of its effects."""

    __slots__ = ("answer", "generator", "ordinal", "request", "result")

    def __init__(self, answer: Answer, generator: Generator[Effect, Any, Iterable[Proposal]]) -> None:
        self.answer = answer
        self.generator = generator
        self.ordinal = 0
        self.request: EffectRequest | None = None
        self.result: EffectResult | None = None

    def go_on(self, cycle: int) -> bool:
        """Hand over the last result and run to the next effect; False when the suggestor is done."""
        self.request = None
        try:
            self._receive(self._step(), cycle)
        except StopIteration as done:
            self.answer.fill(done.value)
        except Exception as error:  # noqa: BLE001 -- one bad agent must not kill a team
            self.answer.fail(error)
        return self.request is not None

    def _step(self) -> Effect:
        if self.result is None:
            return next(self.generator)
        if self.result.error is not None:
            return self.generator.throw(EffectFailed(self.result.error))
        return self.generator.send(self.result.output)

    def _receive(self, effect: Any, cycle: int) -> None:
        if not isinstance(effect, _EFFECTS):
            self.generator.close()
            raise TypeError(f"a suggestor may yield effects only, not {type(effect).__name__}")
        seat = self.answer.seat
        self.request = EffectRequest(seat.number, seat.name, cycle, self.ordinal, effect)
        self.ordinal += 1


class Asking:
    """Asks the seats of one cycle; keeps what their effects cost and how they enter the digest."""

    def __init__(self, context: Context, cycle: int) -> None:
        self._context = context
        self._cycle = cycle
        self._lines: list[tuple[int, int, str]] = []
        self.tokens = 0
        self.cost_microdollars = 0
        self.latency_ms = 0

    def hear_all(
        self, seats: Sequence[Seat], take_rows: Callable[[], list[Row]]
    ) -> Generator[EffectsWanted, list[EffectResult], list[Answer]]:
        """Return one answer per seat, in their order; yields a batch of effects as long as any seat wants some."""
        answers, talks = [Answer(seat) for seat in seats], list[_Talk]()
        for answer in answers:
            said = self._ask(answer)
            if type(said) is GeneratorType:
                talks.append(_Talk(answer, said))
            elif answer.error is None:
                answer.fill(said)
        while talks := [talk for talk in talks if talk.go_on(self._cycle)]:
            results = yield EffectsWanted(take_rows(), [talk.request for talk in talks if talk.request])
            for talk, result in zip(talks, results, strict=True):
                self._record(talk, result)
        return answers

    def _ask(self, answer: Answer) -> Any:
        seat = answer.seat
        broken, seat.broken = seat.broken, None
        if broken is not None:
            return answer.fail(broken)
        try:
            return seat.suggestor.suggest(self._context)
        except Exception as error:  # noqa: BLE001 -- one bad agent must not kill a team
            return answer.fail(error)

    def _record(self, talk: _Talk, result: EffectResult) -> None:
        talk.result = result
        if talk.request is not None:
            self._lines.append((talk.request.number, talk.request.ordinal, talk.request.digest_line(result)))
        self.tokens += result.tokens
        self.cost_microdollars += result.cost_microdollars
        self.latency_ms += result.latency_ms

    def digest_lines(self) -> list[str]:
        """Effects with their results, sorted by (suggestor number, ordinal)."""
        return [line for _, _, line in sorted(self._lines)] if self._lines else []
