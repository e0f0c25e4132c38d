"""Deciding gates: who may say what, and what follows. Pages, API and command line ask here and nowhere else.

* Who: whom the gate names (`approvers`: roles and addresses), else whoever's role may decide.
* An approval is one voice; the gate is approved when `quorum` voices are for what stands there. Nobody speaks twice.
* One rejection closes the gate, whatever the quorum: a proposal that one approver objects to is not agreed on.
* An edit changes what is voted on; voices from before it count no more.
* Unless the gate allows self-approval, neither whoever started the run nor whoever wrote the edit may approve: they may
  reject or edit. Where it is allowed, an edit is its writer's approval as well.
* A question is answered, or refused with a reason, by one person; an effect in doubt may also be repeated.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from msgspec import UNSET

from runs.actions.answers import check_answer
from runs.actions.audit import note
from runs.actions.edits import EditInvalid, edit_of
from runs.engine.errors import InvalidResume
from runs.engine.gates import APPROVE, REJECT
from runs.engine.questions import ANSWER, RETRY, answered, refused
from runs.engine.wire import Row
from runs.journal.restoring import JournalDamaged
from runs.journal.verdicts import decision_of, edit_row, locked, record, record_answer, record_decision, voice_row
from runs.models import Actor, CannotUnseal, Gate, GateKind, GateStatus, GateVote, Membership, Run, RunStatus

Voices = Iterable[GateVote] | None
EDIT = "edit"
#: What may be said at which kind of gate.
SAYINGS: dict[str, tuple[str, ...]] = {
    GateKind.PROPOSAL: (APPROVE, REJECT, EDIT),
    GateKind.INTERRUPT: (ANSWER, REJECT),
    GateKind.DOUBT: (RETRY, ANSWER, REJECT),
}
VERDICTS = (APPROVE, REJECT, EDIT, ANSWER, RETRY)
LONGEST_REASON = 10_000


def can_decide(gate: Gate, *, by: Actor, verdict: str | None = None, voices: Voices = None) -> bool:
    """Whether the actor may say this at the gate now; without a verdict: whether there is anything they may say.

    `voices` are what was said at the gate, for callers who have read it already.
    """
    try:
        check_decide(gate, by=by, verdict=verdict, voices=voices)
    except UnableToDecide:
        return False
    return True


def check_decide(gate: Gate, *, by: Actor, verdict: str | None = None, voices: Voices = None) -> None:
    """Raise `UnableToDecide` unless the actor may say this at the gate now."""
    if gate.status != GateStatus.PENDING:
        raise UnableToDecide(_closed(gate))
    names = gate.approver_names
    if not by.decides(names):
        raise UnableToDecide(f"only {' or '.join(names)} may decide this gate" if names else "your role does not allow to decide gates")
    if verdict is not None and verdict not in SAYINGS[gate.kind]:
        raise UnableToDecide(f"a verdict at this gate is one of {', '.join(SAYINGS[gate.kind])}")
    if verdict != EDIT and has_spoken(gate, by, voices):
        raise UnableToDecide("you have decided already; the gate waits for others")
    if verdict == APPROVE and is_self(gate, by):
        whose = "you wrote the edit" if by.label == gate.edited_by else "you started this run"
        raise UnableToDecide(f"{whose}: somebody else must approve it")


def is_self(gate: Gate, by: Actor) -> bool:
    """Whether an approval would be the actor's own, and the gate does not allow that."""
    return not (gate.self_approval or by.is_keeper) and by.label in (gate.run.started_by, gate.edited_by)


def has_spoken(gate: Gate, by: Actor, voices: Voices = None) -> bool:
    """Whether the actor has a voice for what stands at the gate."""
    if voices is None:
        return bool(_voices(gate).filter(by=by.label).exists())
    return any(voice.by == by.label and voice.round == gate.round and voice.verdict != EDIT for voice in voices)


@transaction.atomic
def decide_gate(*, by: Actor, gate: Gate, verdict: str, reason: str = "", edit: Any = UNSET, answer: Any = UNSET) -> Gate:
    """Say one's word at a gate; when the last gate of its cycle is closed, the run is queued again.

    `edit` (`{"family", "version", "payload"}`) comes with the verdict `edit`, `answer` (JSON) with `answer`. Raises
    `UnableToDecide`, and `EditInvalid` for an edit or an answer that does not fit; then nothing was written.
    """
    verdict = EDIT if verdict == APPROVE and edit is not UNSET else verdict
    check_verdict(verdict, reason, edit=edit, answer=answer)
    run = locked(Gate.objects.of(by).get(pk=gate.pk).run_id)
    gate = Gate.objects.select_related("run").get(pk=gate.pk)
    check_decide(gate, by=by, verdict=verdict)
    if run.status != RunStatus.WAITING:
        raise UnableToDecide(f"the run is {run.status} and does not wait")
    said = _Said(by, run, gate, reason.strip() or None)
    if gate.kind != GateKind.PROPOSAL:
        said.answer(verdict, answer)
    elif verdict == REJECT:
        said.close(REJECT)
    elif verdict == EDIT:
        said.edit(edit)
    else:
        said.approve()
    note(by=by, action=f"{verdict}_gate", subject=f"{run.uuid} {gate.gate_id}", after={"reason": reason})
    return Gate.objects.select_related("run").get(pk=gate.pk)


def check_verdict(verdict: str, reason: str, *, edit: Any = UNSET, answer: Any = UNSET) -> None:
    """Raise `UnableToDecide` for a verdict that says nothing."""
    if verdict not in VERDICTS:
        raise UnableToDecide(f"a verdict is one of {', '.join(VERDICTS)}")
    if verdict == REJECT and not reason.strip():
        raise UnableToDecide("a rejection needs a reason")
    if "\x00" in reason or len(reason) > LONGEST_REASON:
        raise UnableToDecide("a reason has 10 000 characters at most, and no U+0000")
    for name, given in ((EDIT, edit), (ANSWER, answer)):
        if (verdict == name) is (given is UNSET):
            missing = given is UNSET
            raise EditInvalid([(name, f"is missing: the verdict is {name}" if missing else f"does not go with the verdict {verdict}")])


class _Said:
    """What one person says at a gate that is locked and theirs to decide."""

    def __init__(self, by: Actor, run: Run, gate: Gate, reason: str | None) -> None:
        self.by, self.run, self.gate, self.reason = by, run, gate, reason

    def approve(self, *before: Row) -> None:
        """One voice more; the last one closes the gate."""
        row = voice_row(self.gate, APPROVE, self.by.label, self.reason)
        voices = _voices(self.gate).filter(verdict=APPROVE).count() + 1
        if voices < self.gate.quorum:
            record(self.run, *before, row)
        else:
            self.close(APPROVE, *before, *([row] if self.gate.quorum > 1 else []))

    def edit(self, value: Any) -> None:
        """Put something else in the place of what is voted on; where self-approval is allowed, this is a voice for it."""
        gate, edit = self.gate, edit_of(self.gate, value)
        row = edit_row(gate, edit, self.by.label, self.reason)
        own = not (gate.self_approval or self.by.is_keeper)
        if own:
            self._check_others()
        gate.round, gate.edit, gate.edited_by = gate.round + 1, _text(edit), self.by.label
        if own:
            record(self.run, row)
        else:
            self.approve(row)

    def answer(self, verdict: str, answer: Any) -> None:
        """Close a question."""
        result = None
        if verdict == REJECT:
            result = refused(self.by.label, self.reason or "")
        elif verdict == ANSWER:
            check_answer(self.gate, answer)
            result = answered(self.gate.kind, answer, self.by.label)
        try:
            record_answer(self.run, self.gate, verdict=verdict, by=self.by.label, reason=self.reason, result=result, answer=answer)
        except CannotUnseal as error:
            raise UnableToDecide(f"what is hidden in the question cannot be opened ({error}); it can only be rejected") from error

    def close(self, verdict: str, *before: Row) -> None:
        """The last word on a proposal."""
        decision = decision_of(self.gate, verdict=verdict, by=self.by.label, reason=self.reason)
        try:
            record_decision(self.run, self.gate, decision, before=before)
        except (InvalidResume, JournalDamaged) as error:
            raise UnableToDecide(str(error)) from error

    def _check_others(self) -> None:
        """An edit that nobody else can approve would leave the gate without a way out."""
        members = Membership.objects.of(self.by).who_decide(self.gate.approver_names)
        others = members.exclude(user__email__in=[self.by.label, self.run.started_by]).count()
        if others < self.gate.quorum:
            needed = f"an edit needs {self.gate.quorum} approvals of others, and there are {others} who may give one"
            raise UnableToDecide(f"{needed}: approve or reject it as it stands")


def _voices(gate: Gate) -> Any:
    """The voices for what stands at the gate."""
    return GateVote.objects.filter(run_id=gate.run_id, gate_id=gate.gate_id, round=gate.round).exclude(verdict=EDIT)


def _text(edit: Any) -> str:
    return json.dumps(edit.to_json(), ensure_ascii=False, separators=(",", ":"))


def _closed(gate: Gate) -> str:
    if not gate.decided_by:
        return f"the gate is {gate.status} already"
    at = f" at {timezone.localtime(gate.decided_at):%-d %b %H:%M:%S %Z}" if gate.decided_at else ""
    return f"the gate is {gate.status} already by {gate.decided_by}{at}"


class UnableToDecide(Exception):
    """Not allowed, too late, or not said clearly."""
