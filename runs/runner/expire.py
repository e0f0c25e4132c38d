"""Gates that nobody answers in time: the policy's action is taken, so that no run waits for ever."""

from datetime import datetime

import structlog
from django.db import transaction
from msgspec import UNSET

from runs.engine.effects import InterruptRaise
from runs.engine.errors import InvalidResume
from runs.engine.gates import APPROVE, REJECT
from runs.engine.questions import ANSWER, Asked, answered, refused
from runs.journal.hiding import clear_question
from runs.journal.restoring import JournalDamaged
from runs.journal.verdicts import decision_of, expiry_row, locked, record, record_answer, record_decision
from runs.models import CannotUnseal, Gate, GateKind, Run, RunStatus

log = structlog.get_logger(__name__)

BY = "timeout"
#: Gates closed at one look; the rest follows at the next.
AT_ONCE = 50


def expire_gates(now: datetime) -> int:
    """Close or escalate every gate whose deadline has passed; return how many."""
    due = Gate.objects.pending().filter(due_at__lt=now).order_by("due_at").values_list("pk", "run_id")
    return sum(_expire_in_words(gate_id, run_id, now) for gate_id, run_id in due[:AT_ONCE])


def _expire_in_words(gate_id: int, run_id: int, now: datetime) -> bool:
    """A gate that cannot be closed keeps nobody from closing the others."""
    try:
        return _expire(gate_id, run_id, now)
    except JournalDamaged as error:
        log.error("gate-not-closed", gate=gate_id, run=run_id, why=str(error))
        return False


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
            record(run, expiry_row(gate, action, seconds), at=now)
        elif gate.kind == GateKind.PROPOSAL:
            _close(run, gate, APPROVE if action == APPROVE else REJECT, seconds, now)
        else:
            _answer(run, gate, seconds, now)
        return True


def _close(run: Run, gate: Gate, verdict: str, seconds: int, now: datetime) -> None:
    reason = _too_late(seconds)
    try:
        _record(run, gate, verdict, reason, seconds, now)
    except InvalidResume as error:  # what would be approved contradicts what was approved already
        _record(run, gate, REJECT, f"{reason}, and it cannot be approved: {error}", seconds, now)


def _record(run: Run, gate: Gate, verdict: str, reason: str, seconds: int, now: datetime) -> None:
    decision = decision_of(gate, verdict=verdict, by=BY, reason=reason)
    record_decision(run, gate, decision, before=[expiry_row(gate, verdict, seconds)], at=now)


def _answer(run: Run, gate: Gate, seconds: int, now: datetime) -> None:
    """A question is answered by its default, where it has one; whatever the policy says, no other answer can be made up."""
    reason = _too_late(seconds)
    try:
        default = _default(gate)
    except CannotUnseal as error:
        default, reason = UNSET, f"{reason}, and what it is by default cannot be opened: {error}"
    if default is UNSET:
        result, verdict = refused(BY, reason), REJECT
    else:
        result, verdict = answered(gate.kind, default, BY), ANSWER
    expiry = expiry_row(gate, verdict, seconds)
    record_answer(run, gate, verdict=verdict, by=BY, reason=reason, result=result, answer=default, before=[expiry], at=now)


def _default(gate: Gate) -> object:
    effect = clear_question(gate)[0].effect
    return Asked.of(effect.value).default if isinstance(effect, InterruptRaise) else UNSET


def _too_late(seconds: int) -> str:
    return f"nobody answered within {seconds} seconds"
