"""The projection of gates: proposals that wait, or waited, for a human."""

import json
from typing import Any, Self

from django.db import models

from runs.models.children import OfRun, OfRunQuerySet
from runs.models.tenants import Actor, Tenant


class GateStatus(models.TextChoices):
    """Where a gate stands; what may follow what is `lifecycle.GATE`."""

    PENDING = "pending"
    APPROVED = "approved"
    EDITED = "edited"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class GateQuerySet(OfRunQuerySet):
    """Gates, by who looks and where they stand."""

    def of(self, by: Actor) -> Self:
        """The gates of the actor's tenant."""
        return self.filter(tenant_id=by.tenant_id)

    def pending(self) -> Self:
        """The gates that wait."""
        return self.filter(status=GateStatus.PENDING)


class Gate(OfRun):
    """A proposal that only a human lets through."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, db_index=False)
    gate_id = models.TextField()
    seq = models.BigIntegerField()
    cycle = models.IntegerField()
    suggestor = models.TextField(null=True)
    key = models.CharField(max_length=20)
    proposal_id = models.TextField()
    proposal = models.TextField()
    request = models.TextField()
    status = models.CharField(max_length=12, choices=GateStatus, default=GateStatus.PENDING)
    quorum = models.IntegerField()
    approvers = models.TextField()
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    decided_by = models.TextField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(null=True)

    objects = GateQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "gates"
        constraints = [
            models.UniqueConstraint(fields=["run", "gate_id"], name="gate_id_in_run"),
            models.CheckConstraint(condition=models.Q(status__in=GateStatus.values), name="gate_status_is_known"),
        ]
        indexes = [
            models.Index(fields=["tenant", "status", "-id"], name="gate_inbox"),
            models.Index(fields=["status", "due_at"], name="gate_by_deadline"),
        ]

    def __str__(self) -> str:
        return f"{self.gate_id} ({self.status})"

    @property
    def approver_names(self) -> list[str]:
        """The roles and addresses that may decide; empty: whoever's role allows deciding."""
        return list(json.loads(self.approvers))

    @property
    def request_value(self) -> dict[str, Any]:
        """The gate request as the engine wrote it."""
        return dict(json.loads(self.request))


class GateVote(OfRun):
    """One voice of a quorum."""

    gate_id = models.TextField()
    seq = models.BigIntegerField()
    verdict = models.CharField(max_length=12)
    by = models.TextField()
    reason = models.TextField(null=True)
    at = models.DateTimeField()

    class Meta:
        default_related_name = "gate_votes"
        constraints = [
            models.UniqueConstraint(fields=["run", "seq"], name="gate_vote_place_in_run"),
            models.UniqueConstraint(fields=["run", "gate_id", "by"], name="gate_vote_once_per_voice"),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.verdict}"
