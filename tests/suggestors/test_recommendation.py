"""The swarm's recommendation."""

import pytest

from runs.suggestors.simulators import (
    CausalSimulation,
    CostSimulation,
    DimensionResult,
    OperationalSimulation,
    OutcomeSimulation,
    PolicySimulation,
    SwarmRecommendation,
)
from tests.suggestors.plans import EVALUATIONS, plain, plan, said
from tests.suggestors.teams import Script, ids, run, text

SWARM = [OutcomeSimulation(), CostSimulation(), PolicySimulation(), CausalSimulation(), OperationalSimulation()]
PLACE = "Evaluations/recommendation-s1"
GOOD = {"impacts": [{"confidence": 0.9}], "costs": [{"estimate": 20_000}], "authority_level": 1, "assumptions": ["a"]}


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([(True, 0.6)], "proceed"),
        ([(True, 0.59)], "proceed_with_caution"),
        ([(True, 1.0), (True, 0.25)], "proceed"),
        ([(True, 1.0), (True, 0.24)], "proceed_with_caution"),
        ([(True, 1.0), (False, 1.0)], "do_not_proceed"),
    ],
)
def test_what_results_amount_to(results, expected):
    told = [DimensionResult("cost", passed, confidence) for passed, confidence in results]
    assert SwarmRecommendation().recommended(told) == expected


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (GOOD, "proceed"),
        (GOOD | {"costs": [{"estimate": 110_000}]}, "proceed_with_caution"),
        (GOOD | {"authority_level": 0}, "do_not_proceed"),
        ({}, "do_not_proceed"),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_a_plan_is_recommended_or_not(annotation, expected, backwards):
    team = [*SWARM, SwarmRecommendation()]
    content = said(run(team[::-1] if backwards else team, plan(**annotation)))[PLACE]
    assert content["recommendation"] == expected
    assert [one["dimension"] for one in content["dimensions"]] == ["outcome", "cost", "policy", "causal", "operational"]


def test_every_plan_gets_one_and_late_ones_too():
    result = run([Script([plain("a", "a"), plan("b", **GOOD)], [plan("c", **GOOD)]), *SWARM, SwarmRecommendation()])
    assert [id for id in ids(result, EVALUATIONS) if id.startswith("recommendation-")] == [f"recommendation-{id}" for id in "abc"]


def test_it_waits_for_its_dimensions():
    assert PLACE not in said(run([*SWARM[1:], SwarmRecommendation()], plan(**GOOD)))
    assert said(run([*SWARM[1:], SwarmRecommendation(["cost", "policy"])], plan(**GOOD)))[PLACE]["recommendation"] == "proceed"


def test_it_rests_on_what_was_simulated():
    fact = run([*SWARM, SwarmRecommendation()], plan(**GOOD)).context.fact(EVALUATIONS, "recommendation-s1")
    assert fact is not None
    assert [id for _, id in fact.used][1:] == ["sim-pass-s1", "cost-pass-s1", "policy-pass-s1", "causal-pass-s1", "ops-pass-s1"]


@pytest.mark.parametrize("content", ["x", "[]", "{}", '{"dimension":"cost"}', '{"dimension":"x","confidence":1,"passed":true}'])
def test_what_is_no_simulation_counts_for_nothing(content):
    seeds = [plan(**GOOD), text(EVALUATIONS, "cost-pass-s1", content)]
    assert said(run([SwarmRecommendation(["cost"])], *seeds))["Evaluations/recommendation-s1"]["dimensions"] == []
