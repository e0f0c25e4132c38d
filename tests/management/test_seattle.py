"""Real conversations, run from the command line, equal to what an independent script counted."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from runs.journal import rebuild
from runs.models import Cycle, Disagreement, Fact, Round, Run, Vote

pytestmark = pytest.mark.django_db


def seattle(shared: Path, name: str, capsys) -> tuple[dict[str, Any], dict[str, Any]]:
    """The report of a run, and what is expected of it."""
    data = shared / "data"
    with pytest.raises(SystemExit) as stopped:
        call_command("run_formation", str(data / f"{name}.formation.json"), "--json")
    assert stopped.value.code == 0
    return json.loads(capsys.readouterr().out), json.loads((data / f"{name}.expected.json").read_text())


def verdicts(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    keys = ("yesVotes", "noVotes", "abstainVotes", "totalVoters", "passes")
    return {outcome["topic"]: {key: outcome[key] for key in keys} for outcome in report["outcomes"]}


def dissenters(report: dict[str, Any]) -> dict[str, int]:
    return {entry["topic"]: len(entry["entries"]) for entry in report["disagreement_maps"]}


def test_four_rounds(shared, capsys):
    report, expected = seattle(shared, "seattle-four-rounds", capsys)
    assert (report["cycles"], report["fact_count"], report["status"]) == (47, 1521, "converged")
    assert verdicts(report) == expected["outcomes"]
    assert (Vote.objects.count(), Disagreement.objects.count()) == (997, 304)
    assert sum(dissenters(report).values()) == 304
    assert {str(round_.number): _told(round_) for round_ in Round.objects.all()} == expected["rounds"]
    assert rebuild(Run.objects.get()) == []


def _told(round_: Round) -> dict[str, Any]:
    """A round as it is expected: votes and speakers are those of its cycles."""
    later = Round.objects.filter(number=round_.number + 1).first()
    last = later.started_cycle if later else Cycle.objects.latest("number").number
    votes = Vote.objects.filter(cycle__gt=round_.started_cycle, cycle__lte=last)
    return {
        "notes": Fact.objects.filter(key="Hypotheses", fact_id__endswith=f":{round_.number}").count(),
        "speakers": len(set(votes.values_list("voter", flat=True))),
        "votes": votes.count(),
        "synthesis": round_.synthesis is not None,
    }


def test_fifteen_per_hour(shared, capsys):
    report, expected = seattle(shared, "seattle-15-per-hour", capsys)
    assert (report["cycles"], report["fact_count"], report["status"]) == (36, 1454, "converged")
    (rule,) = {outcome["rule"] for outcome in report["outcomes"]}
    told = {topic: verdict | {"passes": verdict["passes"][rule]} for topic, verdict in expected.items()}
    counted = {topic: {"dissenters": dissenters(report).get(topic, 0)} for topic in expected}
    assert {topic: verdict | counted[topic] for topic, verdict in verdicts(report).items()} == told
    tallies = Counter(Vote.objects.values_list("topic", "decision"))
    assert {topic: tallies[topic, "no"] for topic in expected} == {topic: verdict["noVotes"] for topic, verdict in expected.items()}
    assert rebuild(Run.objects.get()) == []
