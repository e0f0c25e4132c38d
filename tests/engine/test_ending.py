"""The end of a run: its last rows, and a result that keeps the context whatever happened."""

import pytest

from runs.engine import Budget, State, StopReason, ending
from tests.engine.teams import HYPOTHESES, SEEDS, Once, drive, envelopes, text


def ended(**terms):
    return drive([Once(text(HYPOTHESES, "h"))], [text(SEEDS, "s")], correlation="c-1", **terms)


@pytest.mark.parametrize(
    ("terms", "status", "kinds"),
    [
        ({}, "converged", ["OutcomeRecorded", "RunFinished"]),
        ({"budget": Budget(max_cycles=1)}, "exhausted", ["BudgetExceeded", "OutcomeRecorded", "RunFinished"]),
        ({"cancelled": lambda: True}, "cancelled", ["OutcomeRecorded", "RunFinished"]),
    ],
)
def test_every_run_ends_with_its_outcome(terms, status, kinds):
    told = ended(**terms)
    assert told.kinds[-len(kinds) :] == kinds
    assert (told.result.status, told.of("OutcomeRecorded")[0].data["passed"]) == (status, status == "converged")
    assert told.of("RunFinished")[0].data["status"] == status


def test_the_outcome_is_the_event_of_the_original():
    event = next(one["event"] for one in envelopes(ended(budget=Budget(max_cycles=1)).rows) if one["kind"] == "OutcomeRecorded")
    assert event["data"] == {
        "chain_id": "c-1",
        "step": "Planning",
        "passed": False,
        "stop_reason": {"CycleBudgetExhausted": {"cycles_executed": 1, "limit": 1}},
        "latency_ms": None,
        "tokens": None,
        "cost_microdollars": None,
        "backend": "converge-engine",
    }


def test_the_last_row_proves_what_the_result_says():
    told = ended()
    last, result = told.rows[-1].data, told.result
    assert (last["merkle_root"], last["clock_time"], last["facts"]) == (
        result.context.merkle_root(), result.integrity.clock_time, result.integrity.fact_count,
    )  # fmt: skip
    assert (last["digest"], last["cycles"], last["stop_reason"], last["message"]) == (result.digest, 2, "Converged", "Converged")


def test_a_run_can_be_ended_where_it_stands():
    state = State.fresh()
    rows, result = ending(state, StopReason.of("UserCancelled"), correlation="c-1", attempt=3)
    assert [row.kind for row in rows] == ["OutcomeRecorded", "RunFinished"]
    assert (result.message, result.converged, state.ended, rows[-1].attempt) == ("User cancelled", False, True, 3)


@pytest.mark.parametrize(
    "said",
    [
        [text(HYPOTHESES, "h", "one"), text(HYPOTHESES, "h", "other")],
        [text(HYPOTHESES, "h", provenance=" ")],
    ],
    ids=["conflict", "no provenance"],
)
def test_a_run_that_fails_within_a_cycle_counts_it(said):
    told = drive([Once(*said)], [text(SEEDS, "s")])
    assert (told.result.status, told.result.cycles) == ("failed", 1)
    assert told.of("RunFinished")[0].cycle == 1
