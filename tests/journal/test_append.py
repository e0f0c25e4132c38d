"""Appending: places without gaps, events numbered, all or nothing."""

import json

import pytest

from runs.doorbell import listening
from runs.journal import LeaseLost, append
from runs.models import (
    Activity,
    ConsensusOutcome,
    Cycle,
    Disagreement,
    Envelope,
    Fact,
    Gate,
    Rejection,
    Round,
    Run,
    TransitionRefused,
    Vote,
)
from tests.house import a_run
from tests.journal.teams import GATES, START, huddle, journaled

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def leased() -> Run:
    return a_run(status="running", lease="me")


def bodies(run: Run) -> list[dict]:
    return [json.loads(body) for body in run.envelopes.order_by("seq").values_list("body", flat=True)]


def test_places_are_one_to_head_without_gaps():
    run = journaled(leased(), huddle())
    assert [body["seq"] for body in bodies(run)] == list(range(1, run.head + 1))
    assert list(run.envelopes.order_by("seq").values_list("seq", flat=True)) == list(range(1, run.head + 1))


def test_experience_events_are_numbered_from_zero():
    run = journaled(leased(), huddle())
    ids = [body["event_id"] for body in bodies(run) if body["family"] == "experience"]
    assert ids == [f"formation:c-1:{number}" for number in range(run.event_count)]
    assert list(run.envelopes.exclude(event_id=None).order_by("seq").values_list("event_id", flat=True)) == ids


def test_times_are_in_both_places_the_same():
    run = journaled(leased(), huddle())
    first = run.envelopes.get(seq=1)
    assert first.occurred_at == START
    assert json.loads(first.body)["occurred_at"] == "2026-11-22T01:02:03.000004Z"


def test_a_finished_run_has_its_numbers_and_no_lease():
    run = Run.objects.get(pk=journaled(leased(), huddle()).pk)
    assert (run.status, run.lease, json.loads(run.stop_reason)) == ("converged", None, "Converged")
    assert run.fact_count == Fact.objects.filter(run=run).count() == 11
    assert run.cycles == run.cycle == Cycle.objects.filter(run=run).count() - 1
    assert run.engine_us == 7 * (run.cycles + 1)
    assert run.digest == run.cycle_rows.get(number=run.cycles).digest
    assert run.started_at == START


def test_facts_carry_what_was_promoted():
    run = journaled(leased(), huddle())
    note = Fact.objects.get(run=run, fact_id="note:ada:1")
    assert (note.key, note.suggestor, note.provenance, note.promoted_by) == ("Hypotheses", "ada", "test", "agent-1")
    assert note.value == {"text": "Yes – ☂\0!"}
    assert json.loads(note.payload) == note.value


def test_a_huddle_is_projected():
    run = journaled(leased(), huddle())
    round_ = Round.objects.get(run=run)
    assert (round_.number, round_.synthesis, round_.error) == (1, "All of it", None)
    assert round_.started_cycle < round_.synthesis_cycle < round_.continued_cycle
    assert [(vote.voter, vote.decision) for vote in Vote.objects.order_by("seq")] == [("ada", "yes"), ("bob", "no"), ("cy", "yes")]
    assert ConsensusOutcome.objects.get(run=run).as_payload()["yesVotes"] == 2
    assert Disagreement.objects.get(run=run).dissenter == "bob"


def test_refusals_and_failures_are_told():
    run = journaled(leased(), huddle())
    assert Rejection.objects.get(run=run).reason == "content cannot be empty"
    ada = Activity.objects.get(run=run, suggestor="ada", cycle=2)
    assert (ada.proposed, ada.promoted, ada.rejected) == (2, 1, 1)
    assert "stumbled" in Activity.objects.get(run=run, suggestor="stumbler").error


def test_a_gate_is_projected_with_its_decision():
    run = journaled(leased(), huddle(), gates=GATES)
    gate = Gate.objects.get(run=run)
    assert (gate.status, gate.decided_by, gate.proposal_id, gate.approver_names) == ("approved", "ada", "synthesis:1", ["approver"])
    assert (gate.due_at - gate.requested_at).total_seconds() == 60
    assert Fact.objects.get(run=run, fact_id="synthesis:1").approver == "ada"


def test_a_rejected_gate_keeps_the_reason():
    run = journaled(leased(), huddle(), gates=GATES, decide="reject")
    assert Gate.objects.filter(run=run).values_list("status", "reason").get() == ("rejected", "because")


@pytest.mark.parametrize("stolen", [{"lease": "other"}, {"head": 5}])
def test_whoever_lost_the_run_writes_nothing(stolen):
    run = leased()
    Run.objects.filter(pk=run.pk).update(**stolen)
    with pytest.raises(LeaseLost):
        journaled(run, huddle())
    assert not Envelope.objects.exists()
    assert not Fact.objects.exists()
    assert run.head == 0


def test_a_run_that_is_over_takes_no_other_status():
    run = journaled(leased(), huddle())
    with pytest.raises(TransitionRefused, match="converged cannot become queued"):
        append(run, [], columns={"status": "queued"})


def test_the_doorbell_rings_after_the_commit(django_capture_on_commit_callbacks):
    rung: list[int] = []
    run = leased()
    with listening(rung.append):
        with django_capture_on_commit_callbacks(execute=True):
            append(run, [], lease="me")
            assert rung == []
        assert rung == [run.pk]
