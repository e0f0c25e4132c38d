"""The skeptics: every threshold on both sides."""

import pytest

from runs.suggestors.skeptics import AssumptionBreaker, ConstraintChecker, EconomicSkeptic, OperationalSkeptic, OrgConstraint
from tests.suggestors.plans import findings, plain, plan, verdict

COST = [{"category": "it", "estimate": 150}]


def of(judge, **annotation) -> list[str]:
    return [
        f"{severity}: {message}" for message, severity in zip(findings(judge, **annotation), severities(judge, annotation), strict=True)
    ]


def severities(judge, annotation) -> list[str]:
    return verdict(judge, plan(**annotation))[1]["severities"]


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ({}, ["no assumptions"]),
        ({"assumptions": []}, ["no assumptions"]),
        ({"assumptions": ["Demand grows"]}, ["unsupported assumption: 'Demand grows'"]),
        ({"assumptions": ["Demand grows"], "evidence": ["survey: demand GROWS by 5 %"]}, []),
        ({"assumptions": ["a", "b"], "evidence": ["a"]}, ["unsupported assumption: 'b'"]),
        ({"assumptions": [1]}, ["no assumptions"]),
    ],
)
def test_assumptions_need_to_be_stated_and_supported(annotation, expected):
    found = verdict(AssumptionBreaker(), plan(**annotation))[1]["findings"]
    assert len(found) == len(expected)
    assert all(part in text for part, text in zip(expected, found, strict=True))


@pytest.mark.parametrize(
    ("word", "presumed"),
    [
        ("ALWAYS", "stable conditions"),
        ("never fails", "perfect reliability"),
        ("guaranteed", "a certain outcome"),
        ("nontrivial", "underestimated complexity"),
        ("obviously", "a shared understanding"),
    ],
)
def test_words_that_presume_something_are_noted(word, presumed):
    place, content = verdict(AssumptionBreaker(), plan(assumptions=["a"], evidence=[f"a {word}"]))
    assert place == "Evaluations/assumption-pass-s1"
    assert content["findings"][0].startswith(f"implicit assumption of {presumed}")
    assert content["severities"] == ["advisory"]


def test_words_are_found_anywhere_in_order_even_in_names():
    content = verdict(AssumptionBreaker(), plain('{"obvious": 1, "x": "it always works"}'))[1]
    assert ["no assumptions" in content["findings"][0], "always" in content["findings"][1], "obvious" in content["findings"][2]] == [
        True
    ] * 3


def test_a_warning_has_an_id_of_its_own_and_both_names():
    place, content = verdict(AssumptionBreaker(), plain("words"))
    assert place == "Evaluations/assumption-warn-s1"
    assert list(content) == ["strategy_id", "agent", "kind", "passed", "warnings", "findings", "severities"]
    assert content["warnings"] == content["findings"]
    assert (content["agent"], content["kind"], content["passed"]) == ("assumption-breaker", "assumption_breaking", True)


BUDGET = OrgConstraint("cap", max_budget=1000)
APPROVAL = OrgConstraint("board", required_approval="cfo")
ACTION = OrgConstraint("law", forbidden_action="export")
TAG = OrgConstraint("tags", required_tag="green")


@pytest.mark.parametrize(
    ("rule", "annotation", "expected"),
    [
        (BUDGET, {"costs": [{"estimate": 600}, {"estimate": 400}]}, []),
        (BUDGET, {"costs": [{"estimate": 600}, {"estimate": 400.01}]}, ["blocker: cap: the costs of 1000 exceed the budget of 1000"]),
        (OrgConstraint("cap", max_budget=-5), {"costs": [{"estimate": 1}]}, ["blocker: cap: the costs of 1 exceed the budget of 0"]),
        (OrgConstraint("cap", max_budget=-5), {}, []),
        (APPROVAL, {"approvals": ["cfo"]}, []),
        (APPROVAL, {"approvals": ["CFO", "cfo's aide"]}, ["blocker: board: the approval of 'cfo' is required"]),
        (APPROVAL, {}, ["blocker: board: the approval of 'cfo' is required"]),
        (ACTION, {"actions": ["reexports"]}, ["blocker: law: the action 'export' is forbidden"]),
        (ACTION, {"actions": ["Export"]}, []),
        (TAG, {"tags": ["green"]}, []),
        (TAG, {"tags": ["greener"]}, ["warning: tags: missing tag 'green'"]),
    ],
)
def test_the_rules_of_the_organisation(rule, annotation, expected):
    assert of(ConstraintChecker([rule]), **annotation) == expected


def test_without_rules_everything_passes():
    place, content = verdict(ConstraintChecker(), plain("x"))
    assert (place, content["findings"], content["passed"]) == ("Evaluations/constraint-pass-s1", [], True)


def test_a_block_says_violations_and_findings_and_does_not_pass():
    place, content = verdict(ConstraintChecker([TAG, APPROVAL]), plain("x"))
    assert place == "Constraints/constraint-block-s1"
    assert list(content) == ["strategy_id", "agent", "kind", "severity", "violations", "findings", "severities"]
    assert content["violations"] == content["findings"]
    assert len(content["findings"]) == 2


def test_a_warning_alone_passes():
    place, content = verdict(ConstraintChecker([TAG]), plain("x"))
    assert (place, content["passed"]) == ("Evaluations/constraint-pass-s1", True)


@pytest.mark.parametrize("fields", [{}, {"max_budget": 1.0, "required_tag": "x"}])
def test_a_rule_has_exactly_one_check(fields):
    with pytest.raises(ValueError, match="exactly one of max_budget, required_approval, forbidden_action, required_tag"):
        OrgConstraint("r", **fields)


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ({"costs": [{"estimate": 1000}]}, []),
        ({"costs": [{"estimate": 1001}]}, []),
        ({"costs": [{"category": "it", "estimate": 2000}]}, ["advisory: suspiciously round estimate for it: 2000"]),
        ({"costs": [{"estimate": 2000.0}]}, ["advisory: suspiciously round estimate for unknown: 2000"]),
        ({"costs": [{"estimate": 2000.5}]}, []),
        ({"costs": COST, "roi": 5.0}, []),
        ({"costs": COST, "roi": 5.01}, ["warning: the expected ROI of 5.0 is hard to believe"]),
        ({}, ["warning: no cost estimates: the plan cannot be held to account"]),
        ({"costs": [{"category": "it"}]}, ["warning: no cost estimates: the plan cannot be held to account"]),
        ({"costs": [{"estimate": 750}], "expected_revenue": 1000}, []),
        ({"costs": [{"estimate": 751}], "expected_revenue": 1000}, ["warning: the margin of 24.9 % is below 25.0 %"]),
        ({"costs": [{"estimate": 751}], "expected_revenue": 0}, []),
        ({"costs": [{"estimate": 0}], "expected_revenue": 1}, []),
        ({"costs": [{"estimate": 1200.5}], "expected_revenue": 1000}, ["warning: the margin of -20.1 % is below 25.0 %"]),
    ],
)
def test_the_numbers(annotation, expected):
    assert of(EconomicSkeptic(0.25), **annotation) == expected


def test_the_margin_of_thirty_percent_is_the_default():
    assert not findings(EconomicSkeptic(), costs=[{"estimate": 699}], expected_revenue=1000)
    assert "margin" in findings(EconomicSkeptic(), costs=[{"estimate": 701}], expected_revenue=1000)[0]


def test_doubts_about_numbers_block_nothing():
    assert verdict(EconomicSkeptic(), plain("x"))[0] == "Evaluations/econ-eval-s1"


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ({"parallel_initiatives": 3}, []),
        ({"parallel_initiatives": 4}, ["warning: 4 parallel initiatives, more than 3"]),
        ({"complexity": "high", "team_size": 3}, []),
        ({"complexity": "high", "team_size": 2}, ["warning: understaffed: 2 people for high complexity, which needs 3"]),
        ({"complexity": "critical", "team_size": 5}, []),
        ({"complexity": "critical", "team_size": 4}, ["blocker: understaffed: 4 people for critical complexity, which needs 5"]),
        ({"complexity": "critical"}, []),
        ({"complexity": "medium", "team_size": 0}, []),
        ({"complexity": "critical", "timeline_days": 90}, []),
        (
            {"complexity": "critical", "timeline_days": 89},
            ["warning: aggressive timeline: 89 days for critical complexity, which needs 90"],
        ),
        ({"complexity": "high", "timeline_days": 30}, []),
        ({"complexity": "high", "timeline_days": 29}, ["warning: aggressive timeline: 29 days for high complexity, which needs 30"]),
        ({"complexity": "medium", "timeline_days": 14}, []),
        ({"complexity": "medium", "timeline_days": 13}, ["warning: aggressive timeline: 13 days for medium complexity, which needs 14"]),
        ({"complexity": "low", "timeline_days": 0}, []),
        ({"complexity": "High", "timeline_days": 0, "team_size": 0}, []),
        ({"key_people": ["Ada"]}, ["advisory: single point of failure: Ada"]),
        ({"key_people": ["Ada", "Bob"]}, []),
        ({"key_people": []}, []),
    ],
)
def test_the_people_and_the_time(annotation, expected):
    assert of(OperationalSkeptic(), **annotation) == expected


def test_the_number_of_initiatives_is_a_parameter():
    assert findings(OperationalSkeptic(0), parallel_initiatives=1)
    assert not findings(OperationalSkeptic(4), parallel_initiatives=4)


def test_a_critical_plan_without_its_team_is_blocked():
    place, content = verdict(OperationalSkeptic(), plan(complexity="critical", team_size=1, timeline_days=1))
    assert (place, content["severity"]) == ("Constraints/ops-skeptic-block-s1", "blocker")
    assert content["severities"] == ["blocker", "warning"]
    assert "passed" not in content


def test_a_huge_team_reads_as_none():
    assert verdict(OperationalSkeptic(), plan(complexity="critical", team_size=2**32))[0] == "Constraints/ops-skeptic-block-s1"
