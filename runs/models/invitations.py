"""Invitations: who was asked to become a member, by a link that works once."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from runs.models.roles import Role
from runs.models.tenants import Actor, Tenant


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, by who looks."""

    def of(self, by: Actor) -> Self:
        """Those into the actor's tenant, newest first."""
        return self.filter(tenant_id=by.tenant_id).order_by("-pk")

    def open(self) -> Self:
        """Neither accepted nor taken back; some may have expired."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(models.Model):
    """An address that may become a member; of the link's secret only the digest is kept."""

    tenant = models.ForeignKey(Tenant, models.CASCADE)
    email = models.EmailField()
    role = models.CharField(max_length=16, choices=Role)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, default=None)
    revoked_at = models.DateTimeField(null=True, default=None)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        default_related_name = "invitations"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "email"], condition=Q(accepted_at=None, revoked_at=None), name="invitation_open_once_per_address"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.email} into {self.tenant_id}"

    @property
    def is_good(self) -> bool:
        """Whether the link still lets somebody in."""
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()
