"""Tenants and members."""

import pytest

from runs.actions.tenants import UnableToAddMember, UnableToChooseTenant, UnableToCreateTenant, add_member, console, create_tenant
from runs.models import AuditEntry, Tenant, User
from tests.house import a_member, a_tenant

pytestmark = pytest.mark.django_db


def test_on_an_empty_installation_the_console_makes_a_tenant():
    assert console().tenant.slug == "default"
    assert console().tenant == Tenant.objects.get()
    assert AuditEntry.objects.get().action == "create_tenant"


def test_among_several_tenants_one_must_be_named():
    a_tenant("acme"), a_tenant("rival")
    with pytest.raises(UnableToChooseTenant, match=r"--tenant acme \| rival"):
        console()
    assert console("rival").tenant.slug == "rival"


def test_an_unknown_tenant_is_said_to_be_unknown():
    with pytest.raises(UnableToChooseTenant, match="no tenant 'x'"):
        console("x")


@pytest.mark.parametrize("slug", ["", "No Slug", "a" * 65])
def test_a_slug_must_be_one(slug):
    with pytest.raises(UnableToCreateTenant):
        create_tenant(by="console:me", slug=slug, name="X")


def test_a_slug_is_taken_once():
    create_tenant(by="console:me", slug="acme", name="Acme")
    with pytest.raises(UnableToCreateTenant, match="there is a tenant"):
        create_tenant(by="console:me", slug="acme", name="Acme")


def test_an_admin_adds_members_who_can_sign_in():
    member = add_member(by=a_member(), email="Ada@Acme.example", role="operator", password="correct horse")
    assert member.user.check_password("correct horse")
    assert User.objects.get(email="ada@acme.example") == member.user


def test_a_user_of_one_tenant_becomes_a_member_of_another_with_their_password():
    add_member(by=a_member(), email="ada@x.example", role="operator", password="first")
    again = add_member(by=a_member(of="rival"), email="ada@x.example", role="viewer", password="second")
    assert again.user.check_password("first")


@pytest.mark.parametrize(
    ("role", "email", "words"),
    [("operator", "admin@acme.example", "member already"), ("king", "a@b.example", "no role"), ("viewer", "ada", "no e-mail")],
)
def test_what_makes_no_member_is_refused(role, email, words):
    with pytest.raises(UnableToAddMember, match=words):
        add_member(by=a_member(), email=email, role=role)


def test_only_admins_add_members():
    with pytest.raises(UnableToAddMember, match="admin"):
        add_member(by=a_member("operator"), email="x@y.example", role="viewer")
