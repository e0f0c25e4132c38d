"""What all judges have in common: each strategy is judged once by each, whenever it appears, whatever it holds."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runs.engine import ContextKey, State, converge
from runs.engine.facts import Proposal
from runs.suggestors.simulators import CausalSimulation, CostSimulation, OperationalSimulation, OutcomeSimulation, PolicySimulation
from runs.suggestors.skeptics import (
    AnomalySkeptic,
    AssumptionBreaker,
    CausalSkeptic,
    ConstraintChecker,
    EconomicSkeptic,
    OperationalSkeptic,
)
from tests.suggestors.plans import CONSTRAINTS, DOCUMENTS, EVALUATIONS, STRATEGIES, plain, plan, said
from tests.suggestors.teams import Script, ids, run, text

SKEPTICS = [AssumptionBreaker, ConstraintChecker, EconomicSkeptic, OperationalSkeptic, AnomalySkeptic, CausalSkeptic]
SIMULATORS = [OutcomeSimulation, CostSimulation, PolicySimulation, CausalSimulation, OperationalSimulation]
JUDGES: list[Any] = [*SKEPTICS, *SIMULATORS]


def everything(result) -> list[str]:
    return [*ids(result, EVALUATIONS), *ids(result, CONSTRAINTS)]


@pytest.mark.parametrize("judge", JUDGES)
def test_its_provenance_and_what_its_judgement_rests_on(judge):
    (fact,) = [fact for key in (EVALUATIONS, CONSTRAINTS) for fact in run([judge()], plan()).context.get(key)]
    assert fact.provenance.startswith("organism-")
    assert fact.used == ((STRATEGIES, "s1"),)
    assert fact.confidence == 1.0
    assert judge.dependencies == (STRATEGIES,)


@pytest.mark.parametrize("judge", JUDGES)
def test_it_judges_a_plan_that_comes_late_and_no_plan_twice(judge):
    result = run([Script([plan("a")], [plan("b")]), judge()])
    assert result.converged
    assert len(everything(result)) == 2


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("key", [EVALUATIONS, CONSTRAINTS])
def test_it_is_silent_where_its_judgement_stands(judge, key):
    for prefix in judge.prefixes:
        result = run([judge()], plan(), text(key, f"{prefix}s1"))
        assert everything(result) == [f"{prefix}s1"]


@pytest.mark.parametrize("judge", JUDGES)
def test_others_judgements_do_not_silence_it(judge):
    assert len(everything(run([judge()], plan(), text(EVALUATIONS, "x"), text(CONSTRAINTS, "y")))) == 3


@pytest.mark.parametrize("judge", JUDGES)
def test_it_does_not_insist_when_people_rejected_it(judge):
    rejections = [text(ContextKey.DIAGNOSTIC, f"hitl-rejected:{prefix}s1") for prefix in judge.prefixes]
    assert not everything(run([judge()], plan(), *rejections))


@pytest.mark.parametrize("judge", JUDGES)
def test_without_strategies_it_is_silent(judge):
    assert run([judge()], text(ContextKey.SEEDS, "s")).cycles == 1


@pytest.mark.parametrize("judge", JUDGES)
def test_a_payload_that_is_neither_text_nor_plan_declares_nothing(judge):
    other = Proposal.from_json(
        {"key": "Strategies", "id": "s1", "payload": {"family": "x", "version": 1, "payload": {}}, "provenance": "p", "confidence": 1}
    )
    words = run([judge()], plain(" x"))
    assert everything(run([judge()], other)) == everything(words)


@settings(max_examples=60)
@given(st.lists(DOCUMENTS, min_size=1, max_size=4))
def test_no_plan_makes_it_fail_or_repeat_itself(texts):
    seeds = [plain(content, f"s{number}") for number, content in enumerate(texts)]
    result = run([judge() for judge in JUDGES], *seeds)
    assert result.converged
    assert not ids(result, ContextKey.DIAGNOSTIC)
    judgements = everything(result)
    assert len(judgements) == len(set(judgements)) == len(JUDGES) * result.context.count(STRATEGIES)
    assert all(isinstance(content["findings"], list) for content in said(result).values())


def test_the_order_of_registration_changes_no_judgement():
    seeds = [plan("a", complexity="critical", team_size=1), plain("b", "b"), plan("c", total_cost=3)]
    orders = [random.Random(number).sample(JUDGES, len(JUDGES)) for number in range(8)]
    told = [said(run([judge() for judge in order], *seeds)) for order in orders]
    assert all(one == told[0] for one in told)


def test_one_judge_serves_two_runs():
    judge = OperationalSkeptic()
    for _ in range(2):
        *_, last = converge([judge], State.fresh([plan()]))
        assert ids(last.result, EVALUATIONS) == ["ops-skeptic-eval-s1"]
