"""What a run says of plans, in words that a manager understands."""

import json
import re

import pytest
import yaml

from runs.models import Run
from runs.reading.plans import plans_of
from tests.documents import document, rule
from tests.management.test_commands import run_formation
from tests.server import ROOT

pytestmark = pytest.mark.django_db
CHAPTER = (ROOT / "README.md").read_text().partition("## A stress test on the command line")[2].partition("\n## ")[0]
DOCUMENT, PRINTED = re.findall(r"```(?:yaml)?\n(.*?)```", CHAPTER, re.DOTALL)


def plain(text: str) -> str:
    """Without what differs from run to run."""
    return re.sub(r"run [0-9a-f-]{36}", "run …", text).partition("Merkle root")[0]


@pytest.mark.parametrize("text", [DOCUMENT, json.dumps(yaml.safe_load(DOCUMENT))], ids=["yaml", "json"])
def test_a_run_ends_with_the_verdicts_of_the_readme(text, tmp_path, capsys):
    assert run_formation(text, tmp_path) == 0
    assert plain(capsys.readouterr().out) == PRINTED


def test_json_tells_the_same(tmp_path, capsys):
    run_formation(DOCUMENT, tmp_path, "--json")
    move, stay = json.loads(capsys.readouterr().out)["plans"]
    assert (move["id"], move["verdict"], stay["verdict"]) == ("move", "blocked", "passes")
    assert move["blocked_by"] == [{"who": "operational-skeptic", "says": ["understaffed: 4 people for critical complexity, which needs 5"]}]


def says(name, key, content, *, id="x") -> dict:
    return rule(name, key, f"{name}-{id}", json.dumps({"strategy_id": "p"} | content), after=("Strategies", "p"))


PLAN = [{"key": "Strategies", "id": "p", "text": "Buy\nboats", "provenance": "o"}]


@pytest.mark.parametrize(
    ("seats", "verdict"),
    [
        ([says("a", "Evaluations", {"agent": "a", "passed": True, "findings": []})], "passes"),
        ([says("a", "Evaluations", {"agent": "a", "passed": True, "findings": ["hm"], "severities": ["advisory"]})], "passes"),
        ([says("a", "Evaluations", {"agent": "a", "passed": True, "findings": ["hm"], "severities": ["warning"]})], "warned"),
        ([says("a", "Constraints", {"agent": "a", "severity": "warning", "findings": ["odd"]})], "warned"),
        ([says("a", "Constraints", {"dimension": "cost", "passed": False, "findings": ["dear"]})], "fails"),
        ([says("a", "Constraints", {"agent": "a", "severity": "blocker", "findings": ["no"], "severities": ["blocker"]})], "blocked"),
        ([says("a", "Evaluations", {"recommendation": "proceed_with_caution", "overall_confidence": 0.5})], "warned"),
        ([says("a", "Evaluations", {"recommendation": "do_not_proceed", "overall_confidence": 0.5})], "fails"),
        ([says("a", "Evaluations", {"recommendation": "proceed", "overall_confidence": 0.5})], "passes"),
    ],
    ids=["pass", "advice", "warning", "odd", "failing", "blocker", "caution", "do not", "proceed"],
)
def test_the_gravest_remark_is_the_verdict(seats, verdict, tmp_path):
    run_formation(document("Plans", seats, seeds=PLAN), tmp_path)
    (plan,) = plans_of(Run.objects.get())
    assert (plan.id, plan.title, plan.verdict) == ("p", "Buy boats", verdict)


@pytest.mark.parametrize("text", ["words", "[1]", '{"strategy_id": "other", "agent": "a"}', '{"strategy_id": 3}', '{"strategy_id":"p"}'])
def test_what_is_no_judgement_is_no_remark(text, tmp_path):
    run_formation(document("Plans", [rule("a", "Evaluations", "e", text, after=("Strategies", "p"))], seeds=PLAN), tmp_path)
    assert not [plan for plan in plans_of(Run.objects.get()) if plan.passed_by or plan.warned_by or plan.failed_by or plan.blocked_by]


def test_of_many_plans_the_first_are_told(tmp_path, capsys):
    seeds = [{"key": "Strategies", "id": f"p{n}", "text": f"Plan {n}", "provenance": "o"} for n in range(23)]
    run_formation(document("Many", [{"kind": "operational-skeptic"}], seeds=seeds), tmp_path)
    out = capsys.readouterr().out
    assert "23 plans reviewed: 23 passing." in out
    assert "  p19 (Plan 19) passes\n    passed by operational-skeptic\n  … and 3 plans more: --json tells all\n" in out
