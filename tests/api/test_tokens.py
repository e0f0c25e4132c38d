"""Tokens: what they open, and what they do not."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from runs.actions.members import remove_member
from runs.actions.tokens import UnableToMakeToken, make_token
from runs.models import AuditEntry, Membership, Role, Run, Token
from tests.api.callers import signed_in
from tests.conducted import GATED, conducted
from tests.house import a_member, a_run, a_version

pytestmark = pytest.mark.django_db
PAGE = "/t/acme/settings/tokens/"


def calling(member: Membership, *scopes: str, word: str = "Bearer", **terms) -> Client:
    """A program that shows a token of the member."""
    secret = make_token(by=member, member=member, name="robot", scopes=scopes, **terms).secret
    return Client(headers={"Authorization": f"{word} {secret}"})


def started(client: Client) -> int:
    given = {"tenant": "acme", "formation": a_version().formation.slug}
    return client.post("/api/v1/runs/", given, content_type="application/json").status_code


@pytest.mark.parametrize("word", ["Bearer", "bearer", "Token"])
def test_a_token_looks_and_tells_who_it_is(word):
    who = calling(a_member(), "run", word=word).get("/api/v1/who/").json()
    assert who == {"email": "admin@acme.example", "token": "robot", "tenants": {"acme": ["view", "run"]}}


def test_scopes_allow_and_their_absence_refuses():
    assert started(calling(a_member(), "run")) == 201
    assert started(calling(a_member(), "verify")) == 409
    entry = AuditEntry.objects.get(action="start_run")
    assert entry.actor == "admin@acme.example by token robot"


def test_a_token_does_no_more_than_its_member_may_now():
    member = a_member(Role.OPERATOR)
    client = calling(member, "run")
    Membership.objects.filter(pk=member.pk).update(role=Role.VIEWER)
    assert started(client) == 409
    assert not Run.objects.exists()


def test_a_token_stays_in_its_tenant():
    member = a_member()
    Membership.objects.create(tenant=a_member(of="rival").tenant, user=member.user, role=Role.ADMIN)
    client, theirs = calling(member, "run"), a_run(of="rival")
    assert client.get("/api/v1/runs/?tenant=rival").status_code == 404
    assert client.get(f"/api/v1/runs/{theirs.uuid}/").status_code == 404
    assert signed_in(member).get(f"/api/v1/runs/{theirs.uuid}/").status_code == 200


def test_at_a_gate_a_token_is_its_member():
    owner = a_member()
    run = conducted(owner, GATED)
    answer = calling(owner, "decide").post(
        f"/api/v1/runs/{run.uuid}/decisions/", {"gate": run.gates.get().gate_id, "verdict": "approve"}, content_type="application/json"
    )
    session = signed_in(owner).post(
        f"/api/v1/runs/{run.uuid}/decisions/", {"gate": run.gates.get().gate_id, "verdict": "approve"}, content_type="application/json"
    )
    assert answer.json() == session.json()


@pytest.mark.parametrize("spoil", ["revoked_at", "expires_at"])
def test_a_token_that_is_over_opens_nothing(spoil):
    client = calling(a_member())
    Token.objects.update(**{spoil: "2020-01-01T00:00:00Z"})
    assert client.get("/api/v1/who/").status_code == 401


def test_unknown_secrets_and_former_members_are_turned_away():
    assert Client(headers={"Authorization": "Bearer org_guess"}).get("/api/v1/who/").status_code == 401
    leaving = a_member(Role.AUTHOR)
    client = calling(leaving)
    remove_member(by=a_member(), member=leaving)
    assert client.get("/api/v1/who/").status_code == 401


def test_a_token_opens_no_page_and_makes_no_token():
    client = calling(a_member(), "administer")
    assert client.get(PAGE).status_code == 302
    with pytest.raises(UnableToMakeToken, match="sign in"):
        make_token(by=Token.objects.get(), member=a_member(), name="child")


def test_uses_are_noted_once_a_minute():
    client = calling(a_member())
    client.get("/api/v1/who/")
    first = Token.objects.get().last_used_at
    client.get("/api/v1/who/")
    assert Token.objects.get().last_used_at == first


def test_the_page_shows_a_secret_once_and_keeps_its_digest():
    browser = signed_in(a_member())
    page = browser.post(f"{PAGE}make/", {"name": "robot", "scope": ["run"], "days": "30"}).content.decode()
    secret = re.search(r"org_[\w-]{43}", page)[0]
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/who/").status_code == 200
    assert secret not in browser.get(PAGE).content.decode()
    assert secret not in str(list(Token.objects.values())) + str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": " ", "days": 7}, "a name has from 1 to 60"),
        ({"name": "x", "days": "many"}, "from 1 to 366 days"),
        ({"name": "x", "days": 7, "scope": "fly"}, "there is no scope"),
        ({"name": "x", "days": 7, "scope": "run"}, "the role viewer does not allow"),
    ],
)
def test_what_makes_no_token_is_refused_in_words(given, words):
    answer = signed_in(a_member(Role.VIEWER)).post(f"{PAGE}make/", given)
    assert answer.status_code == 400
    assert words in answer.content.decode().lower()
    assert not Token.objects.exists()


def test_admins_revoke_everybodys_and_others_their_own():
    made = make_token(by=a_member(Role.AUTHOR), member=a_member(Role.AUTHOR), name="robot").token
    path = f"{PAGE}{made.pk}/revoke/"
    assert signed_in(a_member(Role.VIEWER)).post(path).status_code == 404
    assert signed_in(a_member(of="rival")).post(path).status_code == 404
    assert signed_in(a_member()).post(path).status_code == 302
    assert Token.objects.get().revoked_at
    assert AuditEntry.objects.filter(action="revoke_token").count() == 1


def test_the_command_makes_lists_and_revokes(capsys):
    a_member(Role.AUTHOR)
    call_command("token", "make", "author@acme.example", "robot", "--scope", "run")
    secret = capsys.readouterr().out.strip()
    call_command("token", "list")
    assert "author@acme.example  view,run  until" in capsys.readouterr().out
    call_command("token", "revoke", str(Token.objects.get().pk))
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/who/").status_code == 401


def test_the_command_says_who_is_no_member():
    a_member()
    with pytest.raises(CommandError, match=r"no member 'x@y\.example'"):
        call_command("token", "make", "x@y.example", "robot")
