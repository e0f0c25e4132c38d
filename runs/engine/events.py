"""Experience events: the original's fourteen kinds, and who may listen to them."""

import logging
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Protocol

import msgspec

from runs.engine.facts import Fact
from runs.engine.wire import Row


class ExperienceEventKind(StrEnum):
    """The kinds of family `experience`; what nothing here emits is kept as opaque JSON."""

    PROPOSAL_CREATED = "ProposalCreated"
    PROPOSAL_VALIDATED = "ProposalValidated"
    FACT_PROMOTED = "FactPromoted"
    RECALL_EXECUTED = "RecallExecuted"
    REPLAY_TRACE_RECORDED = "ReplayTraceRecorded"
    REPLAYABILITY_DOWNGRADED = "ReplayabilityDowngraded"
    ARTIFACT_STATE_TRANSITIONED = "ArtifactStateTransitioned"
    ARTIFACT_ROLLBACK_RECORDED = "ArtifactRollbackRecorded"
    BACKEND_INVOKED = "BackendInvoked"
    OUTCOME_RECORDED = "OutcomeRecorded"
    BUDGET_EXCEEDED = "BudgetExceeded"
    POLICY_SNAPSHOT_CAPTURED = "PolicySnapshotCaptured"
    HYPOTHESIS_RESOLVED = "HypothesisResolved"
    GATE_DECISION_RECORDED = "GateDecisionRecorded"


class ExperienceEvent(msgspec.Struct, frozen=True):
    """`{"type": …, "data": {…}}`."""

    type: ExperienceEventKind
    data: dict[str, Any]


def merge_event(row: Row, reason: str) -> ExperienceEvent:
    """The event of a row of a merge: FactPromoted, or the ProposalValidated of what was refused."""
    fact = row.fact
    if fact is None:
        data = {name: value for name, value in (row.data or {}).items() if name != "proposal"}
        return ExperienceEvent(ExperienceEventKind(row.kind), data)
    data = {"proposal_id": fact.id, "fact_id": fact.id, "promoted_by": fact.span, "reason": reason}
    return ExperienceEvent(ExperienceEventKind.FACT_PROMOTED, data | {"requires_human": fact.approver is not None})


class ExperienceEventObserver(Protocol):
    """Hears every experience event of a run, after it happened. What it raises is logged, and changes nothing in the run."""

    def on_event(self, event: ExperienceEvent) -> None:
        """Take the event."""


class StreamingCallback(Protocol):
    """Follows the loop itself. What it raises is logged, and changes nothing in the run."""

    def on_cycle_start(self, cycle: int) -> None:
        """A cycle begins."""

    def on_fact(self, cycle: int, fact: Fact) -> None:
        """A fact was promoted (cycle 0: a seed)."""

    def on_cycle_end(self, cycle: int, facts_added: int) -> None:
        """A cycle was merged."""


class Listeners:
    """The observer and the callback of a run, which may fail without anybody else noticing; the first failure is logged."""

    __slots__ = ("_failed", "observer", "streaming")

    def __init__(self, observer: ExperienceEventObserver | None, streaming: StreamingCallback | None) -> None:
        self.observer, self.streaming = observer, streaming
        self._failed = False

    def hear(self, event: ExperienceEvent) -> None:
        """Tell the observer."""
        if self.observer:
            self._tell(self.observer.on_event, event)

    def hear_merged(self, row: Row, reason: str) -> None:
        """Tell both what a merge did."""
        if self.observer:
            self._tell(self.observer.on_event, merge_event(row, reason))
        if self.streaming and row.fact is not None:
            self._tell(self.streaming.on_fact, row.fact.cycle, row.fact)

    def begin(self, cycle: int) -> None:
        """Tell the callback that a cycle begins."""
        if self.streaming:
            self._tell(self.streaming.on_cycle_start, cycle)

    def end(self, cycle: int, facts_added: int) -> None:
        """Tell the callback that a cycle was merged."""
        if self.streaming:
            self._tell(self.streaming.on_cycle_end, cycle, facts_added)

    def _tell(self, listen: Callable[..., None], *told: Any) -> None:
        try:
            listen(*told)
        except Exception:  # whoever listens has no part in the run
            if not self._failed:
                logging.getLogger(__name__).exception("a listener of the run failed")
            self._failed = True
