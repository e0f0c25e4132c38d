"""What was done in a tenant, by whom: the audit log, for those who may read it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from runs.models import Actor, AuditEntry
from runs.models.audit import AuditQuerySet

PAGE = 50
#: Entries that one export holds, at most.
MOST = 100_000


@dataclass(frozen=True)
class Wanted:
    """Which entries are looked for; what is empty narrows nothing."""

    search: str = ""
    actor: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Entries, newest first; `older` is the place to go on from."""

    entries: list[AuditEntry]
    older: int | None


def check_audit(by: Actor) -> None:
    """Raise `UnableToAudit` unless the actor may read the audit log."""
    if not by.may("audit"):
        raise UnableToAudit("your role does not allow to read the audit log")


def can_audit(by: Actor) -> bool:
    """Whether the actor may read the audit log."""
    try:
        check_audit(by)
    except UnableToAudit:
        return False
    return True


def audit_page(by: Actor, wanted: Wanted, before: int | None = None) -> Page:
    """A page of the log: found by place, never counted. Raises `UnableToAudit`."""
    found = list(_found(by, wanted, before)[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def audit_rows(by: Actor, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """All that is wanted, as plain values, newest first, up to `MOST`. Raises `UnableToAudit`."""
    entries = _found(by, wanted, None)[:MOST]
    return map(_row, entries.iterator(chunk_size=1000))


def actions_noted(by: Actor) -> list[str]:
    """The names of deeds in the tenant's log."""
    check_audit(by)
    return sorted(AuditEntry.objects.of(by).order_by().values_list("action", flat=True).distinct())


def _found(by: Actor, wanted: Wanted, before: int | None) -> AuditQuerySet:
    check_audit(by)
    found = AuditEntry.objects.of(by).order_by("-id")
    if wanted.search:
        texts = ("subject", "before", "after", "actor")
        found = found.filter(Q(*((f"{name}__icontains", wanted.search) for name in texts), _connector=Q.OR))
    narrowed = {
        "actor__icontains": wanted.actor,
        "action": wanted.action,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
        "pk__lt": before,
    }
    return found.filter(**{name: value for name, value in narrowed.items() if value})


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "before": json.loads(entry.before or "null"),
        "after": json.loads(entry.after or "null"),
    }


class UnableToAudit(Exception):
    """The role does not allow it."""
