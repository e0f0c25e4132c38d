"""Deciding gates."""

from django.db import transaction

from runs.actions.audit import note
from runs.engine.errors import InvalidResume
from runs.engine.gates import APPROVE, REJECT
from runs.journal.verdicts import decision_of, locked, record_decision, record_voice, voice_row
from runs.models import Actor, Gate, GateStatus, GateVote, Run, RunStatus

VERDICTS = (APPROVE, REJECT)


def can_decide(gate: Gate, *, by: Actor) -> bool:
    """Whether the actor may decide the gate now."""
    try:
        check_decide(gate, by=by)
    except UnableToDecide:
        return False
    return True


def check_decide(gate: Gate, *, by: Actor) -> None:
    """Raise `UnableToDecide` unless the actor may decide the gate now."""
    if gate.status != GateStatus.PENDING:
        whom = f" by {gate.decided_by}" if gate.decided_by else ""
        raise UnableToDecide(f"the gate is {gate.status} already{whom}")
    names = gate.approver_names
    if not (by.is_one_of(names) if names else by.may("decide")):
        raise UnableToDecide(f"only {' or '.join(names)} may decide this gate" if names else "your role does not allow to decide gates")
    if GateVote.objects.filter(run_id=gate.run_id, gate_id=gate.gate_id, by=by.label).exists():
        raise UnableToDecide("you have decided already; the gate waits for others")


@transaction.atomic
def decide_gate(*, by: Actor, gate: Gate, verdict: str, reason: str = "") -> Gate:
    """Approve or reject; a rejection needs a reason and closes the gate, an approval closes it when the quorum is full.

    When the last gate of its cycle is closed, the run is queued again.
    """
    check_verdict(verdict, reason)
    run = locked(Gate.objects.of(by).get(pk=gate.pk).run_id)
    gate = Gate.objects.get(pk=gate.pk)
    check_decide(gate, by=by)
    if run.status != RunStatus.WAITING:
        raise UnableToDecide(f"the run is {run.status} and does not wait")
    voices = GateVote.objects.filter(run=run, gate_id=gate.gate_id, verdict=APPROVE).count() + 1
    if verdict == APPROVE and voices < gate.quorum:
        record_voice(run, gate, verdict=verdict, by=by.label, reason=reason or None)
    else:
        _close(by, run, gate, verdict, reason)
    note(by=by, action=f"{verdict}_gate", subject=f"{run.uuid} {gate.gate_id}", after={"reason": reason})
    return Gate.objects.get(pk=gate.pk)


def check_verdict(verdict: str, reason: str) -> None:
    """Raise `UnableToDecide` for a verdict that says nothing."""
    if verdict not in VERDICTS:
        raise UnableToDecide(f"a verdict is one of {', '.join(VERDICTS)}")
    if verdict == REJECT and not reason.strip():
        raise UnableToDecide("a rejection needs a reason")
    if "\x00" in reason or len(reason) > 10_000:
        raise UnableToDecide("a reason has 10 000 characters at most, and no U+0000")


def _close(by: Actor, run: Run, gate: Gate, verdict: str, reason: str) -> None:
    before = [voice_row(gate, verdict, by.label, reason or None)] if gate.quorum > 1 else []
    try:
        record_decision(run, gate, decision_of(gate, verdict=verdict, by=by.label, reason=reason or None), before=before)
    except InvalidResume as error:
        raise UnableToDecide(str(error)) from error


class UnableToDecide(Exception):
    """Not allowed, too late, or not said clearly."""
