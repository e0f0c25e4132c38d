"""Who is here: users, tenants, memberships, and the actors that actions and readings take as `by=`."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from runs.models.roles import MAY, Role

if TYPE_CHECKING:
    from runs.models.tokens import Token


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is the name."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Lower case throughout: one address, one user."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the user of an address, however it is written."""
        return self.get(email=self.normalize_email(username))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user; without a password nobody can sign in as them."""
        if not self.normalize_email(email):
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user who may enter the admin and change everything there."""
        return self.create_user(email, password, **(fields | {"is_staff": True, "is_superuser": True}))


class User(AbstractUser):
    """A person who signs in with an e-mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case")]

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the address in its one form."""
        self.email = UserManager.normalize_email(self.email)
        super().save(*args, **kwargs)


class TenantQuerySet(models.QuerySet["Tenant"]):
    """Tenants, by who looks."""

    def of_user(self, user: User) -> Self:
        """The tenants that the user is a member of."""
        return self.filter(memberships__user=user).order_by("name")


class Tenant(models.Model):
    """One organisation of this installation; tenants never see each other."""

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships, by who looks."""

    def of(self, by: "Actor") -> Self:
        """The members of the actor's tenant."""
        return self.filter(tenant_id=by.tenant_id)

    def who_decide(self, names: Sequence[str]) -> Self:
        """Those who have a voice at a gate: whom its list of roles and addresses names; without one, whose role may decide."""
        addresses = [name.strip().lower() for name in names]
        named = models.Q(role__in=names) | models.Q(user__email__in=addresses)
        return self.filter(named if names else models.Q(role__in=MAY["decide"]))

    def of_user(self, user: User) -> Self:
        """The memberships of a user, tenants at hand."""
        return self.filter(user=user).select_related("tenant", "user").order_by("tenant__name")


class Membership(models.Model):
    """A user in a tenant, with one role: the actor of everything done in the browser."""

    tenant = models.ForeignKey(Tenant, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    role = models.CharField(max_length=16, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()
    is_keeper = False

    class Meta:
        default_related_name = "memberships"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="membership_once_per_tenant"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.tenant}"

    @property
    def label(self) -> str:
        """The name under which deeds are recorded."""
        return self.user.email

    @property
    def signature(self) -> str:
        """How deeds are signed in the audit log."""
        return self.label

    def may(self, deed: str) -> bool:
        """Whether the role allows the deed."""
        return self.role in MAY[deed]

    def decides(self, names: Sequence[str]) -> bool:
        """Whether this member has a voice at a gate that names these roles and addresses; the same rule as `who_decide`."""
        if not names:
            return self.may("decide")
        return self.role in names or self.label in [name.strip().lower() for name in names]


@dataclass(frozen=True)
class Console:
    """Whoever types on the machine itself: may do everything, in one tenant, under the name `console:<os user>`."""

    tenant: Tenant
    role = Role.ADMIN
    is_keeper = True

    @property
    def tenant_id(self) -> int:
        """The tenant's key, as a membership has it."""
        return self.tenant.pk

    @property
    def label(self) -> str:
        """The name under which deeds are recorded."""
        return f"console:{getpass.getuser()}"

    @property
    def signature(self) -> str:
        """How deeds are signed in the audit log."""
        return self.label

    def may(self, deed: str) -> bool:
        """Everything that is a deed at all."""
        return deed in MAY

    def decides(self, names: Sequence[str]) -> bool:
        """The machine's keeper stands in for everybody."""
        return True


Actor: TypeAlias = "Membership | Console | Token"
