"""Who looks, and where: the memberships of a person who signed in."""

from uuid import UUID

from runs.models import Membership, User

Member = Membership


def membership_of(user: User, slug: str) -> Membership:
    """The user's membership in the tenant of that name; raises `DoesNotExist` for everybody else."""
    return Membership.objects.of_user(user).get(tenant__slug=slug)


def memberships_of(user: User) -> list[Membership]:
    """All tenants of the user, by name."""
    return list(Membership.objects.of_user(user))


def member_for_run(user: User, run: UUID) -> Membership:
    """The user's membership in the tenant of a run; raises `DoesNotExist` when the run is not theirs or not there."""
    return Membership.objects.of_user(user).get(tenant__runs__uuid=run)
