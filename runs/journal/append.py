"""Writing the journal: envelopes and projections of a stretch of rows, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from runs.doorbell import ring_on_commit
from runs.engine.envelope import Seal, event_id
from runs.engine.wire import Row
from runs.journal import tables
from runs.journal.following import follow
from runs.journal.project import Projection
from runs.models import RUN, Envelope, Run

#: Rows with the time at which they came.
Batch = tuple[datetime, Sequence[Row]]

COLUMNS = ("run_id", "seq", "family", "kind", "cycle", "suggestor", "attempt", "event_id", "occurred_at", "body")


def append(run: Run, batches: Sequence[Batch], *, lease: str | None = None, columns: Mapping[str, Any] | None = None) -> None:
    """Append rows to a run's journal, with everything that follows from them and further `columns` of the run.

    The places are given here, under the condition that the run's head and lease are what the caller believes; if they
    are not, nothing is written at all: raises `LeaseLost`; for a status that may not follow, `TransitionRefused`. The
    run learns on the way whether somebody wants it to be cancelled.
    """
    projection = Projection(run)
    rows, head, count = _sealed(run, batches, projection)
    changes = {**(columns or {})} | projection.columns | {"head": head, "event_count": count}
    if changes.get("status", run.status) != run.status:
        RUN.check(run.status, changes["status"])
    with transaction.atomic():
        wishes = tables.change(Run, changes, {"id": run.pk, "head": run.head, "lease": lease}, returning="cancel_requested")
        if not wishes:
            raise LeaseLost(f"run {run.pk} is not ours any more")
        tables.insert(Envelope, COLUMNS, rows)
        projection.write()
        if changes.get("status") in RUN.final:
            follow(run.pk)
        ring_on_commit(run.pk)
    for name, value in changes.items():
        setattr(run, name, value)
    run.cancel_requested = bool(wishes[0])


def _sealed(run: Run, batches: Sequence[Batch], projection: Projection) -> tuple[list[tuple[Any, ...]], int, int]:
    """The rows of the table, the last place and the number of events; every row is shown to the projection."""
    prefix = event_id(run.correlation_id, 0)[:-1]
    seal = Seal(str(run.uuid), run.tenant.slug, run.correlation_id)
    rows: list[tuple[Any, ...]] = []
    run_id, seq, count, take = run.pk, run.head, run.event_count, projection.take
    for at, batch in batches:
        at_text = tables.moment(at)
        stamp = at_text.replace(" ", "T") + "Z"
        for row, body in zip(batch, seal.envelopes(batch, seq, count, stamp), strict=True):
            seq += 1
            named = None
            if row.family == "experience":
                named, count = f"{prefix}{count}", count + 1
            rows.append((run_id, seq, row.family, row.kind, row.cycle, row.suggestor, row.attempt, named, at_text, body))
            take(seq, at, row)
    return rows, seq, count


class LeaseLost(RuntimeError):
    """Somebody else appended, or holds the run: whoever believed to hold it must let go."""
