"""The loop: eligible suggestors speak, the merge makes facts, until nothing changes or a limit is met.

`converge` is a generator that stops at its borders, so that whoever drives it can answer effects, commit, wait for
humans, cancel, or let go and come back with a `State` rebuilt from the journal. The checks that follow a merge stand
at the head of the loop: beginning and going on are one path.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Any

import msgspec

from runs.engine import wire
from runs.engine.asking import Answer, Asking
from runs.engine.borders import Border, CycleMerged, Finished, GatesOpen
from runs.engine.budget import Budget
from runs.engine.eligibility import Eligibility, Seat
from runs.engine.ending import ending
from runs.engine.errors import AgentFailed, BudgetExhausted, ConvergeError, EmptyProvenance
from runs.engine.events import ExperienceEvent, ExperienceEventKind, ExperienceEventObserver, StreamingCallback
from runs.engine.facts import CONTEXT_INPUT, ContextKey, Fact, Payload, Proposal
from runs.engine.gates import GateDecision, GatePolicy, Parked, ParkedProposal, decision_row, event_row
from runs.engine.invariants import Invariant, InvariantClass, check_invariants
from runs.engine.limits import check_limits
from runs.engine.merge import STAGED, Merge
from runs.engine.parking import park
from runs.engine.payloads import PayloadRegistry, is_blank
from runs.engine.state import State
from runs.engine.stopping import StopReason
from runs.engine.suggestor import Suggestor
from runs.engine.wire import Row

STANDARD = PayloadRegistry.standard()


class Terms(msgspec.Struct, frozen=True):
    """The conditions of a run; what they mean stands at `converge`."""

    budget: Budget
    gates: GatePolicy | None
    invariants: Sequence[Invariant]
    registry: PayloadRegistry
    lap: Callable[[], int]
    cancelled: Callable[[], bool]
    observer: ExperienceEventObserver | None
    streaming: StreamingCallback | None
    correlation: str
    attempt: int


def converge(
    team: Sequence[Suggestor],
    state: State,
    *,
    budget: Budget | None = None,
    gates: GatePolicy | None = None,
    invariants: Sequence[Invariant] = (),
    registry: PayloadRegistry = STANDARD,
    lap: Callable[[], int] = lambda: 0,
    cancelled: Callable[[], bool] = lambda: False,
    observer: ExperienceEventObserver | None = None,
    streaming: StreamingCallback | None = None,
    correlation: str = "",
    attempt: int = 1,
) -> Generator[Border, Any, None]:
    """Run `team` over `state` (which it changes) until the run is over; never raises for what a run can meet.

    Every border carries the rows since the last one. After `EffectsWanted` send one `EffectResult` per request, in
    order; after `GatesOpen` decisions. `lap` returns the microseconds of engine time since it was last called and is
    called once a cycle; `cancelled` is asked at the head of each cycle. `correlation` names the run in its events.
    """
    terms = Terms(budget or Budget(), gates, invariants, registry, lap, cancelled, observer, streaming, correlation, attempt)
    loop = _Loop(team, state, terms)
    try:
        yield from loop.turn()
    except ConvergeError as error:
        yield loop.finish(error.stop_reason, error)


class _Loop:
    """One pass of `converge` over a state."""

    def __init__(self, team: Sequence[Suggestor], state: State, terms: Terms) -> None:
        self.state = state
        self.terms = terms
        self.rows: list[Row] = []
        self.seats = [Seat(number, one, state.failures.get(number, 0)) for number, one in enumerate(team)]
        self.hear = self._hear if terms.observer or terms.streaming else None
        self.merging = self._merge(state.cycle)
        self.effects: list[str] = []

    def turn(self) -> Generator[Border, Any, None]:
        if not self.state.started:
            yield self._promote_seeds()
        else:
            self._row("RunResumed", self.state.cycle, {"attempt": self.terms.attempt})
        self.eligibility = Eligibility(self.seats, self.state.context)
        while True:
            if self.state.parked is None:
                stop = self._settled()
                seats = [] if stop else self._begin_cycle()
                if not seats:
                    yield self.finish(stop or self._end_idle_cycle())
                    return
                asking = Asking(self.state.context, self._cycle)
                answers = yield from asking.hear_all(seats, self._take_rows)
                self._take(asking, answers)
            while self.state.parked and self.state.parked.open_gates:
                decisions = yield GatesOpen(self._take_rows(), self.state.parked.open_gates)
                if not decisions:
                    return
                self._decide(self.state.parked, decisions)
            yield self._merge_cycle()

    @property
    def _cycle(self) -> int:
        return self.state.cycle + 1

    def _merge(self, cycle: int) -> Merge:
        return Merge(self.state, cycle, self.terms.registry, self.terms.correlation, self.hear)

    def _take_rows(self) -> list[Row]:
        rows, self.rows = self.rows, []
        return rows

    def _row(self, kind: str, cycle: int, data: dict[str, Any], suggestor: str | None = None, **beside: Any) -> None:
        row = event_row("progress", kind, cycle, suggestor, data, attempt=self.terms.attempt, **beside)
        self.rows.append(row)

    # -- seeds ----------------------------------------------------------------------------------------------------

    def _promote_seeds(self) -> CycleMerged:
        seeds = self.state.context.drain_proposals()
        names = [seat.name for seat in self.seats]
        self._row("RunStarted", 0, {"suggestors": names, "seeds": len(seeds)})
        already = self.state.context.keys()
        for seed in seeds:
            self.merging.promote(seed, CONTEXT_INPUT, None, STAGED)
        self.state.started = True
        return self._close_cycle(self.merging.dirty or already)

    # -- the head of the loop -------------------------------------------------------------------------------------

    def _settled(self) -> StopReason | None:
        """The checks that follow a merge; they do not apply to cycle 0."""
        if self.state.cycle > 0:
            self._check(InvariantClass.STRUCTURAL)
            if not self.state.dirty:
                self._check(InvariantClass.ACCEPTANCE)
                return StopReason.of("Converged")
            self._check(InvariantClass.SEMANTIC)
            check_limits(self.terms.budget, self.state)
        return StopReason.of("UserCancelled") if self.terms.cancelled() else None

    def _check(self, kind: InvariantClass) -> None:
        if self.terms.invariants:
            check_invariants(self.terms.invariants, kind, self.state.context, self.merging.note)

    def _begin_cycle(self) -> list[Seat]:
        cycle = self._cycle
        if self.terms.streaming:
            self.terms.streaming.on_cycle_start(cycle)
        limit = self.terms.budget.max_cycles
        if cycle > limit:
            stop = StopReason.of("CycleBudgetExhausted", cycles_executed=limit, limit=limit)
            raise BudgetExhausted(f"max_cycles ({limit})", "Cycles", stop, limit, limit)
        seats = [seat for seat in self.eligibility.candidates(self.state.dirty) if self._accepts(seat)]
        body = wire.cycle_started(cycle, len(seats))
        self.rows.append(Row("progress", "CycleStarted", cycle, None, body, self.terms.attempt, data={"eligible": len(seats)}))
        return seats

    def _accepts(self, seat: Seat) -> bool:
        try:
            return seat.suggestor.accepts(self.state.context)
        except Exception as error:  # noqa: BLE001 -- one bad agent must not kill a team
            seat.broken = error
            return True

    def _end_idle_cycle(self) -> StopReason:
        """Nobody has anything to say: the cycle counts, and the run has converged."""
        self.merging = self._merge(self._cycle)
        self.rows = self._close_cycle([]).rows
        self._check(InvariantClass.ACCEPTANCE)
        return StopReason.of("Converged")

    # -- the answers ----------------------------------------------------------------------------------------------

    def _take(self, asking: Asking, answers: list[Answer]) -> None:
        """Journal who said what, refuse blank provenance, and park the cycle if humans must be asked."""
        spent = self.state.spent
        spent.tokens += asking.tokens
        spent.cost_microdollars += asking.cost_microdollars
        spent.microseconds += asking.latency_ms * 1000
        self.effects = asking.digest_lines()
        self.spoken: list[ParkedProposal] = []
        for answer in answers:
            if answer.error is None:
                self._take_proposals(answer)
            else:
                self._take_failure(answer, answer.error)
        if self.terms.gates is not None:
            parked = park(self.terms.gates, self.state, self._cycle, self.terms.registry, self.spoken)
            if parked is not None:
                self._park(parked)

    def _take_proposals(self, answer: Answer) -> None:
        seat, cycle = answer.seat, self._cycle
        proposed = len(answer.proposals)
        body, data = wire.suggestor_finished(cycle, seat.json_name, proposed), {"proposals": proposed}
        self.rows.append(Row("progress", "SuggestorFinished", cycle, seat.name, body, self.terms.attempt, data=data))
        for proposal in answer.proposals:
            if is_blank(proposal.provenance):
                raise EmptyProvenance(seat.name)
            self.spoken.append(ParkedProposal(seat.number, seat.name, proposal))

    def _take_failure(self, answer: Answer, error: str) -> None:
        seat = answer.seat
        seat.failures += 1
        self.state.failures[seat.number] = seat.failures
        data = {"proposals": 0, "error": error, "number": seat.number, "failures": seat.failures}
        self._row("SuggestorFinished", self._cycle, data, seat.name)
        if seat.suggestor.on_error == "fail":
            raise AgentFailed(seat.name, error)
        note = Proposal(
            ContextKey.DIAGNOSTIC,
            f"suggestor-error:{seat.name}:{seat.failures}",
            Payload.diagnostic_of(seat.name, error),
            "converge-core",
        )
        self.spoken.append(ParkedProposal(seat.number, seat.name, note, is_note=True))

    # -- gates ----------------------------------------------------------------------------------------------------

    def _park(self, parked: Parked) -> None:
        self.state.parked = parked
        self.state.parked_effects = self.effects
        duration = self.terms.lap()
        self.state.spent.microseconds += duration
        self._row("CycleParked", self._cycle, parked.to_json(self.effects), duration_us=duration)
        self.rows.extend(gate.row() for gate in parked.gates)

    def _decide(self, parked: Parked, decisions: Sequence[GateDecision]) -> None:
        for decision in decisions:
            row = decision_row(parked.decide(decision), decision)
            self.rows.append(row)
            if self.terms.observer and row.data is not None:
                kind = ExperienceEventKind.GATE_DECISION_RECORDED
                self.terms.observer.on_event(ExperienceEvent(kind, row.data))

    # -- the merge ------------------------------------------------------------------------------------------------

    def _merge_cycle(self) -> CycleMerged:
        state, parked = self.state, self.state.parked
        self.merging = merging = self._merge(self._cycle)
        merging.eligibility = self.eligibility
        merging.lines.extend(state.parked_effects if parked else self.effects)
        for item in parked.proposals if parked else self.spoken:
            merging.take(item, parked.decisions.get(item.gate_id) if parked and item.gate_id else None)
        state.parked, state.parked_effects, self.effects = None, [], []
        return self._close_cycle(merging.dirty)

    def _close_cycle(self, dirty: list[ContextKey]) -> CycleMerged:
        """End a cycle: its rows, its digest, and the state as the next one finds it."""
        merging, duration = self.merging, self.terms.lap()
        self.rows.extend(merging.close(dirty, duration, self.terms.attempt))
        if self.terms.streaming and merging.cycle > 0:
            self.terms.streaming.on_cycle_end(merging.cycle, merging.added)
        return CycleMerged(self._take_rows(), merging.cycle, merging.added, dirty, self.state.digest)

    # -- the end --------------------------------------------------------------------------------------------------

    def finish(self, stop: StopReason, error: ConvergeError | None = None) -> Finished:
        """End the run with whatever it has, also in the middle of a merge."""
        state, merging = self.state, self.merging
        if merging.lines:
            self.rows.extend(merging.chain())
        rows, result = ending(state, stop, error, self.terms.correlation, self.terms.attempt)
        if self.terms.observer:
            for row in rows:
                if row.family == "experience" and row.data is not None:
                    self.terms.observer.on_event(ExperienceEvent(ExperienceEventKind(row.kind), row.data))
        return Finished(self._take_rows() + rows, result)

    def _hear(self, fact: Fact, reason: str) -> None:
        if self.terms.streaming:
            self.terms.streaming.on_fact(fact.cycle, fact)
        if self.terms.observer:
            data = {"proposal_id": fact.id, "fact_id": fact.id, "promoted_by": fact.span, "reason": reason}
            event = ExperienceEvent(ExperienceEventKind.FACT_PROMOTED, data | {"requires_human": bool(fact.approver)})
            self.terms.observer.on_event(event)
