"""What effects cost stops a run exactly, and comes out again."""

import json

import pytest

from runs.journal import rebuild
from tests.documents import document
from tests.house import a_member
from tests.runner.asking import asks, carried, scripted, texts, verified

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.usefixtures("asks", "quick")]
COSTS = {"output": {"n": 1}, "tokens": 40, "cost_microdollars": 250, "latency_ms": 30_000}
CHAIN = [asks("a", ("oracle", 1)), asks("b", ("oracle", 2), after="a"), asks("c", ("oracle", 3), after="b")]


def run_with(budget, team, **answer):
    run = carried(a_member(), document("Dear", team, budget=budget, providers={"oracle": scripted(COSTS | answer)}))
    assert rebuild(run) == []
    assert verified(run).verified
    return run


@pytest.mark.parametrize(
    ("budget", "stop", "said"),
    [
        ({"max_tokens": 121}, "Converged", "abc"),
        ({"max_tokens": 120}, {"TokenBudgetExhausted": {"tokens_consumed": 120, "limit": 120}}, "abc"),
        ({"max_tokens": 80}, {"TokenBudgetExhausted": {"tokens_consumed": 80, "limit": 80}}, "ab"),
        ({"max_cost_microdollars": 251}, {"CostBudgetExhausted": {"cost_microdollars": 500, "limit": 251}}, "ab"),
        ({"max_cost_microdollars": 1}, {"CostBudgetExhausted": {"cost_microdollars": 250, "limit": 1}}, "a"),
    ],
)
def test_it_ends_at_the_merge_at_which_the_limit_is_reached(budget, stop, said):
    run = run_with(budget, CHAIN)
    assert (json.loads(run.stop_reason), "".join(texts(run))) == (stop, said)
    assert (run.tokens, run.cost_microdollars) == (40 * len(said), 250 * len(said))


def test_seconds_are_those_that_were_recorded():
    run = run_with({"max_seconds": 60}, CHAIN)
    ((name, told),) = json.loads(run.stop_reason).items()
    assert (name, told["limit_ms"], told["duration_ms"] // 1000) == ("TimeBudgetExhausted", 60_000, 60)
    assert (run.status, list(texts(run))) == ("exhausted", ["a", "b"])


def test_a_batch_beyond_the_limit_is_not_started_and_what_was_merged_stays():
    team = [asks("a", ("oracle", 1)), asks("b", *(("oracle", n) for n in range(9)), after="a")]
    run = run_with({"max_cost_microdollars": 700}, team)
    assert json.loads(run.stop_reason) == {"CostBudgetExhausted": {"cost_microdollars": 750, "limit": 700}}
    assert (run.effects.count(), run.cost_microdollars, list(texts(run)), run.cycles) == (3, 750, ["a"], 1)
    exceeded = json.loads(run.envelopes.get(kind="BudgetExceeded").body)["event"]["data"]
    assert (exceeded["resource"], exceeded["limit"], exceeded["observed"]) == ("Cost", "700", "750")


def test_a_batch_within_the_limit_is_charged_whole():
    run = run_with({"max_tokens": 50}, [asks(name, ("oracle", name)) for name in "abcde"])
    assert json.loads(run.stop_reason) == {"TokenBudgetExhausted": {"tokens_consumed": 200, "limit": 50}}
    assert len(texts(run)) == 5
