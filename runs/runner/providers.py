"""Whom a run may reach: the providers that are scripted in its document, and those that its tenant configured."""

from collections.abc import Mapping
from datetime import datetime
from threading import Lock

import msgspec

from runs.engine.effects import EffectResult
from runs.models import CannotUnseal, Run
from runs.models import Provider as ProviderRow
from runs.runner.quotas import NO_QUOTA, Quota, StoredQuota
from runs.runner.recover import Document
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.providers import Call, ErrorKind, Provider, ProviderError
from runs.suggestors.providers.built_in import BUILT_IN, built_in
from runs.suggestors.providers.kinds import STATE, UnknownProviderKind, provider_of

#: Whom an effect is for: (`LLMCall`, provider), (`ToolCall`, tool), (`StateWrite`, "").
Address = tuple[str, str]
Providers = Mapping[Address, Provider]


class Unusable(Provider):
    """Stands in for a provider whose settings cannot be used."""

    def __init__(self, why: str) -> None:
        self._why = why

    def answer(self, call: Call) -> EffectResult:
        """Say why not."""
        raise ProviderError(ErrorKind.DENIED, self._why)


class Configured(Provider):
    """A provider of a tenant, with its quota."""

    def __init__(self, row: ProviderRow, inner: Provider) -> None:
        self.idempotent, self.terms, self.secrets = inner.idempotent, inner.terms, inner.secrets
        self._inner = inner
        self.quota: Quota = NO_QUOTA
        if row.max_concurrency is not None or row.per_minute is not None:
            self.quota = StoredQuota(row, self.terms.timeout_seconds)

    def answer(self, call: Call) -> EffectResult:
        """Ask it."""
        return self._inner.answer(call)


def providers_of(run: Run, document: Document) -> Providers:
    """Everybody whom the run may reach as things stand now, by address.

    One of the document goes before one of the tenant, and those of the installation before both.
    """
    named: dict[str, Provider] = {row.name: _configured(row) for row in ProviderRow.objects.filter(tenant=run.tenant_id)}
    named |= document.providers()
    found: dict[Address, Provider] = {(kind, name): one for name, one in named.items() for kind in ("LLMCall", "ToolCall")}
    found |= {("ToolCall", name): built_in(name) for name in BUILT_IN}
    return found | ({("StateWrite", ""): named[STATE]} if STATE in named else {})


def quota_of(provider: Provider) -> Quota:
    """What limits the calls of a provider."""
    return provider.quota if isinstance(provider, Configured) else NO_QUOTA


class _Kept(msgspec.Struct):
    changed_at: datetime
    provider: Provider


_kept: dict[int, _Kept] = {}
_lock = Lock()


def _configured(row: ProviderRow) -> Provider:
    """The provider of a row; made anew only when the row was changed."""
    with _lock:
        kept = _kept.get(row.pk)
        if kept is None or kept.changed_at != row.changed_at:
            kept = _kept[row.pk] = _Kept(row.changed_at, Configured(row, _made(row)))
        return kept.provider


def _made(row: ProviderRow) -> Provider:
    try:
        return provider_of(row.kind, row.clear_settings)
    except CannotUnseal as error:
        return Unusable(f"the secrets of provider '{row.name}' cannot be opened: {error}")
    except (DocumentInvalid, UnknownProviderKind) as error:
        return Unusable(f"the settings of provider '{row.name}' cannot be used: {error}")
