"""Criteria: conditions on the final context, and what they make of a run's end."""

import json
from typing import Any

import pytest

from runs.engine import State, converge
from runs.engine.criteria import CriterionOutcome, CriterionResult, finalised
from runs.suggestors.criteria import CriterionForm
from runs.suggestors.document import document_of, read_document
from runs.suggestors.problems import DocumentInvalid
from tests.documents import document, rule

MET = {"has_fact": ["Hypotheses", "h"]}


def ended(*criteria: dict[str, Any], **parts: Any) -> Any:
    """How a run ends that finds the hypothesis h."""
    read = read_document(document("Criteria", [rule("ada", "Hypotheses", "h", "found")], criteria=list(criteria), **parts))
    *_, last = converge(read.team(), State.fresh(read.seeds()), budget=read.budget, criteria=read.criteria)
    return last.result


def results(*criteria: dict[str, Any]) -> list[Any]:
    return [outcome.to_json()["result"] for outcome in ended(*criteria).criteria_outcomes]


def test_the_four_results():
    blocked = {"when": [MET], "reason": "the board decides", "approval_ref": "board"}
    assert results(
        {"id": "a", "met": [MET]},
        {"id": "b", "met": [{"has_fact": ["Votes", "v"]}]},
        {"id": "c", "met": [MET], "blocked": blocked},
        {"id": "d"},
    ) == [
        {"Met": {"evidence": ["h"]}},
        {"Unmet": {"reason": "Votes/v is missing"}},
        {"Blocked": {"reason": "the board decides", "approval_ref": "board"}},
        "Indeterminate",
    ]


def test_without_a_named_fact_those_under_the_key_are_the_evidence():
    assert results({"id": "a", "met": [{"count_at_least": ["Seeds", 1]}]}) == [{"Met": {"evidence": ["s1"]}}]


def test_one_that_cannot_be_evaluated_is_indeterminate():
    class Broken(CriterionForm, frozen=True):
        def evaluate(self, context):
            raise ZeroDivisionError

    read = read_document(document("x", []))
    *_, last = converge([], State.fresh(read.seeds()), criteria=[Broken("a")])
    assert last.result.criteria_outcomes[0].to_json()["result"] == "Indeterminate"


def outcome(id: str, verdict: Any, *, required: bool = True, ref: str | None = None) -> CriterionOutcome:
    return CriterionOutcome(CriterionForm(id, required=required), CriterionResult(verdict, approval_ref=ref))


@pytest.mark.parametrize(
    ("outcomes", "stop"),
    [
        ([], "Converged"),
        ([outcome("a", "Met"), outcome("b", "Met")], {"CriteriaMet": {"criteria": ["a", "b"]}}),
        ([outcome("a", "Met"), outcome("b", "Unmet", required=False)], {"CriteriaMet": {"criteria": ["a"]}}),
        ([outcome("a", "Met", required=False)], "Converged"),
        ([outcome("a", "Met"), outcome("b", "Unmet")], "Converged"),
        ([outcome("a", "Met"), outcome("b", "Indeterminate")], "Converged"),
        (
            [outcome("a", "Unmet"), outcome("b", "Blocked", ref="r"), outcome("c", "Blocked")],
            {"HumanInterventionRequired": {"criteria": ["b", "c"], "approval_refs": ["r"]}},
        ),
        ([outcome("a", "Blocked", required=False)], "Converged"),
    ],
)
def test_only_required_ones_bear_on_the_end(outcomes, stop):
    assert finalised(outcomes).to_json() == stop


def test_a_run_that_meets_them_says_so():
    result = ended({"id": "a", "met": [MET]})
    assert (result.stop_reason.kind, result.converged, result.passed) == ("CriteriaMet", True, True)


def test_unmet_ones_leave_a_run_converged_and_not_passed():
    result = ended({"id": "a", "met": [{"has": "Votes"}]})
    assert (result.stop_reason.kind, result.converged, result.passed) == ("Converged", True, False)


def test_a_spent_budget_stays_the_reason_and_criteria_are_told():
    result = ended({"id": "a", "met": [{"has": "Seeds"}]}, budget={"max_cycles": 1})
    assert (result.stop_reason.kind, len(result.criteria_outcomes)) == ("CycleBudgetExhausted", 1)


@pytest.mark.parametrize(
    ("criteria", "path", "message"),
    [
        ([{}], "criteria[0].id", "is required"),
        ([{"id": "a"}, {"id": "a"}], "criteria[1].id", "criteria[0] has the same id 'a'"),
        ([{"id": "a", "met": [{"has": "x"}]}], "criteria[0].met[0].has", "unknown value 'x'"),
        ([{"id": "a", "blocked": {"when": [], "reason": "r"}}], "criteria[0].blocked.when", "must have at least 1"),
    ],
)
def test_faults_are_told_with_their_paths(criteria, path, message):
    with pytest.raises(DocumentInvalid) as invalid:
        document_of(json.loads(document("x", [], criteria=criteria)))
    assert any(where == path and message in said for where, said in invalid.value.errors)
