"""Verification: what was recorded comes out again, however often the run was cut; what was changed does not."""

import json

import pytest
from hypothesis import given, settings

from runs.engine import GatePolicy, Seal
from runs.engine.verification import Recording, verify
from tests.engine.formations import DiesAtEvery, Few, House
from tests.engine.teams import HYPOTHESES, SEEDS, STRATEGIES, Once, drive, text
from tests.engine.test_replay import plans

AT = "2026-11-22T01:02:03.000004Z"
SEED = text(SEEDS, "s")


def sealed(rows):
    return Seal("7f3a", "acme", "c-1").envelopes(rows, 0, 0, AT)


def team():
    return [Once(text(HYPOTHESES, "h"), name="ada", on=[SEEDS]), Once(text(STRATEGIES, "st", confidence=0.5), on=[HYPOTHESES])]


def recorded(**terms):
    return sealed(drive(team(), [SEED], correlation="c-1", **terms).rows)


@settings(max_examples=80)
@given(plans)
def test_every_run_comes_out_again_however_often_it_was_cut(plan):
    for house in (House(plan), House(plan, DiesAtEvery("after the flush"))):
        recording = Recording(sealed(house.go().journal))
        told = verify(plan.team(), plan.seeds, recording, budget=plan.budget, gates=plan.gates, invariants=[Few(plan.most_facts)])
        assert str(told) == "verified"


@pytest.mark.parametrize("rows", range(2, 14))
def test_a_run_that_is_not_over_is_compared_as_far_as_it_went(rows):
    assert verify(team(), [SEED], Recording(recorded()[:rows])).verified


@pytest.mark.parametrize(
    ("was", "becomes", "where"),
    [
        (
            '"text":"x"}},"provenance":"test","confidence":0.5',
            '"text":"y"}},"provenance":"test","confidence":0.5',
            "cycle 2, fact Strategies/st",
        ),
        ('"confidence":0.5', '"confidence":0.6', "cycle 2, fact Strategies/st"),
        ('"stamp":"lamport:2"', '"stamp":"lamport:3"', "cycle 1, fact Hypotheses/h"),
        ('"facts_added":1,"rejected":0,"facts":2', '"facts_added":1,"rejected":0,"facts":3', "cycle 1"),
        ('"cycles":3', '"cycles":4', "cycle 3"),
    ],
)
def test_what_was_changed_is_found_and_named(was, becomes, where):
    texts = recorded()
    assert any(was in one for one in texts)
    told = verify(team(), [SEED], Recording(one.replace(was, becomes) for one in texts))
    assert str(told) == f"diverged at {where}"


def test_a_fact_that_was_left_out_is_found():
    texts = [one for one in recorded() if json.loads(one).get("fact", {}).get("id") != "h"]
    told = verify(team(), [SEED], Recording(texts))
    assert (told.cycle, told.fact, told.executed["id"]) == (1, "Hypotheses/h", "h")


def test_another_team_does_not_come_out_the_same():
    told = verify([*team(), Once(text(HYPOTHESES, "more"))], [SEED], Recording(recorded()))
    assert (told.verified, told.fact) == (False, "Hypotheses/more")


def test_other_seeds_do_not_come_out_the_same():
    assert str(verify(team(), [text(SEEDS, "s", "y")], Recording(recorded()))) == "diverged at cycle 0, fact Seeds/s"
    assert verify(team(), [SEED, text(SEEDS, "s", "y")], Recording(recorded())).cycle == 0


def test_a_waiting_run_is_verified_up_to_its_gate():
    policy = GatePolicy(keys=(STRATEGIES,))
    waiting = recorded(gates=policy, decide=lambda border: None)
    assert verify(team(), [SEED], Recording(waiting), gates=policy).verified


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_cancelled_run_comes_out_again(after):
    left = iter([False] * after + [True] * 9)
    assert verify(team(), [SEED], Recording(recorded(cancelled=lambda: next(left)))).verified
