"""Stop reasons: their JSON, their words, their status and exit code."""

import pytest

from runs.engine import StopReason
from runs.engine.stopping import STOP_REASONS

ALL = [
    ("Converged", {}, "Converged", "converged", 0),
    ("CriteriaMet", {"criteria": ["a", "b"]}, "Criteria met: a, b", "converged", 0),
    ("UserCancelled", {}, "User cancelled", "cancelled", 5),
    ("HumanInterventionRequired", {"criteria": ["a"], "approval_refs": []}, "Human intervention required for: a", "converged", 3),
    ("HumanInterventionRequired", {"criteria": ["a"], "approval_refs": ["r1", "r2"]},
     "Human intervention required for: a (refs: r1, r2)", "converged", 3),
    ("CycleBudgetExhausted", {"cycles_executed": 1, "limit": 2}, "Cycle budget exhausted: 1/2", "exhausted", 4),
    ("FactBudgetExhausted", {"facts_count": 1, "limit": 2}, "Fact budget exhausted: 1/2", "exhausted", 4),
    ("TokenBudgetExhausted", {"tokens_consumed": 1, "limit": 2}, "Token budget exhausted: 1/2", "exhausted", 4),
    ("TimeBudgetExhausted", {"duration_ms": 1, "limit_ms": 2}, "Time budget exhausted: 1ms/2ms", "exhausted", 4),
    ("CostBudgetExhausted", {"cost_microdollars": 1, "limit": 2}, "Cost budget exhausted: 1/2", "exhausted", 4),
    ("InvariantViolated", {"class": "Semantic", "name": "n", "reason": "{r}"}, "Semantic invariant 'n' violated: {r}", "failed", 1),
    ("PromotionRejected", {"proposal_id": "p", "reason": "r"}, "Promotion rejected for 'p': r", "failed", 1),
    ("Error", {"message": "m", "category": "External"}, "Error (External): m", "failed", 1),
    ("AgentRefused", {"agent_id": "a", "reason": "r"}, "Suggestor 'a' refused: r", "failed", 1),
    ("HitlGatePending", {"gate_id": "g", "proposal_id": "p", "summary": "s", "agent_id": "a", "cycle": 3},
     "HITL gate pending: g (agent: a, cycle: 3)", "waiting", 3),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fields", "words", "status", "code"), ALL)
def test_a_reason_has_words_a_status_and_an_exit_code(kind, fields, words, status, code):
    stop = StopReason.of(kind, **fields)
    assert (str(stop), stop.status, stop.exit_code) == (words, status, code)


@pytest.mark.parametrize(("kind", "fields"), [row[:2] for row in ALL])
def test_a_reason_is_written_and_read_back(kind, fields):
    stop = StopReason.of(kind, **fields)
    assert stop.to_json() == ({kind: fields} if fields else kind)
    assert StopReason.from_json(stop.to_json()) == stop
    assert list(stop.fields) == list(STOP_REASONS[kind][0])


def test_every_reason_stands_in_the_table():
    assert {row[0] for row in ALL} == set(STOP_REASONS)


@pytest.mark.parametrize(
    ("ask", "kinds"),
    [
        ("is_success", {"Converged", "CriteriaMet", "UserCancelled"}),
        ("is_budget_exhausted", {kind for kind in STOP_REASONS if kind.endswith("BudgetExhausted")}),
        ("is_validation_failure", {"InvariantViolated", "PromotionRejected"}),
        ("is_error", {"Error", "AgentRefused"}),
    ],
)
def test_a_reason_can_be_asked_what_it_is(ask, kinds):
    assert {kind for kind, fields, *_ in ALL if getattr(StopReason.of(kind, **fields), ask)} == kinds


@pytest.mark.parametrize("fields", [{}, {"message": "m"}, {"message": "m", "category": "c", "more": 1}])
def test_a_reason_has_exactly_its_fields(fields):
    with pytest.raises(TypeError, match=r"Error has the fields \('message', 'category'\)"):
        StopReason.of("Error", **fields)


def test_an_unknown_reason_is_refused():
    with pytest.raises(KeyError):
        StopReason.from_json("Tired")
