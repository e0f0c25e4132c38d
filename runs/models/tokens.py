"""API tokens: actors that stand for a member, with no more rights than both have."""

from collections.abc import Sequence
from typing import Self

from django.db import models
from django.utils import timezone

from runs.models.tenants import Actor, Membership, Tenant


class TokenQuerySet(models.QuerySet["Token"]):
    """Tokens, by who looks."""

    def of(self, by: Actor) -> Self:
        """Those of the actor's tenant, newest first."""
        return self.filter(membership__tenant_id=by.tenant_id).select_related("membership__user", "membership__tenant").order_by("-pk")

    def whose(self, email: str) -> Self:
        """Those that stand for the member of that address."""
        return self.filter(membership__user__email=email)


class Token(models.Model):
    """A key to the API, of one member in one tenant: the actor of what is done with it.

    It may do what its scopes name and its member's role allows, at the time of the call; looking is always allowed. At gates
    it is its member: a token is no second pair of eyes. Of the secret only the digest is kept.
    """

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    start = models.CharField(max_length=16, help_text="how the secret begins, to tell tokens apart")
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, default=None)
    revoked_at = models.DateTimeField(null=True, default=None)

    objects = TokenQuerySet.as_manager()
    is_keeper = False

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"

    @property
    def tenant(self) -> Tenant:
        """The tenant of its member."""
        return self.membership.tenant

    @property
    def tenant_id(self) -> int:
        """The tenant's key, as a membership has it."""
        return self.membership.tenant_id

    @property
    def role(self) -> str:
        """The role of its member."""
        return self.membership.role

    @property
    def label(self) -> str:
        """The name of its member."""
        return self.membership.label

    @property
    def signature(self) -> str:
        """The member, and that it was this token."""
        return f"{self.label} by token {self.name}"

    @property
    def is_good(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and self.expires_at > timezone.now() and self.membership.user.is_active

    def may(self, deed: str) -> bool:
        """Whether both the scopes and the member's role allow the deed."""
        return (deed == "view" or deed in self.scopes) and self.membership.may(deed)

    def decides(self, names: Sequence[str]) -> bool:
        """Whether its member has a voice at the gate, and the scopes allow to use it."""
        return "decide" in self.scopes and self.membership.decides(names)
