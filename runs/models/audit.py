"""Who did what, outside the runs' own journals."""

from typing import Self

from django.db import models

from runs.models.immutable import ImmutableModel, ImmutableQuerySet
from runs.models.tenants import Actor, Tenant


class AuditQuerySet(ImmutableQuerySet):
    """Audit entries, by who looks."""

    def of(self, by: Actor) -> Self:
        """The entries of the actor's tenant."""
        return self.filter(tenant_id=by.tenant_id)


class AuditEntry(ImmutableModel):
    """One deed of an actor; written in the same transaction as the deed."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, db_index=False)
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)
    before = models.TextField(blank=True, default="")
    after = models.TextField(blank=True, default="")

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["tenant", "-id"], name="audit_by_tenant")]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.actor}: {self.action} {self.subject}"
