"""Drawing at random: the same numbers in every run, and what they say."""

import builtins

import pytest

from runs.engine import ContextKey, Suggestor
from runs.suggestors.simulators import CostSimulation, CostSimulationParams, OutcomeSimulation, OutcomeSimulationParams
from tests.suggestors.plans import plan, said, verdict
from tests.suggestors.teams import run

COSTS = [{"estimate": 80_000, "uncertainty": 0.5}, {"estimate": 20_000}]
IMPACTS, RISKS = [{"confidence": 0.9}, {"confidence": 0.8}], [{"likelihood": "likely"}]


def cost(**params) -> Suggestor:
    return CostSimulation(CostSimulationParams(method="monte_carlo", **params))


def outcome(**params) -> Suggestor:
    return OutcomeSimulation(OutcomeSimulationParams(method="monte_carlo", **params))


def test_two_runs_draw_the_same_and_another_seed_others():
    one, two, other = (verdict(cost(seed=seed), plan(costs=COSTS))[1] for seed in (1, 1, 2))
    assert one == two
    assert one["monte_carlo"]["quantiles"] != other["monte_carlo"]["quantiles"]


def test_the_numbers_are_those_of_pcg64():
    drawn = verdict(cost(runs=3), plan(costs=[{"estimate": 100, "uncertainty": 1}]))[1]["monte_carlo"]
    assert drawn["quantiles"]["p50"] == 90.51727207302886


def test_plans_are_drawn_apart():
    seeds = [plan("a", costs=COSTS), plan("b", costs=COSTS)]
    first, second = said(run([cost()], *seeds)).values()
    assert first["monte_carlo"] != second["monte_carlo"]


def test_the_confidence_is_the_share_that_stays_within():
    content = verdict(cost(runs=4000), plan(costs=[{"estimate": 115_000, "uncertainty": 0.2}]))[1]
    assert 0.47 < content["confidence"] < 0.53
    assert (content["passed"], content["recommendation"]) == (False, "do_not_proceed")
    assert content["findings"][-1].endswith("% of 4000 draws stay within 115000")


@pytest.mark.parametrize(("share", "passed"), [(0.4, True), (0.6, False)])
def test_how_many_must_stay_within_is_a_parameter(share, passed):
    assert verdict(cost(pass_share=share), plan(costs=[{"estimate": 115_000, "uncertainty": 0.2}]))[1]["passed"] is passed


def test_quantiles_and_histogram_tell_the_distribution():
    drawn = verdict(cost(runs=2000), plan(costs=[{"estimate": 100, "uncertainty": 0.5}]))[1]["monte_carlo"]
    assert list(drawn["quantiles"]) == ["p5", "p25", "p50", "p75", "p95"]
    assert sorted(drawn["quantiles"].values()) == list(drawn["quantiles"].values())
    assert 50 <= drawn["histogram"]["from"] < drawn["quantiles"]["p5"] < 75
    assert 125 < drawn["quantiles"]["p95"] < drawn["histogram"]["to"] <= 150
    assert sum(drawn["histogram"]["counts"]) == drawn["runs"] == 2000
    assert len(drawn["histogram"]["counts"]) == 10


def test_certain_costs_are_all_alike():
    drawn = verdict(cost(runs=7), plan(costs=[{"estimate": 100, "uncertainty": 0}]))[1]["monte_carlo"]
    assert drawn["histogram"] == {"from": 100.0, "to": 100.0, "counts": [7, *[0] * 9]}


def test_the_outcome_is_near_what_is_computed():
    content = verdict(outcome(runs=4000), plan(impacts=IMPACTS, risks=RISKS))[1]
    assert content["confidence"] == pytest.approx(0.85 - 0.3 * 0.7, abs=0.03)
    assert content["monte_carlo"]["quantiles"]["p95"] == 1.0


def test_a_plan_without_impacts_is_drawn_from_the_neutral_prior():
    assert verdict(outcome(), plan())[1]["confidence"] == 0.5


@pytest.mark.parametrize("uncertainty", [-1, 0, 5, 1e300])
def test_no_uncertainty_is_too_odd(uncertainty):
    assert verdict(cost(runs=10), plan(costs=[{"estimate": 100, "uncertainty": uncertainty}]))[1]["monte_carlo"]["histogram"]["from"] >= 0


def test_numbers_too_large_are_computed_only():
    assert "monte_carlo" not in verdict(cost(), plan(costs=[{"estimate": 1e300}]))[1]


def test_without_numpy_the_run_says_what_is_missing(monkeypatch):
    load = builtins.__import__

    def without(name, *rest):
        if name == "numpy":
            raise ImportError(name)
        return load(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    (note,) = run([cost()], plan(costs=COSTS)).context.get(ContextKey.DIAGNOSTIC)
    assert "needs NumPy: pip install 'organism-web[simulate]'" in note.payload.json
