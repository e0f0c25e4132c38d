"""Budgets: when each is spent, and in which words."""

import pytest

from runs.engine import Budget, EffectResult, EffectsWanted, Spent, State
from tests.engine.teams import HYPOTHESES, SEEDS, Asks, Does, Once, drive, envelopes, text


def grower():
    """Adds a fact in every cycle."""
    return Does(lambda context: [text(HYPOTHESES, f"h{context.count(HYPOTHESES)}")])


def costing(**costs):
    return lambda border: [EffectResult("x", **costs) for _ in border.requests]


def asking():
    """Two cycles, each with an effect."""
    return [Asks("a"), Asks("b", on=[HYPOTHESES])]


def test_a_spent_cycle_budget_is_told_exactly():
    told = drive([grower()], budget=Budget(max_cycles=5))
    assert told.stop == {"CycleBudgetExhausted": {"cycles_executed": 5, "limit": 5}}
    assert told.result.message == "budget exhausted: max_cycles (5)"
    assert (told.result.status, told.result.cycles, len(told.ids())) == ("exhausted", 5, 5)


def test_the_fact_budget_is_inclusive_and_can_be_overshot_by_one_merge():
    team = [Once(*(text(HYPOTHESES, f"h{n}") for n in range(8)))]
    assert drive(team, budget=Budget(max_facts=8)).stop == "Converged"
    told = drive(team, budget=Budget(max_facts=4))
    assert told.stop == {"FactBudgetExhausted": {"facts_count": 8, "limit": 4}}
    assert (told.result.message, told.result.cycles) == ("budget exhausted: max_facts (8 > 4)", 1)


def test_seeds_alone_never_exceed_the_fact_budget():
    assert drive([], [text(SEEDS, "a"), text(SEEDS, "b")], budget=Budget(max_facts=0)).stop == "Converged"


def test_notes_and_seeds_count_as_facts():
    def fails(context):
        raise ValueError("no")

    told = drive([Does(fails)], [text(SEEDS, "a")], budget=Budget(max_facts=2))
    assert told.stop == {"FactBudgetExhausted": {"facts_count": 3, "limit": 2}}


@pytest.mark.parametrize(
    ("budget", "stop", "message"),
    [
        (Budget(max_tokens=30), {"TokenBudgetExhausted": {"tokens_consumed": 30, "limit": 30}}, "max_tokens (30 of 30)"),
        (Budget(max_tokens=1), {"TokenBudgetExhausted": {"tokens_consumed": 30, "limit": 1}}, "max_tokens (30 of 1)"),
        (Budget(max_cost_microdollars=7), {"CostBudgetExhausted": {"cost_microdollars": 7, "limit": 7}}, "max_cost_microdollars (7 of 7)"),
        (Budget(max_seconds=0.25), {"TimeBudgetExhausted": {"duration_ms": 250, "limit_ms": 250}}, "max_time_ms (250 of 250)"),
    ],
)
def test_what_effects_cost_is_charged_and_ends_the_run_after_the_merge(budget, stop, message):
    told = drive(asking(), budget=budget, answer=costing(tokens=30, cost_microdollars=7, latency_ms=250))
    assert (told.stop, told.result.message) == (stop, f"budget exhausted: {message}")
    assert (told.ids(), told.result.status) == (["a"], "exhausted")


@pytest.mark.parametrize("budget", [Budget(max_tokens=61), Budget(max_cost_microdollars=15), Budget(max_seconds=0.501)])
def test_what_is_not_yet_spent_lets_the_run_go_on(budget):
    told = drive(asking(), budget=budget, answer=costing(tokens=30, cost_microdollars=7, latency_ms=250))
    assert (told.stop, told.ids()) == ("Converged", ["a", "b"])


def test_what_was_spent_is_counted_to_the_unit():
    state = State.fresh()
    drive(asking(), state=state, lap=lambda: 3, answer=costing(tokens=30, cost_microdollars=7, latency_ms=250))
    assert state.spent == Spent(tokens=60, cost_microdollars=14, microseconds=500_000 + 4 * 3)


def test_failed_effects_are_charged_too():
    told = drive(asking(), budget=Budget(max_tokens=5), answer=lambda border: [EffectResult(error="503", tokens=5)])
    assert told.stop == {"TokenBudgetExhausted": {"tokens_consumed": 5, "limit": 5}}


def test_time_is_spent_in_recorded_laps():
    told = drive([grower()], [text(SEEDS, "s")], budget=Budget(max_seconds=0.01), lap=lambda: 2_500)
    assert told.stop == {"TimeBudgetExhausted": {"duration_ms": 10, "limit_ms": 10}}
    assert [row.duration_us for row in told.of("CycleEnded")] == [2_500] * 4


def test_whoever_has_nothing_more_to_say_has_converged_whatever_it_cost():
    told = drive([Does(lambda context: [])], budget=Budget(max_facts=0, max_tokens=0, max_seconds=0))
    assert told.stop == "Converged"


@pytest.mark.parametrize(
    ("budget", "resource"),
    [
        (Budget(max_facts=0, max_tokens=1, max_seconds=0.001, max_cost_microdollars=1), "Facts"),
        (Budget(max_tokens=1, max_seconds=0.001, max_cost_microdollars=1), "Tokens"),
        (Budget(max_cycles=1, max_seconds=0.001, max_cost_microdollars=1), "Time"),
        (Budget(max_cycles=1, max_cost_microdollars=1), "Cost"),
        (Budget(max_cycles=1), "Cycles"),
    ],
)
def test_of_several_spent_budgets_the_first_in_order_is_told(budget, resource):
    told = drive(asking(), budget=budget, answer=costing(tokens=1, cost_microdollars=1, latency_ms=1))
    exceeded = told.of("BudgetExceeded")[0].data
    assert exceeded["resource"] == resource
    assert told.kinds[-3:] == ["BudgetExceeded", "OutcomeRecorded", "RunFinished"]


NOTHING = [Budget(max_tokens=0), Budget(max_cost_microdollars=0), Budget(max_seconds=0)]


@pytest.mark.parametrize("budget", NOTHING)
def test_where_nothing_may_be_spent_nothing_is_asked(budget):
    told = drive(asking(), budget=budget)
    assert (told.result.status, told.ids(), told.kinds.count("BudgetExceeded")) == ("exhausted", [], 1)
    assert not any(isinstance(border, EffectsWanted) for border in told.borders)


@pytest.mark.parametrize("budget", NOTHING)
def test_where_nothing_may_be_spent_whoever_spends_nothing_converges(budget):
    told = drive([Once(text(HYPOTHESES, "h"))], [text(SEEDS, "s")], budget=budget)
    assert (told.stop, told.ids()) == ("Converged", ["h"])


def test_the_row_of_a_spent_budget_is_the_event_of_the_original():
    told = drive([grower()], budget=Budget(max_facts=2), correlation="c-1")
    envelope = next(one for one in envelopes(told.rows) if one["kind"] == "BudgetExceeded")
    assert envelope["event"] == {
        "type": "BudgetExceeded",
        "data": {"chain_id": "c-1", "resource": "Facts", "limit": "2", "observed": "3"},
    }


def test_no_batch_is_started_beyond_a_limit_within_a_cycle():
    batches = []

    def answer(border):
        batches.append(len(border.requests))
        return [EffectResult("x", tokens=30) for _ in border.requests]

    told = drive([Asks("a", times=5), Asks("b", times=1)], budget=Budget(max_tokens=100), answer=answer)
    assert batches == [2, 1, 1]
    assert told.stop == {"TokenBudgetExhausted": {"tokens_consumed": 120, "limit": 100}}
    assert (told.result.cycles, told.ids(), told.kinds[-3:]) == (0, [], ["BudgetExceeded", "OutcomeRecorded", "RunFinished"])


def test_what_a_batch_within_the_limit_costs_is_charged_whole():
    told = drive([Asks(name, name=name) for name in "abc"], budget=Budget(max_cost_microdollars=10), answer=costing(cost_microdollars=9))
    assert told.stop == {"CostBudgetExhausted": {"cost_microdollars": 27, "limit": 10}}
    assert told.ids() == ["a", "b", "c"]
