"""How suggestors are asked: plain answers at once, side effects collected into batches and answered in order."""

from collections.abc import Callable, Generator, Iterable, Sequence
from types import GeneratorType
from typing import Any

import msgspec

from runs.engine import wire
from runs.engine.borders import EffectsWanted
from runs.engine.budget import Spent
from runs.engine.context import Context
from runs.engine.effects import Effect, EffectFailed, EffectRequest, EffectResult
from runs.engine.eligibility import Seat
from runs.engine.facts import ContextKey, Payload, Proposal
from runs.engine.wire import Row

LONGEST_ERROR = 2_000
_KEYS = frozenset(ContextKey)
_EFFECTS = Effect.__args__


class Answer(msgspec.Struct, gc=False):
    """What one seat said: its proposals, or the error in words that it raised."""

    seat: Seat
    proposals: list[Proposal] = []
    error: str | None = None

    def fail(self, error: Exception) -> None:
        """Note the error, in words that can be stored."""
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        self.error = wire.storable(text)[:LONGEST_ERROR]


def _checked(said: Any) -> list[Proposal]:
    """The proposals of an answer; raises TypeError or ValueError for what the engine cannot take."""
    proposals = list(said or ())
    for item in proposals:
        if type(item) is not Proposal:
            raise TypeError(f"suggest() must give Proposals, not {type(item).__name__}")
        if item.key not in _KEYS:
            raise ValueError(f"unknown context key {item.key!r}; allowed: {', '.join(ContextKey)}")
        if type(item.id) is not str or type(item.provenance) is not str or type(item.payload) is not Payload:
            raise TypeError("a Proposal has an id and a provenance of type str, and a Payload")
        if type(item.confidence) is not float and type(item.confidence) is not int:
            raise TypeError("the confidence of a Proposal is a number")
    return proposals


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
            self._finish(done.value)
        except Exception as error:  # noqa: BLE001 -- one bad agent must not kill a team
            self.answer.fail(error)
        return self.request is not None

    def _finish(self, said: Any) -> None:
        try:
            self.answer.proposals = _checked(said)
        except Exception as error:  # noqa: BLE001 -- one bad agent must not kill a team
            self.answer.fail(error)

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
    """Asks the seats of a cycle, then lets those that reach out converse in batches."""

    __slots__ = ("_context", "_cycle", "_lines", "_results", "_talks", "answers")

    def __init__(self, context: Context) -> None:
        self._context = context
        self._cycle = 0
        self._talks: list[_Talk] = []
        self._results: list[EffectResult] = []
        self._lines: list[tuple[int, int, str]] = []
        self.answers: list[Answer] = []

    def ask(self, cycle: int, seats: Sequence[Seat]) -> bool:
        """Ask every seat in order, one answer each; True if some of them reach out."""
        self._cycle, self.answers = cycle, []
        for seat in seats:
            answer = Answer(seat)
            self.answers.append(answer)
            try:
                if seat.broken is not None:
                    raise seat.broken
                said = seat.suggestor.suggest(self._context)
                if type(said) is GeneratorType:
                    self._talks.append(_Talk(answer, said))
                else:
                    answer.proposals = _checked(said)
            except Exception as error:  # noqa: BLE001 -- one bad agent must not kill a team
                seat.broken = None
                answer.fail(error)
        return bool(self._talks)

    def converse(self, take_rows: Callable[[], list[Row]]) -> Generator[EffectsWanted, list[EffectResult], None]:
        """Yield a batch of effects as long as any seat wants some, and hand the results back in order."""
        talks, self._talks = self._talks, []
        while talks := [talk for talk in talks if talk.go_on(self._cycle)]:
            results = yield EffectsWanted(take_rows(), [talk.request for talk in talks if talk.request])
            for talk, result in zip(talks, results, strict=True):
                self._record(talk, result)

    def _record(self, talk: _Talk, result: EffectResult) -> None:
        talk.result = result
        if talk.request is not None:
            self._lines.append((talk.request.number, talk.request.ordinal, talk.request.digest_line(result)))
        self._results.append(result)

    def settle(self, spent: Spent) -> list[str]:
        """Charge what the effects cost; return how they enter the digest, by (suggestor number, ordinal)."""
        for result in self._results:
            spent.tokens += result.tokens
            spent.cost_microdollars += result.cost_microdollars
            spent.microseconds += result.latency_ms * 1000
        self._results = []
        lines, self._lines = sorted(self._lines), []
        return [line for _, _, line in lines]
