"""`manage.py why`, `why-not` and `waiting`."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.conducted import GATED, HUDDLE, conducted
from tests.house import a_member, a_tenant

pytestmark = pytest.mark.django_db


def asked(capsys, *arguments: str) -> str:
    call_command(*arguments)
    return capsys.readouterr().out


def test_why_goes_back_to_the_seeds(capsys):
    run = conducted(a_member(), HUDDLE)
    lines = asked(capsys, "why", str(run.pk), "Strategies/synthesis:1").splitlines()
    assert lines[0].startswith(
        "Strategies/synthesis:1  by round-synthesizer in cycle 3; rests on Hypotheses/note:ada:1, Signals/round:start:1"
    )
    assert lines[-1].startswith("Seeds: Seeds/")


def test_why_not_names_the_blocker_and_the_remedy(capsys):
    run = conducted(a_member(), GATED)
    assert asked(capsys, "why-not", str(run.uuid), "Strategies/plan-a").splitlines() == [
        "Strategies/plan-a: gate pending",
        "It waits at gate hitl-1-0-plan-a for a decision.",
        "1 approval would let it pass.",
    ]


def test_waiting_names_the_sleepers(capsys):
    team = [{"kind": "consensus-evaluator", "with": {"rule": "majority", "total_voters": 3}}]
    run = conducted(a_member(), GATED | {"label": "Asleep", "team": team, "gates": None})
    assert asked(capsys, "waiting", str(run.pk)) == "consensus-evaluator: no fact under Votes, which would wake it\n"
    assert "Nobody" in asked(capsys, "waiting", str(conducted(a_member(), HUDDLE).pk))


@pytest.mark.parametrize("arguments", [["why", "Seeds/lunch"], ["why-not", "Seeds/none"], ["waiting"]])
def test_json_is_json(capsys, arguments):
    run = conducted(a_member(), HUDDLE)
    command, *fact = arguments
    assert json.loads(asked(capsys, command, str(run.pk), *fact, "--json")) is not None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["why", "1", "lunch"], "KEY/ID is wanted"),
        (["why", "1", "Seeds/none"], "There is no fact"),
        (["why", "99", "Seeds/lunch"], "There is no run"),
        (["why-not", "1", "Nothing/x"], "KEY/ID is wanted"),
        (["waiting", "x"], "There is no run"),
    ],
)
def test_what_makes_no_sense_is_told(arguments, words):
    command, run, *fact = arguments
    known = conducted(a_member(), HUDDLE)
    with pytest.raises(CommandError, match=words):
        call_command(command, str(known.pk) if run == "1" else run, *fact)


@pytest.mark.parametrize("arguments", [["why", "Seeds/lunch"], ["why-not", "Seeds/lunch"], ["waiting"]])
def test_another_tenants_run_is_not_there(arguments):
    a_tenant("other")
    run = conducted(a_member(), HUDDLE)
    command, *fact = arguments
    with pytest.raises(CommandError, match="There is no run"):
        call_command(command, str(run.pk), *fact, "--tenant", "other")
