"""Members of a tenant: their roles, and taking them out. A tenant always keeps an admin."""

from django.db import transaction

from runs.actions.audit import note
from runs.models import Actor, Membership, Role, Tenant


def can_manage(*, by: Actor) -> bool:
    """Whether the actor may change who is a member, and as what."""
    try:
        check_manage(by=by)
    except UnableToManageMembers:
        return False
    return True


def check_manage(*, by: Actor) -> None:
    """Raise `UnableToManageMembers` unless the actor may change who is a member, and as what."""
    if not by.may("administer"):
        raise UnableToManageMembers("your role does not allow to manage members")


def check_role(role: str) -> None:
    """Raise `UnableToManageMembers` for a role that there is not."""
    if role not in Role.values:
        raise UnableToManageMembers(f"there is no role '{role}'; allowed: {', '.join(Role.values)}")


@transaction.atomic
def change_role(*, by: Actor, member: Membership, role: str) -> Membership:
    """Give a member of the actor's tenant another role. Raises `UnableToManageMembers`, `Membership.DoesNotExist`."""
    check_manage(by=by)
    check_role(role)
    mine = _locked(by, member)
    before = mine.role
    if before == role:
        return mine
    if before == Role.ADMIN:
        _check_not_last(mine)
    mine.role = role
    mine.save(update_fields=["role"])
    note(by=by, action="change_role", subject=mine.label, before={"role": before}, after={"role": role})
    return mine


@transaction.atomic
def remove_member(*, by: Actor, member: Membership) -> None:
    """Take somebody out of the actor's tenant, their API tokens included. Raises `UnableToManageMembers`, `Membership.DoesNotExist`."""
    check_manage(by=by)
    mine = _locked(by, member)
    _check_not_last(mine)
    note(by=by, action="remove_member", subject=mine.label, before={"role": mine.role})
    mine.delete()


def _locked(by: Actor, member: Membership) -> Membership:
    """The member as they stand now. One at a time in a tenant: two admins cannot take each other out."""
    Tenant.objects.select_for_update().get(pk=by.tenant_id)
    return Membership.objects.of(by).select_related("user").get(pk=member.pk)


def _check_not_last(member: Membership) -> None:
    others = Membership.objects.filter(tenant_id=member.tenant_id, role=Role.ADMIN, user__is_active=True).exclude(pk=member.pk)
    if member.role == Role.ADMIN and not others.exists():
        raise UnableToManageMembers(f"{member.label} is the last admin of this tenant: make somebody else an admin first")


class UnableToManageMembers(Exception):
    """Not allowed, or the tenant would have no admin."""
