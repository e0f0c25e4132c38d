"""The skeptic that compares plans."""

import pytest

from runs.suggestors.skeptics import AnomalySkeptic
from tests.suggestors.plans import CONSTRAINTS, EVALUATIONS, plain, plan, said, verdict
from tests.suggestors.teams import Script, ids, run


def judged(values, judge=None) -> dict:
    """What is said on plans with these total costs, by the beginning of the id."""
    plans = [plan(f"p{number}", total_cost=value) for number, value in enumerate(values)]
    return said(run([judge or AnomalySkeptic()], *plans))


def test_fewer_plans_than_required_are_not_compared():
    contents = judged([1, 2])
    assert list(contents) == ["Evaluations/anomaly-skip-p0", "Evaluations/anomaly-skip-p1"]
    assert contents["Evaluations/anomaly-skip-p0"] == {
        "strategy_id": "p0",
        "agent": "anomaly-skeptic",
        "kind": "statistical_anomaly",
        "passed": True,
        "note": "2 plans can be compared, at least 3 are required",
        "findings": [],
        "severities": [],
    }


def test_the_third_plan_makes_a_comparison():
    contents = judged([1, 2, 3])
    assert list(contents) == [f"Evaluations/anomaly-pass-p{number}" for number in range(3)]
    assert contents["Evaluations/anomaly-pass-p0"]["mean"] == 2.0
    assert round(contents["Evaluations/anomaly-pass-p0"]["std_dev"], 4) == 0.8165


@pytest.mark.parametrize(
    ("others", "word", "key"),
    [
        (4, "pass", "Evaluations"),  # the largest z among 5 is 2, which is not more than 2
        (5, "warn", "Constraints"),
        (8, "warn", "Constraints"),
        (10, "block", "Constraints"),  # the largest z among 11 is √10
    ],
)
def test_how_far_is_too_far(others, word, key):
    contents = judged([*[100] * others, 500])
    assert f"{key}/anomaly-{word}-p{others}" in contents


def test_a_warning_stands_among_the_constraints_and_says_its_numbers():
    content = judged([*[100] * 5, 700])["Constraints/anomaly-warn-p5"]
    assert content["severity"] == "warning"
    assert content["findings"] == ["total_cost stands out: z-score 2.24, mean 200.00, standard deviation 223.61"]
    assert content["severities"] == ["warning"]


def test_block_and_warn_are_one_and_a_half_thresholds_apart():
    values = [*[0] * 4, 100]  # z of the last: 2.0
    assert "Constraints/anomaly-warn-p4" in judged(values, AnomalySkeptic(1.34))
    assert "Constraints/anomaly-block-p4" in judged(values, AnomalySkeptic(1.33))
    assert "Evaluations/anomaly-pass-p4" in judged(values, AnomalySkeptic(2.0001))


def test_equal_plans_never_stand_out():
    assert all("anomaly-pass" in place for place in judged([7] * 9))


@pytest.mark.parametrize(
    ("annotation", "word"),
    [
        ({"total_cost": 0}, "pass"),
        ({"total_cost": "1", "costs": [{"estimate": 3}]}, "pass"),
        ({"costs": [{"estimate": 0}]}, "skip"),
        ({"costs": []}, "skip"),
        ({"costs": {"estimate": 3}}, "skip"),
        ({"metrics": {"total_cost": 2}}, "pass"),
        ({"costs": [{"estimate": 1.7e308}, {"estimate": 1.7e308}]}, "skip"),
    ],
)
def test_the_number_of_a_plan(annotation, word):
    others = [plan(f"p{number}", total_cost=number) for number in range(4)]
    assert verdict(AnomalySkeptic(), plan(**annotation), *others)[0] == f"Evaluations/anomaly-{word}-s1"


def test_the_note_names_the_field():
    others = [plan(f"p{number}", speed=number) for number in range(3)]
    assert "'speed'" in verdict(AnomalySkeptic(metric_field="speed"), plain("x"), *others)[1]["note"]


def test_numbers_too_large_are_not_compared():
    place, content = verdict(AnomalySkeptic(), *[plan(f"s{number}", total_cost=1.7e308 * (-1) ** number) for number in range(4)])
    assert place == "Evaluations/anomaly-skip-s1"
    assert "too large" in content["note"]


def test_a_late_plan_is_compared_with_all_and_the_others_are_left():
    first = [plan(f"p{number}", total_cost=100) for number in range(9)]
    late = [plan("late", total_cost=10_000)]
    result = run([Script(first, late), AnomalySkeptic()])
    assert result.converged
    assert ids(result, EVALUATIONS) == [f"anomaly-pass-p{number}" for number in range(9)]
    assert ids(result, CONSTRAINTS) == ["anomaly-warn-late"]
