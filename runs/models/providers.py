"""Who answers the effects of a tenant's runs; and the calls that are under way, for those whose number is limited."""

import json
from typing import Any, Self

from django.db import models

from runs.models.sealing import unseal
from runs.models.tenants import Actor, Tenant


class ProviderQuerySet(models.QuerySet["Provider"]):
    """Providers, by who looks."""

    def of(self, by: Actor) -> Self:
        """Those of the actor's tenant."""
        return self.filter(tenant_id=by.tenant_id).order_by("name")


class Provider(models.Model):
    """What a tenant may reach by effects, and nothing else: a name, a kind, and the kind's settings.

    Limits hold for the whole installation: whoever asks takes its turn from this row. The rate is a token bucket of ten
    seconds' worth of calls, at least one; `next_at` is when it will be full again.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    settings = models.TextField(help_text="JSON as it may be seen, secrets hidden")
    sealed = models.TextField(blank=True, help_text="the secret settings, encrypted")
    max_concurrency = models.PositiveIntegerField(null=True)
    per_minute = models.PositiveIntegerField(null=True)
    next_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        default_related_name = "providers"
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="provider_name_in_tenant")]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_settings(self) -> dict[str, Any]:
        """The settings as they may be seen."""
        return dict(json.loads(self.settings))

    @property
    def clear_settings(self) -> dict[str, Any]:
        """The settings with their secrets; raises `CannotUnseal`."""
        return self.shown_settings | (unseal(self.sealed) if self.sealed else {})


class ProviderCall(models.Model):
    """A call under way, of a provider whose number of calls is limited; whoever made it is given up at `until`."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="calls", db_index=False)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["provider", "until"], name="provider_calls_under_way")]

    def __str__(self) -> str:
        return f"{self.provider_id} until {self.until}"
