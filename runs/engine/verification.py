"""Verification: every suggestor is executed again, from the seeds and the recorded effect results, and what comes out
is held against the journal. Facts are never read back; replaying, in contrast, only shows.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from runs.engine.borders import EffectsWanted, GatesOpen
from runs.engine.budget import Budget
from runs.engine.convergence import STANDARD, converge
from runs.engine.criteria import Criterion
from runs.engine.effects import EffectRequest, EffectResult, effect_to_json
from runs.engine.ending import ending
from runs.engine.errors import Conflict
from runs.engine.facts import Proposal
from runs.engine.gates import GateDecision, GatePolicy, decision_row
from runs.engine.invariants import Invariant
from runs.engine.payloads import PayloadRegistry
from runs.engine.questioning import questioned_again
from runs.engine.recording import CONTENT, Envelope, Recording
from runs.engine.state import State
from runs.engine.stopping import StopReason
from runs.engine.suggestor import Suggestor
from runs.engine.wire import Row, decode, storable

Recognise = Callable[[EffectRequest, Envelope], bool]
UNRECORDED = "this effect was not recorded"


class Verification(msgspec.Struct, frozen=True):
    """What a verification found: nothing (`cycle` is None), or the first row that does not come out again.

    `cycle` and `fact` (`KEY/id`, where it is one) name the place; `recorded` and `executed` are both sides, None where
    a side has nothing there. `rows` is the number of rows that came out again.
    """

    cycle: int | None = None
    fact: str | None = None
    recorded: Any = None
    executed: Any = None
    rows: int = 0

    @property
    def verified(self) -> bool:
        """Whether the run came out again, row by row."""
        return self.cycle is None

    def __str__(self) -> str:
        if self.verified:
            return "verified"
        return f"diverged at cycle {self.cycle}" + (f", fact {self.fact}" if self.fact else "")


def same_effect(request: EffectRequest, recorded: Envelope) -> bool:
    """Whether a recorded effect is the one that is asked for again."""
    return bool(effect_to_json(request.effect) == recorded["effect"])


def verify(
    team: Sequence[Suggestor],
    seeds: Iterable[Proposal],
    recording: Recording,
    *,
    budget: Budget | None = None,
    gates: GatePolicy | None = None,
    invariants: Sequence[Invariant] = (),
    registry: PayloadRegistry = STANDARD,
    criteria: Sequence[Criterion] = (),
    recognise: Recognise = same_effect,
) -> Verification:
    """Execute the run again and compare it row by row; a run that is not over is compared as far as it went.

    What was merged (facts, refusals, digests, endings) is told before what only led there. `recognise` tells whether a
    recorded effect is the one asked for, for callers whose journals do not hold every input in the clear.
    """
    if recording.is_cancelled and not recording.began:
        return compare_ending(recording, StopReason.of("UserCancelled"))
    try:
        state = State.fresh(seeds)
    except Conflict as conflict:
        return Verification(0, None, None, str(conflict))
    loop = converge(
        team,
        state,
        budget=budget,
        gates=gates,
        invariants=invariants,
        registry=registry,
        criteria=criteria,
        lap=recording.lap,
        cancelled=lambda: recording.is_cancelled_after(state.cycle),
        correlation=recording.correlation,
    )
    again = _Again(recording, recognise, gates or GatePolicy())
    return again.compare(again.executed(loop, state))


def compare_ending(recording: Recording, stop: StopReason) -> Verification:
    """Hold a run that could not even begin against its journal, which should hold nothing but that end."""
    rows, _ = ending(State.fresh(), stop, None, recording.correlation)
    return _Again(recording).compare(iter(rows))


class _Again:
    """A run that is executed again beside its recording."""

    def __init__(self, recording: Recording, recognise: Recognise = same_effect, policy: GatePolicy | None = None) -> None:
        self.recording = recording
        self.recognise = recognise
        self.policy = policy or GatePolicy()
        self.steps = iter(recording.steps)
        self.astray: Verification | None = None

    def executed(self, loop: Generator[Any, Any, None], state: State) -> Iterator[Row]:
        """Drive the loop with what was recorded; ends where the recording lets a gate stand open."""
        recording = self.recording
        sent: Any = None
        while True:
            try:
                border = loop.send(sent)
            except StopIteration:
                break
            except Exception as error:  # noqa: BLE001 -- as in the run itself: the engine's own fault ends it in words
                message = storable(f"{type(error).__name__}: {error}")
                yield from ending(state, StopReason.of("Error", message=message, category="Internal"), None, recording.correlation)[0]
                break
            yield from border.rows
            sent = None
            if isinstance(border, EffectsWanted):
                sent = [self._answer(request, state.clock) for request in border.requests]
            elif isinstance(border, GatesOpen):
                sent = recording.decisions_on(border.gates)
                sent = yield from self._left_undone(state, sent)
                if not sent:
                    break
        self._find_leftovers(state)
        if recording.is_cancelled and not state.ended:
            yield from ending(state, StopReason.of("UserCancelled"), None, recording.correlation)[0]

    def _left_undone(self, state: State, decisions: list[GateDecision]) -> Generator[Row, None, list[GateDecision]]:
        """What was said about a cycle that was cancelled before it was merged is told, and not acted upon."""
        if not self.recording.is_cancelled_unmerged or state.parked is None:
            return decisions
        for decision in decisions:
            yield decision_row(state.parked.decide(decision), decision)
        return []

    def _answer(self, request: EffectRequest, clock: int) -> EffectResult:
        """The recorded result of the effect, found by suggestor, cycle and ordinal."""
        name = (request.name, request.cycle, request.ordinal)
        recorded = self.recording.effects.pop(name, None)
        if recorded is None:
            return EffectResult(error=UNRECORDED)
        for envelope in recorded:
            if self.astray is None and not self.recognise(request, envelope):
                self.astray = Verification(request.cycle, None, envelope["effect"], effect_to_json(request.effect))
        last = recorded[-1]
        self._question_again(request, self.recording.questions.get(name, ()), last, clock)
        if "result" not in last:
            return EffectResult(error=UNRECORDED)
        return EffectResult(**last["result"], latency_ms=last.get("latency_ms", 0))

    def _question_again(self, request: EffectRequest, texts: Sequence[str], effect: Envelope, clock: int) -> None:
        """Hold what people were asked about the effect, and what they said, against what they should have been asked and it came to."""
        for text, wanted in questioned_again(request, texts, effect, self.policy, clock):
            if self.astray is None and not (isinstance(wanted, Row) and _is_sealed_from(text, wanted)):
                executed = decode(f"{{{wanted.body}}}")["event"] if isinstance(wanted, Row) else wanted
                self.astray = Verification(request.cycle, None, decode(text)["event"], executed)

    def _find_leftovers(self, state: State) -> None:
        """Effects of merged cycles that nobody asked for again."""
        left = [recorded[0] for (_, cycle, _), recorded in self.recording.effects.items() if cycle <= state.cycle]
        if left and self.astray is None:
            self.astray = Verification(left[0]["cycle"], None, left[0]["effect"], None)

    def compare(self, executed: Iterator[Row]) -> Verification:
        """Both sides, row by row: what was merged decides, and what led there is remembered."""
        recording, count = self.recording, 0
        for text in recording.content:
            row = self._next(executed)
            if row is None or not _is_sealed_from(text, row):
                return _divergence(decode(text), row, count)
            count += 1
        if recording.is_over:
            row = self._next(executed)
            if row is not None:
                return _divergence(None, row, count)
            step = next(self.steps, None)
            if step is not None and self.astray is None:
                self.astray = _divergence(decode(step), None, count)
        else:
            self._hold_rest(executed)
        return self.astray or Verification(rows=count + len(recording.steps))

    def _hold_rest(self, executed: Iterator[Row]) -> None:
        """Steps of a cycle that is not merged yet."""
        for text in self.steps:
            row = next(executed, None) if self.astray is None else None
            if row is None or row.kind in CONTENT or not _is_sealed_from(text, row):
                self.astray = self.astray or _divergence(decode(text), row, 0)

    def _next(self, executed: Iterator[Row]) -> Row | None:
        """The next row of the content; the steps that lead there are held against theirs in passing."""
        for row in executed:
            if row.kind in CONTENT:
                return row
            if self.astray is None and row.kind != "RunResumed":
                text = next(self.steps, None)
                if text is None or not _is_sealed_from(text, row):
                    self.astray = _divergence(None if text is None else decode(text), row, 0)
        return None


def _is_sealed_from(text: str, row: Row) -> bool:
    """Whether the envelope is the row and a head, with nothing between."""
    return text.endswith(f"{row.body}}}") and text.find('"family":') == len(text) - len(row.body) - 1


def _divergence(envelope: Envelope | None, row: Row | None, rows: int) -> Verification:
    """Name the place: the earlier cycle of the two sides, and the fact that either is about."""
    again = None if row is None else decode(f"{{{row.body}}}")
    sides = [side for side in (envelope, again) if side is not None]
    cycle = min(side["cycle"] for side in sides)
    facts = (side.get("fact") or side.get("proposal") for side in sides if side["cycle"] == cycle)
    fact = next((f"{one['key']}/{one['id']}" for one in facts if one), None)
    return Verification(cycle, fact, _content(envelope), _content(again), rows)


def _content(side: Mapping[str, Any] | None) -> Any:
    if side is None:
        return None
    return side.get("fact") or side.get("proposal") or side["event"]
