"""Why facts are not there, and who never woke."""

import pytest
from django.utils import timezone

from runs.actions.gates import decide_gate
from runs.actions.runs import cancel_run
from runs.engine import ContextKey, Payload, Proposal, Suggestor
from runs.models import Gate
from runs.reading.provenance import named
from runs.reading.told import waiting_in
from runs.reading.why_not import why_not
from runs.runner import carry, claim_run
from runs.suggestors.rule import Rule
from tests.conducted import GATED, HUDDLE, SPENT, conducted, document, says, started
from tests.house import a_member
from tests.reading.test_why import run_of

pytestmark = pytest.mark.django_db


def blocker(run, name):
    return why_not(run, named(name))


def team(*seats, **parts):
    return conducted(a_member(), document(f"Team of {len(seats)}", list(seats), **parts))


def decided(verdict: str, reason: str):
    run = conducted(a_member(), GATED)
    decide_gate(by=a_member("approver"), gate=Gate.objects.get(), verdict=verdict, reason=reason)
    carry(claim_run(run, timezone.now()))
    return run


def test_what_is_there_is_not_in_the_way_of_anything():
    assert blocker(conducted(a_member(), HUDDLE), "Seeds/lunch").kind == "there"


def test_a_blank_text():
    found = blocker(team(says("ada", "Hypotheses", "h", text=" \n")), "Hypotheses/h")
    assert (found.kind, found.suggestor, found.cycle) == ("blank", "ada", 1)
    assert "content cannot be empty" in found.says


def test_a_payload_of_the_wrong_form():
    class Careless(Suggestor):
        name, done_when = "careless", ((ContextKey.DIAGNOSTIC, "x"),)

        def suggest(self, context):
            bad = Payload.of("converge.governance.vote", {"topic": "t"})
            said = Proposal.text_of(ContextKey.DIAGNOSTIC, "x", "x", "p")
            return [Proposal(ContextKey.VOTES, "v", bad, "p"), said]

    found = blocker(run_of(Careless()), "Votes/v")
    assert (found.kind, found.suggestor) == ("invalid_payload", "careless")


def test_a_conflict():
    run = team(says("ada", "Hypotheses", "h", text="one"), says("bob", "Hypotheses", "h", text="two"))
    assert run.status == "failed"
    run.facts.filter(fact_id="h").delete()
    found = blocker(run, "Hypotheses/h")
    assert (found.kind, found.suggestor) == ("conflict", "bob")
    assert "the run ended" in found.says


def test_a_gate_that_waits():
    found = blocker(conducted(a_member(), GATED), "Strategies/plan-a")
    assert (found.kind, found.gate_id, found.remedy) == ("gate_pending", "hitl-1-0-plan-a", "1 approval would let it pass.")


def test_a_quorum_that_is_not_complete():
    for role in ("approver", "operator"):
        a_member(role)
    run = team(says("planner", "Strategies", "plan-a", text="Buy."), gates={"keys": ["Strategies"], "quorum": 2})
    assert blocker(run, "Strategies/plan-a").remedy == "2 approvals would let it pass."
    decide_gate(by=a_member("approver"), gate=Gate.objects.get(), verdict="approve")
    found = blocker(run, "Strategies/plan-a")
    assert (found.kind, found.says) == ("quorum", "It waits at gate hitl-1-0-plan-a for a decision, 1 of 2 have approved.")


def test_what_waits_beside_a_gate():
    a_member("approver")
    seats = (says("planner", "Strategies", "plan-a", text="Buy."), says("ada", "Hypotheses", "h", text="x"))
    found = blocker(team(*seats, gates={"keys": ["Strategies"]}), "Hypotheses/h")
    assert (found.kind, found.remedy) == ("parked", "Decide hitl-1-0-plan-a.")


def test_a_rejection_names_who_and_why():
    found = blocker(decided("reject", "too dear"), "Strategies/plan-a")
    assert found.kind == "gate_rejected"
    assert "approver@acme.example" in found.says
    assert "too dear" in found.says


def test_a_rejected_id_counts_under_every_key():
    assert blocker(decided("reject", "too dear"), "Hypotheses/plan-a").kind == "rejected_before"


def test_a_gate_of_a_cancelled_run():
    run = conducted(a_member(), GATED)
    assert blocker(cancel_run(by=a_member(), run=run), "Strategies/plan-a").kind == "gate_cancelled"


def test_the_condition_that_its_author_lacked():
    run = team(says("ada", "Hypotheses", "h", text="x", after=["Signals", "go"]))
    found = blocker(run, "Hypotheses/h")
    assert (found.kind, [each.name for each in found.who]) == ("never_proposed", ["ada"])
    assert [lack.condition for lack in found.who[0].lacks] == [None, {"has_fact": ["Signals", "go"]}]
    assert "Signals/go is missing" in found.says


def test_an_id_that_no_rule_writes():
    run = team(says("ada", "Hypotheses", "h", text="x"))
    assert blocker(run, "Hypotheses/other").kind == "nobody"
    assert blocker(run, "Votes/v").kind == "nobody"


def test_counted_ids_are_known_by_their_pattern():
    run = conducted(a_member(), SPENT)
    found = blocker(run, "Signals/tick-9")
    assert (found.kind, found.who[0].name) == ("budget", "counter")
    assert blocker(run, "Signals/tick-x").kind == "nobody"


def test_a_seat_that_is_switched_off():
    seat = says("ada", "Hypotheses", "h", text="x") | {"enabled": False}
    assert blocker(team(seat), "Hypotheses/h").kind == "disabled"


def test_a_run_that_was_cancelled_before_its_author_spoke():
    run = started(a_member(), document("Slow", [says("ada", "Hypotheses", "h", text="x")]))
    cancel_run(by=a_member(), run=run)
    run.refresh_from_db()
    assert blocker(run, "Hypotheses/h").kind == "cancelled"


def test_a_verdict_waits_for_votes():
    found = blocker(
        team({"kind": "consensus-evaluator", "with": {"rule": "majority", "total_voters": 3}}), "ConsensusOutcomes/outcome:lunch"
    )
    assert found.who[0].lacks[0].says == "no fact under Votes, which would wake it"


def test_sleepers_are_named_with_what_they_lack():
    run = team(
        says("ada", "Hypotheses", "h", text="x"),
        says("bob", "Strategies", "st", text="x", after=["Hypotheses", "other"]),
        {"kind": "disagreement-mapper", "with": {}},
    )
    told = {each["suggestor"]: [lack["says"] for lack in each["lacks"]] for each in waiting_in(run)}
    assert told == {"bob": ["Hypotheses/other is missing"], "disagreement-mapper": ["no fact under Disagreements, which would wake it"]}


def test_who_spoke_does_not_sleep():
    assert [each["suggestor"] for each in waiting_in(conducted(a_member(), HUDDLE))] == []


def test_before_a_run_begins_all_wait_for_it():
    told = waiting_in(started(a_member(), HUDDLE))
    assert len(told) == len(HUDDLE["team"])


class Fails(Suggestor):
    """Fails whenever it is asked."""

    name = "fails"

    def suggest(self, context):
        raise ValueError("out of ideas")


def test_who_failed_three_times_is_benched(monkeypatch):
    monkeypatch.setattr(Rule, "suggest", Fails.suggest)
    found = blocker(team(says("ada", "Hypotheses", "h", text="x")), "Hypotheses/h")
    assert found.kind in ("benched", "failed")
    assert "out of ideas" in found.says
