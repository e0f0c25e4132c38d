"""Who gets in: the owner and the colleague see, the colleague may not act, for the stranger nothing is there."""

import pytest
from django.test import Client

from runs.models import Run, RunStatus
from tests.pages.conftest import BACKEND

RUN = "/t/acme/runs/{run.uuid}/"
PAGES = [
    "/t/acme/",
    "/t/acme/find/?q=lunch",
    "/t/acme/runs/runs.csv",
    "/t/acme/runs/compare/?run={run.uuid}&run={run.uuid}",
    "/t/acme/runs/",
    "/t/acme/runs/?status=converged&q=lunch",
    "/t/acme/runs/rows/?run={run.uuid}",
    *(RUN + f"?tab={tab}" for tab in ("events", "context", "huddle", "disagreements", "gates", "outcome")),
    RUN + "?tab=context&key=refused",
    RUN + "?tab=context&key=asleep",
    RUN + "?tab=context&at=1",
    RUN + "?tab=graph&focus=Votes/none",
    *(RUN + f"graph.{form}?keep=yes&focus=Seeds/lunch" for form in ("json", "svg", "table")),
    RUN + "events/",
    RUN + "topic/?topic=lunch",
    RUN + "verdict/",
    RUN + "why/?fact=Seeds/lunch",
    "/t/acme/gates/",
    "/t/acme/formations/",
    "/t/acme/formations/lunch/",
    "/t/acme/learning/",
    "/t/acme/tournaments/",
]
DEEDS = [RUN + "cancel/", RUN + "verify/", "/t/acme/gates/{gate.pk}/decide/", "/t/acme/formations/gated/run/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_there_for_members_only(path, huddle, owner, viewer, stranger, as_member, client):
    path = path.format(run=huddle)
    assert client.get(path).status_code == 200
    assert as_member(viewer).get(path).status_code == 200
    assert as_member(stranger).get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_who_is_not_signed_in_is_asked_to(path, huddle, db):
    answer = Client().get(path.format(run=huddle))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("path", DEEDS)
def test_a_deed_is_not_there_for_a_stranger(path, gated, stranger, as_member):
    path = path.format(run=gated, gate=gated.gates.get())
    assert as_member(stranger).post(path, {"verdict": "approve"}).status_code == 404
    gated.refresh_from_db()
    assert gated.status == RunStatus.WAITING
    assert Run.objects.count() == 1


@pytest.mark.parametrize("path", DEEDS)
def test_a_viewer_is_refused_in_words_and_nothing_changes(path, gated, viewer, as_member):
    path = path.format(run=gated, gate=gated.gates.get())
    answer = as_member(viewer).post(path, {"verdict": "approve"}, follow=True)
    assert "your role does not allow" in answer.content.decode()
    gated.refresh_from_db()
    assert gated.status == RunStatus.WAITING
    assert Run.objects.count() == 1


@pytest.mark.parametrize("path", DEEDS)
def test_a_deed_needs_a_form(path, gated, client):
    assert client.get(path.format(run=gated, gate=gated.gates.get())).status_code == 405


def test_a_viewer_sees_no_button_that_would_be_refused(gated, viewer, as_member):
    browser = as_member(viewer)
    assert "Run it" not in browser.get("/t/acme/formations/").content.decode()
    assert "Cancel" not in browser.get(f"/t/acme/runs/{gated.uuid}/").content.decode()
    assert 'name="verdict"' not in browser.get("/t/acme/gates/").content.decode()


@pytest.mark.parametrize("path", ["/t/acme/runs/not-a-run/", "/t/nowhere/runs/", "/t/acme/formations/none/", "/nowhere/"])
def test_what_is_not_there_says_so_in_its_own_page(path, client):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_the_first_page_leads_to_the_overview_of_the_tenant(client):
    assert client.get("/")["Location"] == "/t/acme/"


def test_who_has_no_tenant_is_told_what_to_do(db, django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_user("lonely@example.org"), backend=BACKEND)
    assert "You are in no tenant yet" in client.get("/").content.decode()
