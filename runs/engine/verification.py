"""Verification: every suggestor is executed again, from the seeds and the recorded effect results, and what comes out
is held against the journal. Facts are never read back; replaying, in contrast, only shows.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from runs.engine.borders import EffectsWanted, GatesOpen
from runs.engine.budget import Budget
from runs.engine.convergence import STANDARD, converge
from runs.engine.effects import EffectRequest, EffectResult
from runs.engine.ending import ending
from runs.engine.errors import Conflict
from runs.engine.facts import Proposal
from runs.engine.gates import GateDecision, GatePolicy
from runs.engine.invariants import Invariant
from runs.engine.payloads import PayloadRegistry
from runs.engine.state import State
from runs.engine.stopping import StopReason
from runs.engine.suggestor import Suggestor
from runs.engine.wire import Row, decode

Envelope = Mapping[str, Any]
Answer = Callable[[EffectRequest], EffectResult | None]
KINDS = frozenset(("FactPromoted", "ProposalValidated", "CycleParked", "CycleEnded", "BudgetExceeded", "OutcomeRecorded", "RunFinished"))
UNRECORDED = "this effect was not recorded"


class Verification(msgspec.Struct, frozen=True):
    """What a verification found: nothing (`diverged_at` is None), or the first row that does not come out again.

    `cycle` and `fact` (`KEY/id`, where it is one) name the place; `recorded` and `executed` are both sides, None where
    a side has nothing there.
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


class Recording:
    """What re-execution may take from a journal: effect results, decisions of humans, measured durations, the end."""

    def __init__(self, texts: Iterable[str]) -> None:
        """`texts` are the envelopes of a run as they stand in its journal, in the order of seq."""
        self.rows: list[tuple[str, Envelope]] = []
        self.results: dict[tuple[str, int, int], EffectResult] = {}
        self.decisions: dict[str, GateDecision] = {}
        self.correlation = ""
        self.cancelled_at: int | None = None
        self._durations: list[int] = []
        for text in texts:
            self._read(text, decode(text))
        self._laps = iter(self._durations)

    def _read(self, text: str, envelope: Envelope) -> None:
        kind, self.correlation = envelope["kind"], envelope["correlation_id"]
        if kind in KINDS:
            self.rows.append((text, envelope))
        if kind in ("CycleParked", "CycleEnded"):
            self._durations.append(envelope.get("duration_us", 0))
        elif kind == "GateDecisionRecorded":
            decision = GateDecision.from_json(envelope["event"]["data"]["decision"])
            self.decisions[decision.gate_id] = decision
        elif kind == "RunFinished" and envelope["event"]["data"]["status"] == "cancelled":
            self.cancelled_at = envelope["event"]["data"]["cycles"]
        elif envelope["family"] == "effect" and envelope["phase"] != "requested":
            name = (envelope["suggestor"], envelope["cycle"], envelope["ordinal"])
            self.results[name] = EffectResult(**envelope["result"], latency_ms=envelope.get("latency_ms", 0))

    @property
    def is_over(self) -> bool:
        """Whether the recorded run has ended."""
        return bool(self.rows) and self.rows[-1][1]["kind"] == "RunFinished"

    def lap(self) -> int:
        """The next recorded duration, in microseconds."""
        return next(self._laps, 0)

    def answer(self, request: EffectRequest) -> EffectResult | None:
        """The recorded result of an effect, found by suggestor, cycle and ordinal."""
        return self.results.get((request.name, request.cycle, request.ordinal))


def verify(
    team: Sequence[Suggestor],
    seeds: Iterable[Proposal],
    recording: Recording,
    *,
    budget: Budget | None = None,
    gates: GatePolicy | None = None,
    invariants: Sequence[Invariant] = (),
    registry: PayloadRegistry = STANDARD,
    answer: Answer | None = None,
) -> Verification:
    """Execute the run again and compare it row by row; a run that is not over is compared as far as it went.

    `answer` replaces `recording.answer`, for callers that find effects by their identity.
    """
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
        lap=recording.lap,
        cancelled=lambda: state.cycle == recording.cancelled_at,
        correlation=recording.correlation,
    )
    return _compare(recording, _executed(loop, state, recording, answer or recording.answer))


def _executed(loop: Generator[Any, Any, None], state: State, recording: Recording, answer: Answer) -> Iterator[Row]:
    """Drive the loop with what was recorded; ends where the recording lets a gate stand open."""
    sent: Any = None
    while True:
        try:
            border = loop.send(sent)
        except StopIteration:
            return
        sent = None
        yield from (row for row in border.rows if row.kind in KINDS)
        if isinstance(border, EffectsWanted):
            sent = [answer(request) or EffectResult(error=UNRECORDED) for request in border.requests]
        elif isinstance(border, GatesOpen):
            sent = [recording.decisions[gate.gate_id] for gate in border.gates if gate.gate_id in recording.decisions]
            if len(sent) < len(border.gates):
                break
    if recording.cancelled_at is not None:
        rows, _ = ending(state, StopReason.of("UserCancelled"), None, recording.correlation)
        yield from rows


def _compare(recording: Recording, executed: Iterator[Row]) -> Verification:
    for count, (text, envelope) in enumerate(recording.rows):
        row = next(executed, None)
        if row is None or not text.endswith(f"{row.body}}}"):
            return _divergence(envelope, row, count)
    row = next(executed, None) if recording.is_over else None
    return Verification(rows=len(recording.rows)) if row is None else _divergence(None, row, len(recording.rows))


def _divergence(envelope: Envelope | None, row: Row | None, rows: int) -> Verification:
    """Name the place: the earlier cycle of the two sides, and the fact that either is about."""
    again = None if row is None else decode(f"{{{row.body}}}")
    sides = [side for side in (envelope, again) if side is not None]
    cycle = min(side["cycle"] for side in sides)
    facts = (side.get("fact") or side.get("proposal") for side in sides if side["cycle"] == cycle)
    fact = next((f"{one['key']}/{one['id']}" for one in facts if one), None)
    return Verification(cycle, fact, _content(envelope), _content(again), rows)


def _content(side: Envelope | None) -> Any:
    if side is None:
        return None
    return side.get("fact") or side.get("proposal") or side["event"]
