"""Journals in which somebody damaged a row: told in words, nothing half-written, and everybody else goes on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from runs.actions.gates import UnableToDecide, decide_gate
from runs.actions.runs import UnableToCancelRun, cancel_run
from runs.models import Gate, Run
from runs.runner import carry, claim
from runs.runner.expire import expire_gates
from runs.runner.writer import HELD_BACK
from tests.altering import alter
from tests.documents import document, gated, rule
from tests.house import a_member, a_run, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
LATE = timedelta(days=1)


def waiting(text: str = "") -> Run:
    """A run at its gates."""
    a_run(version=a_version(text or gated()))
    run = claim(timezone.now())
    assert run is not None
    carry(run)
    assert run.status == "waiting"
    return run


def damage(run: Run, kind: str) -> None:
    alter(run, run.envelopes.filter(kind=kind).latest("seq").seq, '"event":{', '"event":{{')


def test_a_run_whose_journal_is_damaged_is_held_back_until_it_is_mended():
    run, other = waiting(), waiting()
    for one in (run, other):
        decide_gate(by=a_member(), gate=one.gates.get(), verdict="approve")
    damage(run, "CycleStarted")
    head = Run.objects.get(pk=run.pk).head
    for _ in range(2):
        carry(claim(timezone.now()))
    run.refresh_from_db()
    assert (run.status, run.head, claim(timezone.now())) == ("queued", head, None)
    assert "is damaged and cannot be read: DecodeError" in run.message
    assert Run.objects.get(pk=other.pk).status == "converged"
    alter(run, run.envelopes.filter(kind="CycleStarted").latest("seq").seq, '"event":{{', '"event":{')
    carry(claim(timezone.now() + HELD_BACK))
    assert Run.objects.get(pk=run.pk).status == "converged"


def test_deciding_and_cancelling_tell_that_the_journal_is_damaged(client):
    run, gate = waiting(), Gate.objects.get()
    damage(run, "CycleParked")
    with pytest.raises(UnableToDecide, match=r"the journal of run .* is damaged"):
        decide_gate(by=a_member(), gate=gate, verdict="approve")
    with pytest.raises(UnableToCancelRun, match=r"the journal of run .* is damaged"):
        cancel_run(by=a_member(), run=run)
    client.force_login(a_member().user)
    shown = client.post(f"/t/acme/gates/{gate.pk}/decide/", {"verdict": "approve"}, follow=True).content.decode()
    assert "is damaged and cannot be read" in shown
    assert (Run.objects.get(pk=run.pk).head, Gate.objects.get().status) == (run.head, "pending")


def test_a_damaged_journal_keeps_no_other_gate_from_being_closed_in_time():
    run, other = waiting(), waiting()
    damage(run, "CycleParked")
    assert expire_gates(timezone.now() + LATE) == 1
    assert (run.gates.get().status, other.gates.get().status) == ("pending", "expired")


def test_of_two_contents_of_one_fact_the_time_out_approves_one():
    team = [rule(name, "Strategies", "plan", words) for name, words in (("ada", "one boat"), ("bob", "two boats"))]
    run = waiting(document("Both", team, gates={"keys": ["Strategies"], "timeout": {"seconds": 60, "action": "approve"}}))
    assert expire_gates(timezone.now() + LATE) == 2
    first, second = run.gates.order_by("seq")
    assert (first.reason, second.reason.split(", ")[1].split(":")[0]) == ("nobody answered within 60 seconds", "and it cannot be approved")
    carry(claim(timezone.now()))
    run.refresh_from_db()
    assert (run.status, run.facts.get(fact_id="plan").text) == ("converged", "one boat")
