"""Asking for a run to be verified; the runner does it, never the web process."""

from django.db import transaction
from django.utils import timezone

from runs.actions.audit import note
from runs.actions.runs import HEAD_START
from runs.doorbell import ring_on_commit
from runs.models import Actor, Run, Verdict, Verification


def can_verify(run: Run, *, by: Actor) -> bool:
    """Whether the actor may have the run verified now."""
    try:
        check_verify(run, by=by)
    except UnableToVerify:
        return False
    return True


def check_verify(run: Run, *, by: Actor) -> None:
    """Raise `UnableToVerify` unless the actor may have the run verified now."""
    if not by.may("verify"):
        raise UnableToVerify("your role does not allow to verify runs")
    if not run.head:
        raise UnableToVerify("nothing has happened in the run yet")


@transaction.atomic
def verify_run(*, by: Actor, run: Run, lease: str | None = None) -> Verification:
    """Ask for a verification; who has asked and waits is given the same. With a `lease` the caller carries it out at once."""
    run = Run.objects.of(by).get(pk=run.pk)
    check_verify(run, by=by)
    waiting = None if lease else Verification.objects.filter(run=run, verdict=Verdict.ASKED).order_by("id").first()
    if waiting is not None:
        return waiting
    until = timezone.now() + HEAD_START if lease else None
    asked = Verification.objects.create(run=run, by=by.label, lease=lease, lease_until=until)
    note(by=by, action="verify_run", subject=run.uuid)
    ring_on_commit(run.pk)
    return asked


class UnableToVerify(Exception):
    """Not allowed, or nothing to verify."""
