"""Templates and the guru at the console."""

import json

import pytest
from django.core.management import CommandError, call_command

from runs.suggestors import document_of
from runs.suggestors.templates import templates
from tests.house import a_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tenant() -> None:
    a_tenant()


def said(capsys, *arguments: str) -> str:
    call_command(*arguments)
    return capsys.readouterr().out


def test_all_are_listed(capsys):
    listed = said(capsys, "template", "list")
    assert [line.split()[0] for line in listed.splitlines()] == [template.name for template in templates()]


def test_one_is_shown_with_its_example(capsys):
    assert json.loads(said(capsys, "template", "show", "spend-approval"))["example"]["label"] == "A second test bench"


def test_the_example_is_filled_in_and_changed(capsys):
    changed = ("--set", "label=Bench", "--set", "approval.quorum=2", "--set", "plan.costs.0.estimate=99")
    document = json.loads(said(capsys, "template", "fill", "spend-approval", "--example", *changed))
    assert (document["label"], document["gates"]["quorum"]) == ("Bench", 2)
    assert document_of(document).label == "Bench"


def test_parameters_come_from_a_file(capsys, tmp_path):
    path = tmp_path / "parameters.yaml"
    path.write_text("label: Two plans\nplans: [{id: a, text: Do it}]\n")
    document = json.loads(said(capsys, "template", "fill", "plan-stress-test", "--from", str(path)))
    assert [seed["id"] for seed in document["seeds"]] == ["a"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "x"], "unknown template 'x'"),
        (["fill", "spend-approval"], "label: is required"),
        (["fill", "spend-approval", "--from", "nowhere.json"], "cannot be read"),
        (["fill", "spend-approval", "--example", "--set", "label"], "give it as NAME=VALUE"),
        (["fill", "spend-approval", "--example", "--set", "plan.costs.9.estimate=1"], "there is no such place"),
    ],
)
def test_what_makes_no_sense_is_told(arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("template", *arguments)


def test_the_guru_tells_its_scores(capsys):
    assert "13  organism-planning  rank 0, 2 to spare, cost medium" in said(capsys, "guru", "Schedule the rollout")
    assert json.loads(said(capsys, "guru", "Schedule the rollout", "--json"))["primary"] == "organism-planning"


def test_the_guru_may_find_nothing():
    with pytest.raises(CommandError, match="no template fits a problem of class 'planning'"):
        call_command("guru", "Schedule it", "--capabilities", "analytics")
