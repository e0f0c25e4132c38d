"""The audit log of a tenant: looked through, and taken away as CSV or JSON."""

import json
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date

from runs.pages.door import member_page, number, page, words
from runs.pages.exports import TYPES
from runs.pages.taking import as_csv
from runs.reading.audit import UnableToAudit, Wanted, actions_noted, audit_page, audit_rows
from runs.reading.members import Member

FILTERS = ("q", "actor", "action", "since", "until")


@member_page
def audit_list(request: HttpRequest, member: Member) -> HttpResponse:
    """Every deed with who did it, before and after; newest first."""
    try:
        found = audit_page(member, _wanted(request), number(request.GET.get("before")))
        shown = {"found": found, "deeds": _deeds(found.entries), "actions": actions_noted(member)}
    except UnableToAudit as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    asked = {name: words(request, name) for name in FILTERS}
    return page(request, "settings/audit.html", member, "settings", part="audit", asked=asked, narrowed=any(asked.values()), **shown)


@member_page
def audit_taken(request: HttpRequest, member: Member, form: str) -> HttpResponse:
    """What the filters leave, to keep."""
    if form not in ("csv", "json"):
        raise Http404
    try:
        rows = list(audit_rows(member, _wanted(request)))
    except UnableToAudit as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    content = as_csv([_flat(row) for row in rows]) if form == "csv" else json.dumps(rows, ensure_ascii=False)
    name = f"audit-{member.tenant.slug}.{form}"
    return HttpResponse(content, content_type=TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: json.dumps(row[name], ensure_ascii=False) if row[name] is not None else "" for name in ("before", "after")}


def _wanted(request: HttpRequest) -> Wanted:
    since, until = _midnight(request.GET.get("since")), _midnight(request.GET.get("until"))
    search, actor, action = (words(request, name) for name in ("q", "actor", "action"))
    return Wanted(search, actor, action, since, until + timedelta(days=1) if until else None)


def _midnight(text: str | None) -> datetime | None:
    """The beginning of a day; what is no day is as if nothing stood there."""
    try:
        day = parse_date(text or "")
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time.min)) if day and day.year > 1 and day.year < 9999 else None


def _deeds(entries: Iterable[Any]) -> list[tuple[Any, list[tuple[str, Any, Any]]]]:
    """Each entry with what it changed: name, before, after."""
    return [(entry, _changes(entry.before, entry.after)) for entry in entries]


def _changes(before: str, after: str) -> list[tuple[str, Any, Any]]:
    was, became = (_members(text) for text in (before, after))
    names = [name for name in {**was, **became} if was.get(name) != became.get(name)]
    return [(name, _readable(was.get(name)), _readable(became.get(name))) for name in names]


def _readable(value: Any) -> Any:
    """A time as people write it; all else as it stands."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return f"{timezone.localtime(moment):%-d %b %Y, %H:%M %Z}" if moment.tzinfo else value


def _members(text: str) -> dict[str, Any]:
    value = json.loads(text or "null")
    return value if isinstance(value, dict) else {"value": value} if value is not None else {}
