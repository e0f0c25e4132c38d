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


class GateKind(models.TextChoices):
    """What a person is asked: about a proposal, a question of a suggestor, or an effect that may or may not have been done."""

    PROPOSAL = "proposal"
    INTERRUPT = "interrupt"
    DOUBT = "doubt"


class GateQuerySet(OfRunQuerySet):
    """Gates, by who looks and where they stand."""

    def of(self, by: Actor) -> Self:
        """The gates of the actor's tenant."""
        return self.filter(tenant_id=by.tenant_id)

    def pending(self) -> Self:
        """The gates that wait."""
        return self.filter(status=GateStatus.PENDING)


class Gate(OfRun):
    """A proposal that only a human lets through, or a question that only a human answers.

    An edit changes what is voted on: it begins a new `round`, and only the voices of that round count.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, db_index=False)
    kind = models.CharField(max_length=12, choices=GateKind, default=GateKind.PROPOSAL)
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
    self_approval = models.BooleanField(default=False)
    identity = models.CharField(max_length=64, null=True)
    question = models.TextField(null=True)
    round = models.IntegerField(default=0)
    edit = models.TextField(null=True)
    edited_by = models.TextField(null=True)
    answer = models.TextField(null=True)
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
            models.CheckConstraint(condition=models.Q(kind__in=GateKind.values), name="gate_kind_is_known"),
        ]
        indexes = [
            models.Index(fields=["tenant", "status", "-id"], name="gate_inbox"),
            models.Index(fields=["status", "due_at"], name="gate_by_deadline"),
            models.Index(fields=["run", "identity"], condition=~models.Q(identity=None), name="gate_by_effect"),
        ]

    def __str__(self) -> str:
        return f"{self.gate_id} ({self.status})"

    @property
    def approver_names(self) -> list[str]:
        """The roles and addresses that may decide; empty: whoever's role allows deciding."""
        return list(json.loads(self.approvers))

    @property
    def name(self) -> str:
        """What people call it: the proposal's id, or who asks."""
        return self.proposal_id or f"the question of {self.suggestor or 'a suggestor'}"

    @property
    def edit_value(self) -> dict[str, Any] | None:
        """The edit that is voted on: family, version and payload."""
        return None if self.edit is None else dict(json.loads(self.edit))

    @property
    def question_value(self) -> dict[str, Any]:
        """What is asked, as the journal has it; empty for a proposal."""
        return {} if self.question is None else dict(json.loads(self.question))

    @property
    def request_value(self) -> dict[str, Any]:
        """The gate request as the engine wrote it."""
        return dict(json.loads(self.request))


class GateVote(OfRun):
    """One voice of a quorum, or an edit, which begins the round that it names."""

    gate_id = models.TextField()
    seq = models.BigIntegerField()
    round = models.IntegerField(default=0)
    verdict = models.CharField(max_length=12)
    by = models.TextField()
    reason = models.TextField(null=True)
    at = models.DateTimeField()
    edit = models.TextField(null=True)

    class Meta:
        default_related_name = "gate_votes"
        constraints = [
            models.UniqueConstraint(fields=["run", "seq"], name="gate_vote_place_in_run"),
            models.UniqueConstraint(
                fields=["run", "gate_id", "round", "by"], condition=models.Q(edit=None), name="gate_vote_once_per_round"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.verdict}"
