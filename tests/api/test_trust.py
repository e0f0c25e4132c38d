"""Verdicts and explanations over the API."""

import pytest
from django.utils import timezone

from runs.runner import carry_out, claim_verification
from tests.api.callers import signed_in
from tests.conducted import GATED, HUDDLE, conducted
from tests.house import a_member

pytestmark = pytest.mark.django_db
ROUTES = ["verify/", "why/?fact=Seeds/lunch", "why-not/?fact=Votes/none", "waiting/", "outcome/"]


@pytest.fixture
def run():
    return conducted(a_member(), HUDDLE)


def address(run, route: str) -> str:
    return f"/api/v1/runs/{run.uuid}/{route}"


@pytest.mark.parametrize("route", ROUTES)
def test_members_may_ask_and_for_strangers_it_is_not_there(run, route):
    assert signed_in(a_member("viewer")).get(address(run, route)).status_code == 200
    assert signed_in(a_member(of="other")).get(address(run, route)).status_code == 404


def test_a_verification_is_asked_for_and_told(run):
    client = signed_in(a_member("auditor"))
    asked = client.post(address(run, "verify/"))
    assert (asked.status_code, asked.json()["verdict"]) == (202, "asked")
    carry_out(claim_verification(timezone.now()))
    (told,) = client.get(address(run, "verify/")).json()
    assert (told["verdict"], told["head"], told["by"]) == ("verified", run.head, "auditor@acme.example")


def test_a_viewer_may_not_have_it_verified(run):
    assert signed_in(a_member("viewer")).post(address(run, "verify/")).status_code == 409


def test_why_and_why_not(run):
    client = signed_in(a_member())
    told = client.get(address(run, "why/?fact=ConsensusOutcomes/outcome:lunch")).json()
    assert told["seeds"] == ["Seeds/brief"]
    gated = conducted(a_member(), GATED)
    assert client.get(address(gated, "why-not/?fact=Strategies/plan-a")).json()["blocker"] == "gate_pending"


@pytest.mark.parametrize(("fact", "status"), [("Seeds/none", 404), ("Seeds", 400), ("", 400), ("Seeds/%00", 400)])
def test_what_is_no_fact(run, fact, status):
    assert signed_in(a_member()).get(address(run, f"why/?fact={fact}")).status_code == status
