"""Outcome records: derived from the run, the same on page, API and command line."""

from typing import Any

import pytest

from runs.actions.tournaments import start_tournament
from runs.models import Gate, Run
from runs.reading.outcome import outcome_of, status_of
from tests.api.callers import signed_in
from tests.conducted import GATED, HUDDLE, SPENT, conducted, document, says, started
from tests.house import a_member, a_run, a_version
from tests.pages.test_runs import text_of
from tests.runner.test_tournaments import FOUND, MISSED, carried, finder

pytestmark = pytest.mark.django_db


def record(formation: dict[str, Any]) -> dict[str, Any]:
    return outcome_of(conducted(a_member(), formation))


def test_a_run_is_told_whole():
    told = record(HUDDLE)
    run = Run.objects.get()
    assert told["scope"] == {
        "plan_id": "Lunch v1", "correlation_id": run.correlation_id, "tenant_id": "acme", "tournament_id": None, "candidate_id": None,
    }  # fmt: skip
    assert (told["template_id"], told["status"], told["stop_reason"], told["quality_signal"]) == ("lunch", "Converged", "Converged", None)
    roster = {seat["suggestor_id"]: seat for seat in told["roster"]}
    assert (roster["ada"]["role"], roster["round-starter"]["role"]) == ("analysis", "signal")
    assert roster["consensus-evaluator"]["governance_class"] == "BusinessDecision"


def test_who_writes_what_people_decide_is_marked_and_gates_are_named():
    told = record(GATED)
    assert told["roster"][0]["governance_class"] == "HumanApprovalRequired"
    assert (told["status"], told["gate_triggers"]) == ("NeedsReview", [Gate.objects.get().gate_id])


REASONS = {
    '"Converged"': "Converged",
    '{"CriteriaMet":{"criteria":["a"]}}': "Converged",
    '{"HumanInterventionRequired":{"criteria":["a"],"approval_refs":[]}}': "NeedsReview",
    '{"FactBudgetExhausted":{"facts_count":2,"limit":1}}': "BudgetExhausted",
    '{"CostBudgetExhausted":{"cost_microdollars":2,"limit":1}}': "BudgetExhausted",
    '{"InvariantViolated":{"class":"Structural","name":"n","reason":"r"}}': "CriteriaBlocked",
    '{"PromotionRejected":{"proposal_id":"p","reason":"r"}}': "CriteriaBlocked",
    '"UserCancelled"': "Failed",
    '{"AgentRefused":{"agent_id":"a","reason":"r"}}': "Failed",
    "": "Planned",
}


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason[:24] or "none")
def test_the_status_follows_from_the_stop_reason(reason):
    assert status_of(a_run(stop_reason=reason)) == REASONS[reason]


def test_criteria_measure_its_quality():
    told = record(document("Found", [says("ada", "Hypotheses", "h", text="x")], criteria=[FOUND, MISSED]))
    assert told["quality_signal"] == {"metric": "criteria_met", "score": 5000, "evidence": "1 of 2 criteria met"}
    assert [next(iter(each["result"])) for each in told["criteria"]] == ["Met", "Unmet"]


def test_an_entrant_knows_its_tournament():
    tournament = start_tournament(by=a_member(), versions=[a_version(finder())])
    carried(tournament)
    told = outcome_of(Run.objects.get())
    assert (told["scope"]["tournament_id"], told["scope"]["candidate_id"]) == (str(tournament.pk), "1")
    assert told["quality_signal"]["score"] == 8920


def test_the_page_shows_it_in_words():
    run = conducted(a_member(), document("Found", [says("ada", "Hypotheses", "h", text="x")], criteria=[FOUND, MISSED]))
    shown = text_of(signed_in(a_member("viewer")).get(f"/t/acme/runs/{run.uuid}/?tab=outcome"))
    assert "It is found" in shown
    assert "there is no fact under Votes" in shown
    assert "50 %" in shown.replace("\u202f", " ")


def test_the_api_tells_it_to_members_only():
    run = conducted(a_member(), SPENT)
    address = f"/api/v1/runs/{run.uuid}/outcome/"
    assert signed_in(a_member("viewer")).get(address).json()["status"] == "BudgetExhausted"
    assert signed_in(a_member(of="other")).get(address).status_code == 404


def test_one_whose_document_cannot_be_used_has_no_roster():
    run = started(a_member(), HUDDLE)
    run.version.document = "{}"
    assert outcome_of(run)["roster"] == []
