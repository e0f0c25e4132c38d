"""Configuring whom the effects of a tenant's runs may reach."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from runs.actions.audit import note
from runs.models import Actor, Provider
from runs.models.sealing import seal
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.providers.built_in import reserved
from runs.suggestors.providers.kinds import UnknownProviderKind, read_settings, secret_part, shown

LONGEST_NAME = 200
MOST = 2**31 - 1
#: Settings that reach into the installation itself, and what they do there.
KEPT = {"networks": "opens private networks", "key_env": "lends keys of its environment"}


def can_configure(*, by: Actor) -> bool:
    """Whether the actor may configure providers."""
    try:
        check_configure(by=by)
    except UnableToConfigureProvider:
        return False
    return True


def check_configure(*, by: Actor) -> None:
    """Raise `UnableToConfigureProvider` unless the actor may configure providers."""
    if not by.may("administer"):
        raise UnableToConfigureProvider("only an admin configures providers")


@transaction.atomic
def set_provider(
    *, by: Actor, name: str, kind: str, settings: Mapping[str, Any], max_concurrency: int | None = None, per_minute: int | None = None
) -> Provider:
    """Configure a provider, in the place of one of that name; its secrets are sealed.

    What lies inside the installation's own network may be opened by whoever keeps the machine only. Raises
    `UnableToConfigureProvider`.
    """
    check_configure(by=by)
    _check(by, name, kind, settings)
    _check_limits(max_concurrency, per_minute)
    columns: dict[str, Any] = {"kind": kind, "max_concurrency": max_concurrency, "per_minute": per_minute}
    secret = secret_part(kind, settings)
    columns |= {"settings": json.dumps(shown(kind, settings), ensure_ascii=False), "sealed": seal(secret) if secret else ""}
    before = Provider.objects.of(by).filter(name=name).first()
    told = None if before is None else _told(before)
    provider, _ = Provider.objects.update_or_create(tenant=by.tenant, name=name, defaults=columns)
    note(by=by, action="set_provider", subject=name, before=told, after=_told(provider))
    return provider


@transaction.atomic
def remove_provider(*, by: Actor, name: str) -> None:
    """Take a provider away; from now on effects for it are denied. Raises `UnableToConfigureProvider`, `Provider.DoesNotExist`."""
    check_configure(by=by)
    provider = Provider.objects.of(by).get(name=name)
    note(by=by, action="remove_provider", subject=name, before=_told(provider))
    provider.delete()


def _check(by: Actor, name: str, kind: str, settings: Mapping[str, Any]) -> None:
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise UnableToConfigureProvider(f"a name has from 1 to {LONGEST_NAME} characters that can be seen")
    if why := reserved(name):
        raise UnableToConfigureProvider(why)
    try:
        read_settings(kind, settings)
    except (DocumentInvalid, UnknownProviderKind) as error:
        raise UnableToConfigureProvider(str(error)) from error
    for setting, reason in KEPT.items():
        if settings.get(setting) and not by.is_keeper:
            raise UnableToConfigureProvider(f"{setting}: only whoever keeps the machine {reason}")


def _check_limits(*limits: int | None) -> None:
    if not all(limit is None or 1 <= limit <= MOST for limit in limits):
        raise UnableToConfigureProvider("a limit is a whole number from 1 on")


def _told(provider: Provider) -> dict[str, Any]:
    """What the audit keeps: no secret."""
    limits = {"max_concurrency": provider.max_concurrency, "per_minute": provider.per_minute}
    return {"kind": provider.kind, "settings": provider.shown_settings} | limits


class UnableToConfigureProvider(Exception):
    """Not allowed, or the settings make no sense."""
