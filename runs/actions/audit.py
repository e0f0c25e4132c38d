"""Noting who did what; part of every action's transaction."""

import json
from typing import Any

from runs.models import Actor, AuditEntry, Tenant


def note(*, by: Actor, action: str, subject: object, before: Any = None, after: Any = None) -> None:
    """Note a deed of the actor in their tenant."""
    note_in(by.tenant, actor=by.signature, action=action, subject=subject, before=before, after=after)


def note_in(tenant: Tenant, *, actor: str, action: str, subject: object, before: Any = None, after: Any = None) -> None:
    """Note a deed in a tenant."""
    AuditEntry.objects.create(
        tenant=tenant, actor=actor[:200], action=action, subject=str(subject)[:300], before=_text(before), after=_text(after)
    )


def _text(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
