"""A tenant from the inside: its members, its open invitations, and what each role may do."""

from dataclasses import dataclass

from runs.models import DEEDS, Actor, Deed, Invitation, Membership, Role, User
from runs.models.shown_once import digest_of

ROLES = tuple(Role.values)


@dataclass(frozen=True)
class Rights:
    """One row of the table of roles: a deed, and for each role whether it is allowed."""

    deed: Deed
    allowed: tuple[tuple[str, bool], ...]


def rights() -> list[Rights]:
    """The table of roles."""
    return [Rights(deed, tuple((role, role in deed.roles) for role in ROLES)) for deed in DEEDS]


def members_of(by: Actor) -> list[Membership]:
    """The members of the actor's tenant, by address."""
    return list(Membership.objects.of(by).select_related("user").order_by("user__email"))


def member_of(by: Actor, number: int) -> Membership:
    """A member of the actor's tenant; raises `DoesNotExist`."""
    return Membership.objects.of(by).select_related("user").get(pk=number)


def open_invitations(by: Actor) -> list[Invitation]:
    """Who was asked and has not come yet."""
    return list(Invitation.objects.of(by).open())


def invitation_of(by: Actor, number: int) -> Invitation:
    """An open invitation into the actor's tenant; raises `DoesNotExist`."""
    return Invitation.objects.of(by).open().get(pk=number)


def invitation_for(secret: str) -> Invitation | None:
    """The invitation that a link stands for, while it is good."""
    found = Invitation.objects.select_related("tenant").filter(digest=digest_of(secret)).first()
    return found if found is not None and found.is_good else None


def has_account(email: str) -> bool:
    """Whether somebody signs in with this address."""
    return User.objects.filter(email=email).exists()
