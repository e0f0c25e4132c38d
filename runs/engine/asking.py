"""How suggestors are asked: plain answers at once, side effects collected into batches and answered in order."""

from collections.abc import Callable, Generator, Iterable, Sequence
from types import GeneratorType
from typing import Any

import msgspec

from runs.engine import wire
from runs.engine.borders import EffectsWanted
from runs.engine.budget import Spent
from runs.engine.context import Context
from runs.engine.effects import Effect, EffectFailed, EffectRequest, EffectResult, effect_to_json
from runs.engine.eligibility import Seat
from runs.engine.errors import in_words
from runs.engine.facts import ContextKey, Payload, Proposal
from runs.engine.gates import ParkedProposal
from runs.engine.subject import SubjectRef
from runs.engine.wire import Row

_KEYS = frozenset(ContextKey)
_EFFECTS = Effect.__args__


class Answer(msgspec.Struct, gc=False):
    """What one seat said: its proposals, or the error in words that it raised, and the engine's note of it."""

    seat: Seat
    proposals: list[Proposal]
    error: str | None = None
    note: Proposal | None = None

    def fail(self, error: Exception) -> None:
        """Note the error, in words that can be stored."""
        self.error = in_words(error)


def _checked(said: Any) -> list[Proposal]:
    """The proposals of an answer; raises TypeError or ValueError for what the engine cannot take."""
    proposals, plain = said if type(said) is list else list(said or ()), True
    for item in proposals:
        if type(item) is not Proposal:
            raise TypeError(f"suggest() must give Proposals, not {type(item).__name__}")
        if item.key not in _KEYS:
            raise ValueError(f"unknown context key {item.key!r}; allowed: {', '.join(ContextKey)}")
        id, provenance, confidence = item.id, item.provenance, item.confidence
        if type(id) is not str or type(provenance) is not str or type(item.payload) is not Payload:
            raise TypeError("a Proposal has an id and a provenance of type str, and a Payload")
        if not (id.isascii() and provenance.isascii()):
            wire.check_unicode(id + provenance)
        if item.used or item.subject is not None or type(confidence) is not float or not 0.0 <= confidence <= 1.0:
            plain = False
    return proposals if plain else [_normal(item) for item in proposals]


def _normal(item: Proposal) -> Proposal:
    """The proposal with its confidence clamped and its subject in canonical form."""
    if type(item.confidence) is not float and type(item.confidence) is not int:
        raise TypeError("the confidence of a Proposal is a number")
    subject = None if item.subject is None else _canonical_subject(item.subject)
    return msgspec.structs.replace(item, subject=subject, used=_names(item.used)).normal()


def _names(used: Any) -> tuple[tuple[ContextKey, str], ...]:
    """The facts that a proposal declares as used, each as key and id."""
    names = tuple((ContextKey(key), id) for key, id in used)
    for _, id in names:
        wire.check_unicode(id)
    return names


def _canonical_subject(subject: Any) -> str:
    text = str(SubjectRef.parse(str(subject)))
    wire.check_unicode(text)
    return text


class _Talk:
    """A suggestor that reaches out, between two of its effects."""

    __slots__ = ("answer", "generator", "ordinal", "requests", "results", "several")

    def __init__(self, answer: Answer, generator: Generator[Effect | Sequence[Effect], Any, Iterable[Proposal]]) -> None:
        self.answer = answer
        self.generator = generator
        self.ordinal = 0
        self.several = False
        self.requests: list[EffectRequest] = []
        self.results: list[EffectResult] = []

    def go_on(self, cycle: int) -> bool:
        """Hand over the last results and run to the next effects; False when the suggestor is done."""
        self.requests = []
        try:
            self._receive(self._step(), cycle)
        except StopIteration as done:
            self._finish(done.value)
        except Exception as error:  # noqa: BLE001 -- one bad agent must not kill a team
            self.answer.fail(error)
        return bool(self.requests)

    def _finish(self, said: Any) -> None:
        try:
            self.answer.proposals = _checked(said)
        except Exception as error:  # noqa: BLE001 -- one bad agent must not kill a team
            self.answer.fail(error)

    def _step(self) -> Effect | Sequence[Effect]:
        results, self.results = self.results, []
        if not results:
            return next(self.generator)
        if self.several:
            return self.generator.send([_outcome(result) for result in results])
        outcome = _outcome(results[0])
        return self.generator.throw(outcome) if isinstance(outcome, EffectFailed) else self.generator.send(outcome)

    def _receive(self, said: Any, cycle: int) -> None:
        self.several = isinstance(said, list | tuple)
        effects = said if self.several else [said]
        try:
            if not effects:
                raise TypeError("a suggestor may not yield an empty list")
            for effect in effects:
                _check_effect(effect)
        except Exception:
            self.generator.close()
            raise
        seat, first = self.answer.seat, self.ordinal
        self.requests = [EffectRequest(seat.number, seat.name, cycle, n, effect) for n, effect in enumerate(effects, first)]
        self.ordinal += len(effects)


def _check_effect(effect: Any) -> None:
    if not isinstance(effect, _EFFECTS):
        raise TypeError(f"a suggestor may yield effects only, not {type(effect).__name__}")
    wire.canonical([effect_to_json(effect)])  # as deep as in the digest


def _outcome(result: EffectResult) -> Any:
    """What a suggestor is given: the output, or the failure."""
    return result.output if result.error is None else EffectFailed(result.error)


def _canonical_result(result: EffectResult) -> EffectResult:
    """The result, or an error in its place if no journal could hold it."""
    try:
        wire.canonical([result.content()])
    except wire.NotCanonical as error:
        return msgspec.structs.replace(result, output=None, error=f"the result cannot be stored: {error}")
    return result


class Asking:
    """Asks the seats of a cycle, then lets those that reach out converse in batches."""

    __slots__ = ("_context", "_cycle", "_lines", "_talks", "answers")

    def __init__(self, context: Context) -> None:
        self._context = context
        self._cycle = 0
        self._talks: list[_Talk] = []
        self._lines: list[tuple[int, int, str]] = []
        self.answers: list[Answer] = []

    def ask(self, cycle: int, seats: Sequence[Seat]) -> bool:
        """Ask every seat in order, one answer each; True if some of them reach out."""
        self._cycle, self.answers, context = cycle, [], self._context
        for seat in seats:
            try:
                if seat.broken is not None:
                    raise seat.broken
                said = seat.suggestor.suggest(context)
                if type(said) is GeneratorType:
                    answer = Answer(seat, [])
                    self._talks.append(_Talk(answer, said))
                else:
                    answer = Answer(seat, _checked(said))
            except Exception as error:  # noqa: BLE001 -- one bad agent must not kill a team
                seat.broken = None
                answer = Answer(seat, [], in_words(error))
            self.answers.append(answer)
        return bool(self._talks)

    def spoken(self) -> list[ParkedProposal]:
        """All that was said, as a cycle that may have to wait keeps it."""
        spoken: list[ParkedProposal] = []
        for answer in self.answers:
            seat = answer.seat
            spoken.extend(ParkedProposal(seat.number, seat.name, proposal) for proposal in answer.proposals)
            if answer.note is not None:
                spoken.append(ParkedProposal(seat.number, seat.name, answer.note, is_note=True))
        return spoken

    def converse(
        self, spent: Spent, check: Callable[[], None], take_rows: Callable[[], list[Row]]
    ) -> Generator[EffectsWanted, list[EffectResult], None]:
        """Yield a batch of effects as long as any seat wants some, charge what they cost, and hand the results back in order.

        `check` is asked before each batch, and raises when no more may be spent.
        """
        talks, self._talks = self._talks, []
        while talks := [talk for talk in talks if talk.go_on(self._cycle)]:
            check()
            asked = [(talk, request) for talk in talks for request in talk.requests]
            results = yield EffectsWanted(take_rows(), [request for _, request in asked])
            for (talk, request), result in zip(asked, results, strict=True):
                self._record(talk, request, result)
                spent.charge(result.tokens, result.cost_microdollars, result.latency_ms)

    def _record(self, talk: _Talk, request: EffectRequest, result: EffectResult) -> None:
        result = _canonical_result(result)
        self._lines.append((request.number, request.ordinal, request.digest_line(result)))
        talk.results.append(result)

    def settle(self) -> list[str]:
        """How the effects of the cycle enter the digest, by (suggestor number, ordinal)."""
        lines, self._lines = sorted(self._lines), []
        return [line for _, _, line in lines]
