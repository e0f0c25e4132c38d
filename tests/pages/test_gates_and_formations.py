"""Deciding gates, and starting runs from formations."""

import pytest

from runs.models import GateStatus, Run, RunStatus
from tests.conducted import GATED, HUDDLE, conducted, started
from tests.pages.test_runs import text_of


def test_the_inbox_shows_the_proposal_as_it_would_read(client, gated):
    shown = text_of(client.get("/t/acme/gates/"))
    assert "planner wants to add to Strategies" in shown
    assert "Buy two boats." in shown
    assert "Everything proposed under Strategies is decided by a human." in shown
    assert "(1) Gates" in shown


def test_an_approval_closes_the_gate_and_queues_the_run(client, gated):
    gate = gated.gates.get()
    answer = client.post(f"/t/acme/gates/{gate.pk}/decide/", {"verdict": "approve"}, follow=True)
    gate.refresh_from_db()
    gated.refresh_from_db()
    assert (gate.status, gated.status) == (GateStatus.APPROVED, RunStatus.QUEUED)
    assert "your decision is recorded" in text_of(answer)
    assert "Nothing waits for you" in text_of(answer)


@pytest.mark.parametrize(
    ("given", "says"),
    [({"verdict": "reject"}, "a rejection needs a reason"), ({"verdict": "perhaps"}, "a verdict is one of"), ({}, "a verdict is one of")],
)
def test_an_unclear_verdict_is_refused_in_words(client, gated, given, says):
    gate = gated.gates.get()
    assert says in text_of(client.post(f"/t/acme/gates/{gate.pk}/decide/", given, follow=True))
    gate.refresh_from_db()
    assert gate.status == GateStatus.PENDING


def test_a_second_verdict_is_refused_in_words(client, gated):
    address = f"/t/acme/gates/{gated.gates.get().pk}/decide/"
    client.post(address, {"verdict": "reject", "reason": "no harbour"})
    assert "the gate is rejected already" in text_of(client.post(address, {"verdict": "approve"}, follow=True))


def test_deciding_leads_back_to_where_it_was_done_and_nowhere_else(client, owner):
    for wanted, led in (("/t/acme/runs/", "/t/acme/runs/"), ("https://evil.example/", "/t/acme/gates/"), ("", "/t/acme/gates/")):
        gate = conducted(owner, GATED).gates.get()
        answer = client.post(f"/t/acme/gates/{gate.pk}/decide/", {"verdict": "approve", "next": wanted})
        assert answer["Location"] == led


def test_a_formation_is_run_by_a_button(client, owner):
    started(owner, HUDDLE)
    answer = client.post("/t/acme/formations/lunch/run/")
    run = Run.objects.latest("pk")
    assert answer["Location"] == f"/t/acme/runs/{run.uuid}/"
    assert (run.status, run.started_by, Run.objects.count()) == (RunStatus.QUEUED, owner.user.email, 2)


def test_a_formation_is_read_in_words(client, owner, gated, huddle):
    shown = text_of(client.get("/t/acme/formations/gated/"))
    assert "At most 100 cycles and 10 000 facts." in shown
    assert "A human decides about everything proposed under Strategies." in shown
    team = text_of(client.get("/t/acme/formations/lunch/"))
    assert "consensus evaluator" in team
    assert "rule: majority" in team


def test_a_tenant_without_formations_is_told_how_to_bring_one(client):
    assert "No formation yet" in client.get("/t/acme/formations/").content.decode()
