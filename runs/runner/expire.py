"""Gates that nobody answers in time: the policy's action is taken, so that no run waits for ever."""

from datetime import datetime

from django.db import transaction

from runs.engine.gates import APPROVE, REJECT
from runs.journal.verdicts import decision_of, expiry_row, locked, record_decision, record_escalation
from runs.models import Gate, RunStatus

BY = "timeout"
#: Gates closed at one look; the rest follows at the next.
AT_ONCE = 50


def expire_gates(now: datetime) -> int:
    """Close or escalate every gate whose deadline has passed; return how many."""
    due = Gate.objects.pending().filter(due_at__lt=now).order_by("due_at").values_list("pk", "run_id")
    return sum(_expire(gate_id, run_id, now) for gate_id, run_id in due[:AT_ONCE])


def _expire(gate_id: int, run_id: int, now: datetime) -> bool:
    """Under the run's row lock, look once more and act."""
    with transaction.atomic():
        run = locked(run_id)
        gate = Gate.objects.pending().filter(pk=gate_id, due_at__lt=now).first()
        if gate is None or run.status != RunStatus.WAITING:
            return False
        timeout = gate.request_value["timeout"]
        seconds, action = timeout["timeout_secs"], timeout["action"].lower()
        if action == "escalate" and gate.escalated_at is None:
            record_escalation(run, gate, seconds)
            return True
        verdict = APPROVE if action == "approve" else REJECT
        decision = decision_of(gate, verdict=verdict, by=BY, reason=f"nobody answered within {seconds} seconds")
        record_decision(run, gate, decision, before=[expiry_row(gate, verdict, seconds)])
        return True
