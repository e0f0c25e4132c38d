"""Starting and cancelling runs."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from runs.actions.audit import note
from runs.actions.learning import fix_seeds
from runs.doorbell import ring_on_commit
from runs.journal import rebuild
from runs.journal.restoring import JournalDamaged
from runs.journal.verdicts import locked, record_cancellation
from runs.models import Actor, FormationVersion, Run, RunStatus, shortage
from runs.suggestors.document import FormationDocument, read_document
from runs.suggestors.forms import ProposalForm
from runs.suggestors.problems import DocumentInvalid

#: Seconds that a run may wait between two cycles, at most.
SLOWEST = 60.0
#: A caller that conducts the run itself has this long to begin.
HEAD_START = timedelta(seconds=12)


@transaction.atomic
def start_run(
    *, by: Actor, version: FormationVersion, pace: float = 0.0, lease: str | None = None, seeds: list[ProposalForm] | None = None
) -> Run:
    """Queue a run of a version, on other `seeds` than its own where there are some.

    With a `lease` it is not queued but held by the caller, who conducts it at once.
    """
    version = FormationVersion.objects.of(by).select_related("formation").get(pk=version.pk)
    check_start(by=by, version=version)
    if not 0 <= pace <= SLOWEST:
        raise UnableToStartRun(f"the pace is a number of seconds from 0 to {SLOWEST:g}")
    document = read_document(version.document)
    run = _new_run(by, version, document, pace)
    if lease is not None:
        run.status, run.lease, run.lease_until, run.attempt = RunStatus.RUNNING, lease, timezone.now() + HEAD_START, 1
    run.save()
    fix_seeds(run, document, seeds)
    note(by=by, action="start_run", subject=run.uuid, after={"formation": str(version)})
    ring_on_commit(run.pk)
    return run


def can_start(version: FormationVersion, *, by: Actor) -> bool:
    """Whether the actor may start a run of the version now."""
    try:
        check_start(by=by, version=version)
    except UnableToStartRun:
        return False
    return True


def check_start(*, by: Actor, version: FormationVersion) -> None:
    """Raise `UnableToStartRun` unless the actor may start a run of the version, and its gates can be decided."""
    if not by.may("run"):
        raise UnableToStartRun("your role does not allow to start runs")
    try:
        gates = read_document(version.document).gates
    except DocumentInvalid as error:
        raise UnableToStartRun(f"the formation document cannot be used: {error}") from error
    if gates is not None and (gates.keys or gates.confidence_threshold is not None):
        missing = shortage(by, gates.approvers, gates.quorum, self_approval=gates.self_approval)
        if missing:
            raise UnableToStartRun(f"{missing}. Add members, or change approvers, quorum or self_approval of the formation's gates")


def can_cancel(run: Run, *, by: Actor) -> bool:
    """Whether the actor may cancel the run now."""
    try:
        check_cancel(run, by=by)
    except UnableToCancelRun:
        return False
    return True


def check_cancel(run: Run, *, by: Actor) -> None:
    """Raise `UnableToCancelRun` unless the actor may cancel the run now."""
    if not by.may("run"):
        raise UnableToCancelRun("your role does not allow to cancel runs")
    if run.is_finished:
        raise UnableToCancelRun(f"the run is {run.status} already")


@transaction.atomic
def cancel_run(*, by: Actor, run: Run) -> Run:
    """Cancel a run: one that is conducted ends at the head of its next cycle, any other at once."""
    run = locked(Run.objects.of(by).only("id").get(pk=run.pk).pk)
    check_cancel(run, by=by)
    before = run.status
    if run.status == RunStatus.RUNNING:
        run.cancel_requested = True
        run.save(update_fields=["cancel_requested"])
    else:
        _end(run)
    note(by=by, action="cancel_run", subject=run.uuid, before={"status": before}, after={"status": run.status})
    return run


def _end(run: Run) -> None:
    try:
        record_cancellation(run)
    except JournalDamaged as error:
        raise UnableToCancelRun(str(error)) from error


@transaction.atomic
def rebuild_run(*, by: Actor, run: Run) -> list[str]:
    """Rebuild the projections of a run from its journal; return in words what was wrong, nothing if all was equal."""
    run = Run.objects.of(by).get(pk=run.pk)
    differences = rebuild(run)
    note(by=by, action="rebuild_run", subject=run.uuid, after={"differences": differences})
    return differences


def _new_run(by: Actor, version: FormationVersion, document: FormationDocument, pace: float) -> Run:
    identity = uuid.uuid4()
    return Run(
        uuid=identity,
        tenant=by.tenant,
        version=version,
        label=document.label,
        correlation_id=str(identity),
        max_cycles=document.budget.max_cycles,
        max_facts=document.budget.max_facts,
        pace=pace,
        started_by=by.label,
    )


class UnableToStartRun(Exception):
    """Not allowed, or asked for in a way that makes no sense."""


class UnableToCancelRun(Exception):
    """Not allowed, or over already."""
