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
from runs.engine.criteria import Criterion, evaluated, finalised
from runs.engine.eligibility import Eligibility, Seat, seats_of
from runs.engine.ending import ending
from runs.engine.errors import AgentFailed, ConvergeError, EmptyProvenance
from runs.engine.events import ExperienceEvent, ExperienceEventKind, ExperienceEventObserver, Listeners, StreamingCallback
from runs.engine.facts import CONTEXT_INPUT, ContextKey, Payload, Proposal
from runs.engine.gates import GateDecision, GatePolicy, Parked, decision_row, event_row
from runs.engine.invariants import Invariant, InvariantClass, check_invariants
from runs.engine.limits import check_limits, cycles_exhausted
from runs.engine.merge import STAGED, Merge
from runs.engine.parking import park
from runs.engine.payloads import WHITE_SPACE, PayloadRegistry
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
    criteria: Sequence[Criterion]
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
    criteria: Sequence[Criterion] = (),
    correlation: str = "",
    attempt: int = 1,
) -> Generator[Border, Any, None]:
    """Run `team` over `state` (which it changes) until the run is over; never raises for what a run can meet.

    Every border carries the rows since the last one. After `EffectsWanted` send one `EffectResult` per request, in
    order; after `GatesOpen` decisions. `lap` returns the microseconds of engine time since it was last called and is
    called once a cycle; `cancelled` is asked at the head of each cycle. `correlation` names the run in its events.
    """
    terms = Terms(budget or Budget(), gates, invariants, registry, lap, cancelled, observer, streaming, criteria, correlation, attempt)
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
        self.seats = seats_of(team, state.failures)
        self.listeners = Listeners(terms.observer, terms.streaming)
        hear = self.listeners.hear_merged if terms.observer or terms.streaming else None
        self.merging = Merge(state, terms.registry, terms.correlation, terms.attempt, hear)
        self.asking = Asking(state.context)
        self.effects: list[str] = []
        self.metered = terms.budget.is_metered
        self.checked = bool(terms.invariants)
        self.cycle = state.cycle

    def turn(self) -> Generator[Border, Any, None]:
        state, asking, merging = self.state, self.asking, self.merging
        if not state.started:
            yield self._promote_seeds()
        else:
            self._row("RunResumed", state.cycle, {"attempt": self.terms.attempt})
        self.eligibility = merging.eligibility = Eligibility(self.seats, state.context)
        while True:
            self.cycle = state.cycle + 1
            if state.parked is None:
                stop = self._settled()
                seats = [] if stop else self._begin_cycle()
                if not seats:
                    yield self.finish(stop or self._end_idle_cycle())
                    return
                self.effects = []
                if asking.ask(self.cycle, seats):
                    yield from asking.converse(state.spent, self._check_spent, merging.take_rows)
                    self.effects = asking.settle()
                self._take_answers()
            while state.parked is not None and state.parked.open_gates:
                decisions = yield GatesOpen(merging.take_rows(), state.parked.open_gates)
                if not decisions:
                    return
                self._decide(state.parked, decisions)
            yield self._merge_cycle()

    def _row(self, kind: str, cycle: int, data: dict[str, Any], suggestor: str | None = None, **beside: Any) -> None:
        row = event_row("progress", kind, cycle, suggestor, data, attempt=self.terms.attempt, **beside)
        self.merging.rows.append(row)

    # -- seeds ----------------------------------------------------------------------------------------------------

    def _promote_seeds(self) -> CycleMerged:
        seeds = self.state.context.drain_proposals()
        names = [seat.name for seat in self.seats]
        reads = [list(seat.keys) for seat in self.seats]
        self._row("RunStarted", 0, {"suggestors": names, "reads": reads, "seeds": len(seeds)})
        already = self.state.context.keys()
        for seed in seeds:
            self.merging.promote(seed, CONTEXT_INPUT, None, STAGED)
        self.state.started = True
        return self._close_cycle(already)

    # -- the head of the loop -------------------------------------------------------------------------------------

    def _settled(self) -> StopReason | None:
        """The checks that follow a merge; they do not apply to cycle 0."""
        state, terms = self.state, self.terms
        if state.cycle > 0:
            if self.checked:
                self._check(InvariantClass.STRUCTURAL)
            if not state.dirty:
                self._check(InvariantClass.ACCEPTANCE)
                return StopReason.of("Converged")
            if self.checked:
                self._check(InvariantClass.SEMANTIC)
            if self.metered or state.context.size > terms.budget.max_facts:
                check_limits(terms.budget, state)
        return StopReason.of("UserCancelled") if terms.cancelled() else None

    def _check_spent(self) -> None:
        """Asked before each batch of effects: nothing is started once a limit is reached."""
        if self.metered:
            check_limits(self.terms.budget, self.state, least=0)

    def _check(self, kind: InvariantClass) -> None:
        check_invariants(self.terms.invariants, kind, self.state.context, self.merging.note)

    def _begin_cycle(self) -> list[Seat]:
        cycle, terms, state = self.cycle, self.terms, self.state
        if terms.streaming:
            self.listeners.begin(cycle)
        if cycle > terms.budget.max_cycles:
            raise cycles_exhausted(terms.budget.max_cycles)
        context, seats = state.context, []
        for seat in self.eligibility.candidates(state.dirty):
            if not seat.asks or seat.accepts(context):
                seats.append(seat)  # noqa: PERF401 -- a comprehension costs a call in every cycle
        count = len(seats)
        self.merging.rows.append(Row("progress", "CycleStarted", cycle, None, wire.cycle_started(cycle, count), terms.attempt, (count,)))
        return seats

    def _end_idle_cycle(self) -> StopReason:
        """Nobody has anything to say: the cycle counts, and the run has converged."""
        self.merging.begin(self.cycle, [])
        self.merging.rows = self._close_cycle().rows
        self._check(InvariantClass.ACCEPTANCE)
        return StopReason.of("Converged")

    # -- the answers ----------------------------------------------------------------------------------------------

    def _take_answers(self) -> None:
        """Journal who said what, refuse blank provenance, and park the cycle if humans must be asked."""
        rows, cycle, attempt = self.merging.rows, self.cycle, self.terms.attempt
        for answer in self.asking.answers:
            seat, proposals = answer.seat, answer.proposals
            if answer.error is not None:
                self._take_failure(answer, seat, answer.error)
                continue
            count = len(proposals)
            body = wire.suggestor_finished(cycle, seat.json_name, count)
            rows.append(Row("progress", "SuggestorFinished", cycle, seat.name, body, attempt, (count,)))
            for proposal in proposals:
                if not proposal.provenance.strip(WHITE_SPACE):
                    raise EmptyProvenance(seat.name)
        if self.terms.gates is not None:
            self._park(self.terms.gates)

    def _take_failure(self, answer: Answer, seat: Seat, error: str) -> None:
        seat.failures += 1
        if seat.benched:
            self.eligibility.bench(seat)
        self.state.failures[seat.number] = seat.failures
        data = {"proposals": 0, "error": error, "number": seat.number, "failures": seat.failures}
        self._row("SuggestorFinished", self.cycle, data, seat.name)
        if seat.suggestor.on_error == "fail":
            raise AgentFailed(seat.name, error)
        answer.note = Proposal(
            ContextKey.DIAGNOSTIC,
            f"suggestor-error:{seat.name}:{seat.failures}",
            Payload.diagnostic_of(seat.name, error),
            "converge-core",
        )

    # -- gates ----------------------------------------------------------------------------------------------------

    def _park(self, policy: GatePolicy) -> None:
        """Park the cycle if humans must be asked."""
        parked = park(policy, self.state, self.cycle, self.terms.registry, self.asking.spoken())
        if parked is None:
            return
        self.state.parked = parked
        self.state.parked_effects = self.effects
        duration = self.terms.lap()
        self.state.spent.microseconds += duration
        self._row("CycleParked", self.cycle, parked.to_json(self.effects), duration_us=duration)
        self.merging.rows.extend(gate.row(self.terms.attempt) for gate in parked.gates)

    def _decide(self, parked: Parked, decisions: Sequence[GateDecision]) -> None:
        for decision in decisions:
            row = decision_row(parked.decide(decision), decision)
            self.merging.rows.append(row)
            if row.data is not None:
                self.listeners.hear(ExperienceEvent(ExperienceEventKind.GATE_DECISION_RECORDED, row.data))

    # -- the merge ------------------------------------------------------------------------------------------------

    def _merge_cycle(self) -> CycleMerged:
        merging, parked = self.merging, self.state.parked
        if parked is None:
            merging.begin(self.cycle, self.effects)
            merging.take(self.asking.answers)
        else:
            merging.begin(self.cycle, self.state.parked_effects)
            self._merge_parked(parked)
        return self._close_cycle()

    def _merge_parked(self, parked: Parked) -> None:
        for item in parked.proposals:
            if item.gate_id is None:
                self.merging.take_parked(item)
            else:
                self.merging.take_decided(item, parked.decisions[item.gate_id])
        self.state.parked, self.state.parked_effects = None, []

    def _close_cycle(self, already: Sequence[ContextKey] = ()) -> CycleMerged:
        """End a cycle: its rows, its digest, and the state as the next one finds it."""
        border = self.merging.close(self.terms.lap(), already)
        if self.terms.streaming and border.cycle > 0:
            self.listeners.end(border.cycle, border.facts_added)
        return border

    # -- the end --------------------------------------------------------------------------------------------------

    def finish(self, stop: StopReason, error: ConvergeError | None = None) -> Finished:
        """End the run with whatever it has, also in the middle of a merge. What people cancelled is not measured by criteria."""
        state, merging = self.state, self.merging
        if merging.lines:
            merging.chain()
        criteria = () if stop.kind == "UserCancelled" else evaluated(self.terms.criteria, state.context)
        if criteria and stop.kind == "Converged":
            stop = finalised(criteria)
        rows, result = ending(state, stop, error, self.terms.correlation, self.terms.attempt, criteria)
        for row in rows:
            if row.family == "experience" and row.data is not None:
                self.listeners.hear(ExperienceEvent(ExperienceEventKind(row.kind), row.data))
        return Finished(self.merging.take_rows() + rows, result)
