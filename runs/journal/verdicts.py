"""Closing gates of a run that waits. While it waits nobody holds a lease: whoever decides appends, under the row lock."""

from collections.abc import Sequence

from django.utils import timezone

from runs.engine.facts import Payload
from runs.engine.gates import APPROVE, REJECT, GateDecision, Parked, decision_row, event_row
from runs.engine.wire import Row, decode
from runs.journal.append import append
from runs.models import Gate, Run, RunStatus


def locked(run_id: int) -> Run:
    """The run, its row locked until the end of the transaction."""
    return Run.objects.select_for_update(of=("self",)).select_related("tenant").get(pk=run_id)


def record_voice(run: Run, gate: Gate, *, verdict: str, by: str, reason: str | None) -> None:
    """Journal one voice of a quorum that is not complete yet."""
    append(run, [(timezone.now(), [voice_row(gate, verdict, by, reason)])])


def record_decision(run: Run, gate: Gate, decision: GateDecision, *, before: Sequence[Row] = ()) -> None:
    """Close a gate; when it was the last one of its cycle, the run is queued again. Raises `InvalidResume`."""
    parked = _parked(run, gate.cycle)
    row = decision_row(parked.decide(decision), decision)
    status = RunStatus.WAITING if parked.open_gates else RunStatus.QUEUED
    append(run, [(timezone.now(), [*before, row])], columns={"status": status})


def record_escalation(run: Run, gate: Gate, seconds: int) -> None:
    """Put a gate that expired before the admins, with a new deadline."""
    append(run, [(timezone.now(), [expiry_row(gate, "escalate", seconds)])])


def decision_of(gate: Gate, *, verdict: str, by: str, reason: str | None = None, edit: Payload | None = None) -> GateDecision:
    """What the engine is told; `verdict` is `approve` or `reject`."""
    assert verdict in (APPROVE, REJECT)
    return GateDecision(gate.gate_id, verdict, by, reason, edit)


def voice_row(gate: Gate, verdict: str, by: str, reason: str | None) -> Row:
    """GateVoted."""
    data = {"gate_id": gate.gate_id, "verdict": verdict, "by": by, "reason": reason}
    return event_row("progress", "GateVoted", gate.cycle, gate.suggestor, data)


def expiry_row(gate: Gate, action: str, seconds: int) -> Row:
    """GateExpired."""
    data = {"gate_id": gate.gate_id, "action": action, "timeout_secs": seconds}
    return event_row("progress", "GateExpired", gate.cycle, gate.suggestor, data)


def _parked(run: Run, cycle: int) -> Parked:
    """The waiting cycle with the decisions that were made, read from the end of the journal."""
    told = run.envelopes.filter(cycle=cycle, kind__in=("CycleParked", "GateDecisionRecorded")).order_by("-seq")
    decisions: list[GateDecision] = []
    for body in told.values_list("body", flat=True).iterator(chunk_size=100):
        envelope = decode(body)
        data = envelope["event"]["data"]
        if envelope["kind"] == "CycleParked":
            parked = Parked.from_json(cycle, data)
            parked.decisions.update({decision.gate_id: decision for decision in decisions})
            return parked
        decisions.append(GateDecision.from_json(data["decision"]))
    raise LookupError(f"cycle {cycle} of run {run.pk} does not wait")
