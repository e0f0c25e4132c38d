"""Scores of tournaments, and what they teach: the numbers of the original's own test."""

import pytest

from runs.suggestors.learning import calibrated
from runs.suggestors.learning.tournament import FormationScore, ranked, tournament_episode


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (FormationScore("a", True, 2), 0.892),
        (FormationScore("a", True, 0, 1, 1), 1.0),
        (FormationScore("a", True, 50, 0, 1), 0.6),
        (FormationScore("a", True, 51, 0, 1), 0.6),
        (FormationScore("a", True, 25, 1, 2), 0.8),
        (FormationScore("a", False, 0), 0.3),
    ],
)
def test_the_score(score, expected):
    assert score.score == pytest.approx(expected)


def test_the_best_comes_first_and_of_equal_ones_the_first_named():
    slow, first, second = FormationScore("slow", True, 9), FormationScore("first", True, 2), FormationScore("second", True, 2)
    assert [one.label for one in ranked([slow, first, second])] == ["first", "second", "slow"]


def test_the_episode():
    told = tournament_episode("e", "i", "p", [FormationScore("a", True, 2), FormationScore("b", True, 4)])
    assert (told.predicted_outcome, told.run_status) == ("a wins", "converged")
    assert told.actual_outcome == "score 0.892, converged: true, 2 cycles"
    assert told.prediction_error is not None
    assert told.prediction_error.magnitude == pytest.approx(0.108)


def test_two_rounds_of_calibration():
    told = tournament_episode("e", "i", "p", [FormationScore("a", True, 2)])
    first = calibrated(told)
    assert [(prior.assumption_type, prior.posterior_confidence) for prior in first] == [
        ("convergence_rate", 0.75), ("criteria_coverage", 0.75), ("cycle_efficiency", 0.73),
    ]  # fmt: skip
    assert [prior.evidence_count for prior in calibrated(told, first)] == [2, 2, 2]


def test_whoever_did_not_converge_pulls_the_rate_down():
    told = tournament_episode("e", "i", "p", [FormationScore("a", True, 2, 1, 4), FormationScore("b", False, 4)])
    assert told.prediction_error is not None
    assert {one.name: one.actual for one in told.prediction_error.dimensions} == {
        "convergence_rate": 0.5, "criteria_coverage": 0.25, "cycle_efficiency": 0.96,
    }  # fmt: skip
