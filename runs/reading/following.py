"""Who may follow what, live: asked when they come, and again now and then while they stay."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from runs.models import Membership, Run
from runs.reading.members import membership_of
from runs.reading.runs import run_of


@dataclass(frozen=True, slots=True)
class Followed:
    """A run, and the member who follows it."""

    by: Membership
    run: Run


#: What of a run its followers must hear of at once: how far its journal reaches, its status, and whether it is to be cancelled.
Standing = tuple[int, str, bool]


def standing_of(run: Run) -> Standing:
    """How a run stands that is at hand."""
    return run.head, run.status, run.cancel_requested


def standings_of(followed: Iterable[Followed]) -> dict[int, Standing]:
    """How runs stand now, by their keys; those of one tenant in one query."""
    keys: dict[int, list[int]] = defaultdict(list)
    for each in followed:
        keys[each.by.tenant_id].append(each.run.pk)
    rows = (Run.objects.filter(tenant_id=tenant, pk__in=runs) for tenant, runs in keys.items())
    return {row[0]: row[1:] for of in rows for row in of.values_list("pk", "head", "status", "cancel_requested")}


def followed_run(user: Any, tenant: str, uuid: str) -> Followed:
    """The run, for a member of its tenant; raises `DoesNotExist` for everybody else and for what is no run."""
    by = membership_of(user, tenant)
    try:
        return Followed(by, run_of(by, uuid))
    except ValidationError as error:
        raise Run.DoesNotExist(f"{uuid!r} names no run") from error
