"""Tenants and their members."""

import getpass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from runs.actions.audit import note, note_in
from runs.models import Actor, Console, Membership, Role, Tenant, User


def console(slug: str | None = None) -> Console:
    """Whoever types on this machine, in the tenant named, or in the only one; a first one is made when there is none."""
    tenants = list(Tenant.objects.filter(slug=slug) if slug else Tenant.objects.order_by("slug")[:20])
    if len(tenants) == 1:
        return Console(tenants[0])
    if slug:
        raise UnableToChooseTenant(f"there is no tenant '{slug}'")
    if tenants:
        raise UnableToChooseTenant(f"there are several tenants; name one: --tenant {' | '.join(each.slug for each in tenants)}")
    return Console(create_tenant(by=f"console:{getpass.getuser()}", slug="default", name="Default"))


@transaction.atomic
def create_tenant(*, by: str, slug: str, name: str) -> Tenant:
    """Make a tenant; `by` is the name of whoever does, for there is no membership yet."""
    if slug != slugify(slug) or not 1 <= len(slug) <= 64:
        raise UnableToCreateTenant(f"'{slug}' is no slug: lower-case letters, digits and hyphens, 64 at most")
    if Tenant.objects.filter(slug=slug).exists():
        raise UnableToCreateTenant(f"there is a tenant '{slug}'")
    tenant = Tenant.objects.create(slug=slug, name=name)
    note_in(tenant, actor=by, action="create_tenant", subject=slug, after={"name": name})
    return tenant


@transaction.atomic
def add_member(*, by: Actor, email: str, role: str, password: str | None = None) -> Membership:
    """Make somebody a member of the actor's tenant, and a user if they are none; a password is set for new users only."""
    if not by.may("administer"):
        raise UnableToAddMember("only an admin adds members")
    if role not in Role.values:
        raise UnableToAddMember(f"there is no role '{role}'; allowed: {', '.join(Role.values)}")
    user = _user(email, password)
    if Membership.objects.filter(tenant=by.tenant, user=user).exists():
        raise UnableToAddMember(f"{user.email} is a member already")
    member = Membership.objects.create(tenant=by.tenant, user=user, role=role)
    note(by=by, action="add_member", subject=user.email, after={"role": role})
    return member


@transaction.atomic
def appoint_keeper(*, by: Console, member: Membership) -> None:
    """Let a member enter the admin of the whole installation; only who types on the machine appoints."""
    user = member.user
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    note(by=by, action="appoint_keeper", subject=user.email)


def _user(email: str, password: str | None) -> User:
    address = User.objects.normalize_email(email)
    try:
        validate_email(address)
    except ValidationError as error:
        raise UnableToAddMember(f"'{email}' is no e-mail address") from error
    return User.objects.filter(email=address).first() or User.objects.create_user(address, password)


class UnableToChooseTenant(Exception):
    """It is not clear, or not there, what tenant is meant."""


class UnableToCreateTenant(Exception):
    """The slug is taken, or none."""


class UnableToAddMember(Exception):
    """Not allowed, or nothing to add."""
