"""How a run ends: its result, and the rows that close its journal."""

import msgspec

from runs.engine.context import Context
from runs.engine.criteria import CriterionOutcome
from runs.engine.errors import AgentFailed, BudgetExhausted, Conflict, ConvergeError, EmptyProvenance, InvalidResume
from runs.engine.gates import event_row
from runs.engine.integrity import IntegrityProof
from runs.engine.state import State
from runs.engine.stopping import StopReason
from runs.engine.wire import Row

BACKEND = "converge-engine"


class ConvergeResult(msgspec.Struct, frozen=True):
    """What became of a run; also a failed one keeps its context.

    `cycles` is the number of the last cycle, the empty one included; `message` is the original's display text of the
    error, or the stop reason in words.
    """

    context: Context
    cycles: int
    stop_reason: StopReason
    integrity: IntegrityProof
    digest: str
    message: str
    error: ConvergeError | None = None
    criteria_outcomes: tuple[CriterionOutcome, ...] = ()

    @property
    def status(self) -> str:
        """converged, exhausted, failed or cancelled."""
        return self.stop_reason.status

    @property
    def converged(self) -> bool:
        """Whether nothing was left to do."""
        return self.status == "converged"

    @property
    def passed(self) -> bool:
        """Whether it converged, and met all required criteria."""
        return self.converged and all(each.counts_as_met for each in self.criteria_outcomes if each.criterion.required)


#: Errors that end a run in the middle of a cycle, which then counts.
WITHIN = (Conflict, EmptyProvenance, AgentFailed, InvalidResume)


def ending(
    state: State,
    stop: StopReason,
    error: ConvergeError | None = None,
    correlation: str = "",
    attempt: int = 1,
    criteria: tuple[CriterionOutcome, ...] = (),
) -> tuple[list[Row], ConvergeResult]:
    """Close a run where it stands: BudgetExceeded if one is spent, OutcomeRecorded, RunFinished."""
    state.ended = True
    cycles = state.cycle + 1 if state.started and isinstance(error, WITHIN) else state.cycle
    message = str(error) if error is not None else str(stop)
    result = ConvergeResult(state.context, cycles, stop, state.proof(), state.digest, message, error, criteria)
    rows = [_outcome(result, correlation), _finished(result, attempt)]
    if isinstance(error, BudgetExhausted):
        rows.insert(0, _exceeded(error, result.cycles, correlation))
    return rows, result


def _exceeded(error: BudgetExhausted, cycle: int, correlation: str) -> Row:
    data = {
        "chain_id": correlation,
        "resource": error.resource,
        "limit": str(error.limit),
        "observed": str(error.observed),
    }
    return event_row("experience", "BudgetExceeded", cycle, None, data)


def _outcome(result: ConvergeResult, correlation: str) -> Row:
    data = {
        "chain_id": correlation,
        "step": "Planning",
        "passed": result.passed,
        "stop_reason": result.stop_reason.to_json(),
        "latency_ms": None,
        "tokens": None,
        "cost_microdollars": None,
        "backend": BACKEND,
    }
    return event_row("experience", "OutcomeRecorded", result.cycles, None, data)


def _finished(result: ConvergeResult, attempt: int) -> Row:
    data = {
        "status": result.status,
        "stop_reason": result.stop_reason.to_json(),
        "message": result.message,
        "cycles": result.cycles,
        "facts": result.integrity.fact_count,
        "digest": result.digest,
        "merkle_root": result.integrity.merkle_root,
        "clock_time": result.integrity.clock_time,
    }
    if result.criteria_outcomes:
        data["criteria"] = [outcome.to_json() for outcome in result.criteria_outcomes]
    return event_row("progress", "RunFinished", result.cycles, None, data, attempt=attempt)
