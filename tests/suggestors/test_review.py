"""Challenges, verdicts and the review."""

import pytest

from runs.engine import ContextKey
from runs.suggestors.skeptics import (
    AdversarialReview,
    AssumptionBreaker,
    Challenge,
    ConstraintChecker,
    EconomicSkeptic,
    OperationalSkeptic,
    Reviewer,
    Severity,
    SkepticismKind,
)
from tests.suggestors.plans import EVALUATIONS, plan, said
from tests.suggestors.teams import ids, run, text

TEAM = [AssumptionBreaker(), ConstraintChecker(), EconomicSkeptic(), OperationalSkeptic()]
PLACE = "Evaluations/adversarial:review:s1"


def challenge(severity: str) -> Challenge:
    return Challenge("c", SkepticismKind.ASSUMPTION_BREAKING, "p", f"a {severity}", Severity(severity))


@pytest.mark.parametrize(
    ("severities", "verdict", "confidence"),
    [([], "cleared", 0.9), (["advisory", "warning"], "cleared", 0.9), (["warning", "blocker"], "blocked", 0.3)],
)
def test_one_blocker_blocks(severities, verdict, confidence):
    review = AdversarialReview(tuple(map(challenge, severities)))
    assert (review.verdict, review.confidence) == (verdict, confidence)


def test_the_summary_counts_and_tells():
    review = AdversarialReview((challenge("blocker"), challenge("advisory")))
    assert review.summary() == {
        "challenges": 2,
        "blockers": 1,
        "warnings": 0,
        "advisories": 1,
        "details": [
            {"kind": "AssumptionBreaking", "severity": "Blocker", "description": "a blocker"},
            {"kind": "AssumptionBreaking", "severity": "Advisory", "description": "a advisory"},
        ],
        "verdict": "blocked",
    }


@pytest.mark.parametrize("team", [[*TEAM, Reviewer()], [Reviewer(), *reversed(TEAM)]])
def test_a_plan_is_reviewed_once_all_skeptics_have_judged_it(team):
    result = run(team, plan(complexity="critical", team_size=1, key_people=["Ada"]))
    review = said(result)[PLACE]
    assert (review["verdict"], review["blockers"], review["warnings"], review["advisories"]) == ("blocked", 1, 2, 1)
    assert review["confidence"] == 0.3


def test_a_review_rests_on_the_plan_and_its_judgements():
    fact = run([*TEAM, Reviewer()], plan()).context.fact(EVALUATIONS, "adversarial:review:s1")
    assert fact is not None
    assert [id for _, id in fact.used] == ["s1", "assumption-warn-s1", "constraint-pass-s1", "econ-eval-s1", "ops-skeptic-eval-s1"]


def test_nothing_is_said_while_a_skeptic_is_silent():
    assert "adversarial:review:s1" not in ids(run([*TEAM[1:], Reviewer()], plan()), EVALUATIONS)


def test_a_rejected_judgement_is_not_waited_for():
    rejection = text(ContextKey.DIAGNOSTIC, "hitl-rejected:assumption-warn-s1")
    assert said(run([*TEAM, Reviewer()], plan(), rejection))[PLACE]["challenges"] == 1


@pytest.mark.parametrize("content", ["x", "[]", '{"kind":"x","findings":["f"],"severities":["warning"]}', '{"findings":3}'])
def test_judgements_that_are_none_count_for_nothing(content):
    seeds = [plan(), text(EVALUATIONS, "econ-eval-s1", content)]
    assert said(run([Reviewer(["economic-skeptic"])], *seeds))[PLACE]["challenges"] == 0
