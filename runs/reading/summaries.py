"""A run as programs see it: the one form that sockets and API share."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Q

from runs.models import RUN, Actor, Run

MOST = 500


class RunSummary(msgspec.Struct, frozen=True):
    """Where a run is and what it came to; `stop_reason` is null while it goes on."""

    uuid: UUID
    tenant: str
    label: str
    status: str
    stop_reason: msgspec.Raw
    message: str
    head: int
    cycle: int
    cycles: int
    fact_count: int
    max_cycles: int
    max_facts: int
    tokens: int
    cost_microdollars: int
    digest: str
    merkle_root: str
    clock_time: int
    cancel_requested: bool
    correlation_id: str
    started_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    def as_json(self) -> str:
        """The summary as JSON text."""
        return msgspec.json.encode(self).decode()


_COPIED = [name for name in RunSummary.__struct_fields__ if name not in ("tenant", "stop_reason")]


def summary_of(by: Actor, run: Run) -> RunSummary:
    """The summary of a run of the actor's tenant."""
    told = {name: getattr(run, name) for name in _COPIED}
    return RunSummary(tenant=by.tenant.slug, stop_reason=msgspec.Raw(run.stop_reason.encode() or b"null"), **told)


def runs_stirring(by: Actor, *, known: Iterable[int], newest: int) -> list[Run]:
    """The runs of the tenant that may have changed: those that go on, those in `known`, and those that came after `newest`."""
    wanted = Q(status__in=RUN.open) | Q(pk__in=list(known)) | Q(pk__gt=newest)
    return list(Run.objects.of(by).filter(wanted).order_by("-id")[:MOST])


def newest_run(by: Actor) -> int:
    """The key of the newest run of the tenant, 0 when there is none."""
    return Run.objects.of(by).order_by("-id").values_list("pk", flat=True).first() or 0
