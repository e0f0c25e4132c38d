"""Taking a run: exactly one row changes, or it was not ours."""

import os
import socket
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from runs.journal import LeaseLost
from runs.models import Run, RunStatus

#: How long a worker may be silent before its run goes on elsewhere.
LEASE = timedelta(seconds=12)
#: Leases from now on that no lease can be long.
TOO_LONG = 10
#: How many candidates are looked at when others are claiming too.
CANDIDATES = 8


def new_lease() -> str:
    """A name that nobody else holds a run under; it tells people where."""
    return f"{socket.gethostname()[:24]}:{os.getpid()}:{uuid.uuid4().hex[:16]}"


def claim(now: datetime, *, is_settled: Callable[[], bool] = lambda: True) -> Run | None:
    """Take the oldest run that wants somebody: a queued one or, while the clock `is_settled`, one whose worker fell silent.

    The clock is asked again when a lease was read: it may have been written after a jump that `now` knows nothing of.
    """
    wanting = Run.objects.claimable(now, longest=TOO_LONG * LEASE) if is_settled() else Run.objects.queued()
    for candidate in wanting.only("id", "status", "lease")[:CANDIDATES]:
        if candidate.status == RunStatus.RUNNING and not is_settled():
            continue
        wanted = wanting.filter(pk=candidate.pk, status=candidate.status, lease=candidate.lease)
        run = _take(wanted, candidate.pk, now)
        if run is not None:
            return run
    return None


def claim_run(run: Run, now: datetime) -> Run | None:
    """Take this run, if it wants somebody."""
    return _take(Run.objects.claimable(now).filter(pk=run.pk), run.pk, now)


def _take(wanted: QuerySet[Run], run_id: int, now: datetime) -> Run | None:
    """Change the row, if it is still wanted; one that a transaction of somebody else holds is not waited for."""
    lease = new_lease()
    with transaction.atomic():
        free = wanted.order_by().select_for_update(skip_locked=True).values_list("pk", flat=True)
        taken = list(free) and wanted.order_by().update(
            status=RunStatus.RUNNING, lease=lease, lease_until=now + LEASE, attempt=F("attempt") + 1, message=""
        )
    return held(run_id, lease) if taken == 1 else None


def held(run_id: int, lease: str) -> Run:
    """The run that is held under the lease, with what conducting needs at hand."""
    return Run.objects.select_related("tenant", "version").get(pk=run_id, lease=lease)


def wants_cancel(run: Run) -> bool:
    """Whether somebody wants the run, which we hold, to be cancelled; raises `LeaseLost` when it is not ours any more."""
    found = Run.objects.filter(pk=run.pk).values_list("lease", "cancel_requested").first()
    if found is None or found[0] != run.lease:
        raise LeaseLost(f"run {run.pk} is not ours any more")
    return bool(found[1])


def renew(*runs: Run, now: datetime) -> int:
    """Hold the runs for longer; returns how many of them are still ours."""
    ours = Run.objects.filter(pk__in=[run.pk for run in runs], lease__in=[run.lease for run in runs])
    return ours.update(lease_until=now + LEASE)
