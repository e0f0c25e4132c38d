"""Words that others look for in findings: there on the one side of the threshold, and not on the other."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runs.engine import ContextKey
from runs.suggestors.simulators import (
    CausalSimulation,
    CostSimulation,
    OperationalSimulation,
    OutcomeSimulation,
    PolicySimulation,
    PolicySimulationParams,
)
from runs.suggestors.skeptics import (
    AnomalySkeptic,
    AssumptionBreaker,
    ConstraintChecker,
    EconomicSkeptic,
    OperationalSkeptic,
    OrgConstraint,
)
from runs.suggestors.teams import stress_test
from tests.suggestors.plans import ANNOTATIONS, DOCUMENTS, findings, plain, plan, said
from tests.suggestors.teams import ids, run

CLAIM = {"cause": "a", "effect": "b", "evidence_count": 1}
BACK = {"cause": "b", "effect": "a", "evidence_count": 1}
TAGS = PolicySimulation(PolicySimulationParams(require_compliance_tags=["gdpr"]))


def costs(*estimates, **more) -> dict:
    return {"costs": [{"category": "it", "estimate": one} | more for one in estimates]}


SIDES = [
    (AssumptionBreaker(), "no assumptions", {}, {"assumptions": ["a"]}),
    (AssumptionBreaker(), "unsupported", {"assumptions": ["a"], "evidence": ["b"]}, {"assumptions": ["a"], "evidence": ["bab"]}),
    (AssumptionBreaker(), "implicit", {"tags": ["it always works"]}, {"tags": ["it works"]}),
    (ConstraintChecker([OrgConstraint("t", required_tag="x")]), "missing tag", {"tags": ["xx"]}, {"tags": ["x"]}),
    (EconomicSkeptic(), "round", costs(2000), costs(1000)),
    (EconomicSkeptic(), "round", costs(1_000_000), costs(1999.99)),
    (EconomicSkeptic(), "ROI", {"roi": 5.0001}, {"roi": 5}),
    (EconomicSkeptic(), "no cost estimates", {"costs": []}, costs(0)),
    (EconomicSkeptic(), "margin", costs(71) | {"expected_revenue": 100}, costs(70) | {"expected_revenue": 100}),
    (OperationalSkeptic(), "parallel", {"parallel_initiatives": 4}, {"parallel_initiatives": 3}),
    (OperationalSkeptic(), "understaffed", {"complexity": "high", "team_size": 2}, {"complexity": "high", "team_size": 3}),
    (OperationalSkeptic(), "understaffed", {"complexity": "critical", "team_size": 4}, {"complexity": "critical", "team_size": 5}),
    (OperationalSkeptic(), "aggressive", {"complexity": "medium", "timeline_days": 13}, {"complexity": "medium", "timeline_days": 14}),
    (OperationalSkeptic(), "aggressive", {"complexity": "high", "timeline_days": 29}, {"complexity": "high", "timeline_days": 30}),
    (OperationalSkeptic(), "aggressive", {"complexity": "critical", "timeline_days": 89}, {"complexity": "critical", "timeline_days": 90}),
    (OperationalSkeptic(), "single point", {"key_people": ["Ada"]}, {"key_people": ["Ada", "Bob"]}),
    (OutcomeSimulation(), "neutral prior", {"impacts": []}, {"impacts": [{"confidence": 0}]}),
    (OutcomeSimulation(), "is below 0.60", {"impacts": [{"confidence": 0.5999}]}, {"impacts": [{"confidence": 0.6}]}),
    (CostSimulation(), "no cost annotations", {"costs": [{"uncertainty": 0.1}]}, costs(1)),
    (CostSimulation(), "overrun", costs(100_000.01), costs(100_000)),
    (CostSimulation(), "uncertainty", costs(1, uncertainty=0.5001), costs(1, uncertainty=0.5)),
    (PolicySimulation(), "below required", {"authority_level": 0}, {"authority_level": 1}),
    (PolicySimulation(), "blocked by policy", {}, {"authority_level": 1}),
    (TAGS, "gdpr missing", {"compliance_tags": ["gdp"]}, {"compliance_tags": ["gdpr"]}),
    (PolicySimulation(), "approval gate", {"approval_gates": ["board"]}, {"approval_gates": []}),
    (CausalSimulation(), "weak", {"causal_claims": [CLAIM | {"evidence_count": 0}]}, {"causal_claims": [CLAIM]}),
    (CausalSimulation(), "assumptions", {"assumptions": ["a"], "causal_claims": [CLAIM]}, {"causal_claims": [CLAIM]}),
    (CausalSimulation(), "circular", {"causal_claims": [CLAIM, BACK]}, {"causal_claims": [CLAIM, BACK | {"effect": "c"}]}),
    (OperationalSimulation(), "overloaded", {"team_utilization": 0.8501}, {"team_utilization": 0.85}),
    (OperationalSimulation(), "system overloaded", {"system_load": 0.8001}, {"system_load": 0.8}),
    (OperationalSimulation(), "unavailable", {"dependencies": [{"name": "d", "available": False}]}, {"dependencies": [{"name": "d"}]}),
    (
        OperationalSimulation(),
        "lead time",
        {"dependencies": [{"name": "d", "lead_time_days": 11}], "timeline_days": 10},
        {"dependencies": [{"name": "d", "lead_time_days": 10}], "timeline_days": 10},
    ),
]


@pytest.mark.parametrize(("judge", "words", "fitting", "beside"), SIDES, ids=[f"{number} {row[1]}" for number, row in enumerate(SIDES)])
def test_it_is_said_on_one_side_and_not_on_the_other(judge, words, fitting, beside):
    assert any(words in finding for finding in findings(judge, **fitting))
    assert not any(words in finding for finding in findings(judge, **beside))


@settings(max_examples=30)
@given(st.lists(DOCUMENTS, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_no_verdict_of_the_whole_team_depends_on_the_order_of_registration(texts, dice):
    seeds = [plain(text, f"s{number}") for number, text in enumerate(texts)]
    team = [*stress_test(review=True), AnomalySkeptic()]
    told = said(run(team, *seeds))
    mixed = [*stress_test(review=True), AnomalySkeptic()]
    dice.shuffle(mixed)
    assert said(run(mixed, *seeds)) == told


@settings(max_examples=30)
@given(st.lists(DOCUMENTS, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_no_verdict_depends_on_the_order_or_the_company_of_plans(texts, dice):
    seeds = [plain(text, f"s{number}") for number, text in enumerate(texts)]
    told = said(run(stress_test(), *seeds))
    mixed = random.Random(dice.random()).sample(seeds, len(seeds))
    assert said(run(stress_test(), *mixed)) == told
    alone = said(run(stress_test(), seeds[0]))
    assert alone == {place: content for place, content in told.items() if content["strategy_id"] == "s0"}


@settings(max_examples=30)
@given(ANNOTATIONS)
def test_the_whole_team_says_each_thing_once_of_a_typed_plan_too(annotation):
    result = run([*stress_test(review=True), AnomalySkeptic()], plan(typed=True, **annotation))
    assert result.converged
    assert not ids(result, ContextKey.DIAGNOSTIC)
    everything = [*ids(result, ContextKey.EVALUATIONS), *ids(result, ContextKey.CONSTRAINTS)]
    assert len(everything) == len(set(everything)) == 12
