"""Members and invitations, through the pages."""

import re

import pytest
from django.core import mail
from django.test import Client

from runs.models import AuditEntry, Invitation, Membership, Role, User
from runs.models.roles import roles_table
from tests.house import a_member
from tests.server import ROOT

pytestmark = pytest.mark.django_db
MEMBERS = "/t/acme/settings/members/"
PASSWORD = "correct horse battery"


def invited(client, email="new@acme.example", role="operator") -> str:
    """The path of the link that an admin is shown."""
    page = client.post(f"{MEMBERS}invite/", {"email": email, "role": role}).content.decode()
    return re.search(r"http://testserver(/invitations/[^<]+/)", page)[1]


def test_the_table_of_roles_stands_in_the_readme():
    assert roles_table() in (ROOT / "README.md").read_text()


def test_members_are_listed_for_members_only(client, viewer, stranger, as_member):
    assert "viewer@acme.example" in client.get(MEMBERS).content.decode()
    seen = as_member(viewer).get(MEMBERS).content.decode()
    assert "admin@acme.example" in seen
    assert "Invite somebody" not in seen
    assert as_member(stranger).get(MEMBERS).status_code == 404


def test_a_change_of_role_is_audited_with_before_and_after(client, viewer):
    client.post(f"{MEMBERS}{viewer.pk}/role/", {"role": "author"})
    entry = AuditEntry.objects.get(action="change_role")
    assert (entry.subject, entry.before, entry.after) == ("viewer@acme.example", '{"role": "viewer"}', '{"role": "author"}')


@pytest.mark.parametrize("deed", ["role/", "remove/"])
def test_the_last_admin_stays_one(deed, client, owner):
    answer = client.post(f"{MEMBERS}{owner.pk}/{deed}", {"role": "viewer"}, follow=True)
    assert "is the last admin of this tenant: make somebody else an admin first" in answer.content.decode()
    assert Membership.objects.get(pk=owner.pk).role == Role.ADMIN


def test_of_two_admins_one_may_go(client, owner):
    second = a_member(Role.ADMIN, email="second@acme.example")
    client.post(f"{MEMBERS}{second.pk}/remove/")
    assert not Membership.objects.filter(pk=second.pk).exists()
    assert AuditEntry.objects.get(action="remove_member").subject == "second@acme.example"


def test_an_admin_who_cannot_sign_in_does_not_count(client, owner):
    User.objects.filter(pk=a_member(Role.ADMIN, email="gone@acme.example").user_id).update(is_active=False)
    assert "last admin" in client.post(f"{MEMBERS}{owner.pk}/remove/", follow=True).content.decode()


@pytest.mark.parametrize("deed", ["{pk}/role/", "{pk}/remove/", "invite/"])
def test_only_admins_manage_and_strangers_find_nothing(deed, owner, viewer, stranger, as_member):
    path = MEMBERS + deed.format(pk=owner.pk)
    answer = as_member(viewer).post(path, {"role": "admin", "email": "a@b.example"}, follow=True)
    assert "your role does not allow" in answer.content.decode().lower()
    assert as_member(stranger).post(path, {"role": "admin", "email": "a@b.example"}).status_code == 404
    assert not AuditEntry.objects.exists()


def test_members_of_another_tenant_are_out_of_reach(client, stranger):
    assert client.post(f"{MEMBERS}{stranger.pk}/remove/").status_code == 404


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"email": "no address", "role": "viewer"}, "is no e-mail address"),
        ({"email": "new@acme.example", "role": "king"}, "There is no role &#x27;king&#x27;; allowed: viewer"),
        ({"email": "ADMIN@acme.example", "role": "viewer"}, "is a member already"),
    ],
)
def test_what_cannot_be_invited_is_told_at_the_field(given, words, client):
    answer = client.post(f"{MEMBERS}invite/", given)
    assert answer.status_code == 400
    assert words.lower() in answer.content.decode().lower()
    assert not Invitation.objects.exists()


def test_somebody_new_joins_with_a_password_and_is_signed_in(client):
    link = invited(client)
    assert link in mail.outbox[0].body
    newcomer = Client()
    assert newcomer.post(link, {"password": PASSWORD})["Location"] == "/t/acme/runs/"
    assert newcomer.get("/t/acme/runs/").status_code == 200
    assert Membership.objects.get(user__email="new@acme.example").role == Role.OPERATOR
    assert {entry.action for entry in AuditEntry.objects.all()} == {"invite", "accept_invitation"}


def test_a_link_works_once(client):
    link = invited(client)
    Client().post(link, {"password": PASSWORD})
    assert Client().get(link).status_code == 404
    assert Client().post(link, {"password": PASSWORD}).status_code == 404


def test_a_link_expires(client, time_machine):
    time_machine.move_to("2026-11-01")
    link = invited(client)
    time_machine.move_to("2026-11-09")
    assert "This invitation is over" in Client().get(link).content.decode()


def test_an_invitation_can_be_taken_back_and_a_second_replaces_the_first(client):
    first, second = invited(client), invited(client)
    assert Client().get(first).status_code == 404
    client.post(f"/t/acme/settings/invitations/{Invitation.objects.open().get().pk}/revoke/")
    assert Client().get(second).status_code == 404


def test_a_weak_password_is_refused_and_the_link_stays_good(client):
    link = invited(client)
    assert "too common" in Client().post(link, {"password": "password"}).content.decode()
    assert Client().get(link).status_code == 200
    assert not User.objects.filter(email="new@acme.example").exists()


def test_who_has_an_account_signs_in_first(client, stranger, as_member):
    link = invited(client, stranger.label)
    assert "Sign in to join" in Client().get(link).content.decode()
    assert Client().post(link, {"password": PASSWORD}).status_code == 400
    assert as_member(stranger).post(link)["Location"] == "/t/acme/runs/"


def test_a_link_is_for_its_address_only(client, stranger, as_member):
    link = invited(client)
    answer = as_member(stranger).post(link)
    assert answer.status_code == 400
    assert "the invitation is for new@acme.example" in answer.content.decode().lower()


def test_the_secret_is_not_kept(client):
    secret = invited(client).split("/")[2]
    assert secret not in str(Invitation.objects.values().get())
