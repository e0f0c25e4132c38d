"""Ready teams in short: the same suggestors as the builder's methods."""

import json
from typing import Any

import pytest

from runs.engine import ContextKey
from runs.suggestors import Formation, read_document
from runs.suggestors.formation import FormationResult
from runs.suggestors.teams import TEAMS
from tests.server import ROOT
from tests.suggestors.test_document import RULE, document, faults
from tests.suggestors.test_stress_test import PLAN

BUILDERS = {
    "adversarial": Formation.with_adversarial_team,
    "simulation-swarm": Formation.with_simulation_swarm,
    "priors": Formation.with_learning_priors,
    "stress-test": Formation.with_stress_test_pipeline,
}
FAULTS = {
    "neither kind nor team": (document(team=[{"name": "a"}]), "team[0]", "exactly one of kind, team must be given"),
    "unknown team": (
        document(team=[{"team": "x"}]),
        "team[0].team",
        "unknown value 'x'; allowed: adversarial, priors, simulation-swarm, stress-test",
    ),
    "named team": (document(team=[{"team": "priors", "name": "a"}]), "team[0].name", "a ready team has no name"),
    "a kind without": (document(team=[{**RULE, "without": []}]), "team[0].without", "only a ready team can do without somebody"),
    "no such member": (
        document(team=[{"team": "priors", "with": {"x": {}}}]),
        "team[0].with.x",
        "unknown member 'x'; allowed: planning-prior",
    ),
    "without nobody": (document(team=[{"team": "priors", "without": ["x"]}]), "team[0].without[0]", "unknown member 'x'"),
    "odd parameter of a member": (
        document(team=[{"team": "stress-test", "with": {"operational-skeptic": {"y": 1}}}]),
        "team[0].with.operational-skeptic.y",
        "unknown field; allowed: max_parallel_initiatives",
    ),
    "a member's parameters as a list": (
        document(team=[{"team": "priors", "with": {"planning-prior": []}}]),
        "team[0].with.planning-prior",
        "expected an object, not a list",
    ),
    "a member twice": (
        document(team=[{"team": "priors"}, {"team": "stress-test"}]),
        "team[1].team",
        "the name 'planning-prior' is taken by team[0]",
    ),
}


def read(*team: dict[str, Any]):
    return read_document(json.dumps({"schema": "organism.formation/v1", "label": "x", "team": team}))


def judged(formation: Formation) -> FormationResult:
    return formation.seed(ContextKey.STRATEGIES, "s1", PLAN, "author").run()


@pytest.mark.parametrize("team", TEAMS)
def test_a_short_form_runs_like_the_builders_method(team):
    by_document, by_builder = Formation("f").agents(read({"team": team}).team()), BUILDERS[team](Formation("f"))
    assert [type(one) for one in by_document._team] == [type(one) for one in by_builder._team]
    assert judged(by_document).digest == judged(by_builder).digest


def test_it_reads_back_as_it_was_written():
    entry = {"team": "stress-test", "with": {"cost-simulation": {"runs": 9}}, "without": ["planning-prior"], "on_error": "fail"}
    assert json.loads(read(entry).to_json())["team"] == [entry]
    assert read_document(read(entry).to_yaml()).content_hash == read(entry).content_hash


def test_members_take_parameters_by_name():
    entry = {"team": "adversarial", "with": {"operational-skeptic": {"max_parallel_initiatives": 9}}}
    assert [seat.params.max_parallel_initiatives for seat in read(entry).seats if seat.name == "operational-skeptic"] == [9]


def test_members_may_stay_away_and_share_what_holds_for_all():
    team = read({"team": "simulation-swarm", "without": ["cost-simulation"], "on_error": "fail"}).team()
    assert [one.name for one in team] == [name for name in TEAMS["simulation-swarm"] if name != "cost-simulation"]
    assert {one.on_error for one in team} == {"fail"}
    assert not read({"team": "stress-test", "enabled": False}).team()


@pytest.mark.parametrize(("text", "path", "message"), FAULTS.values(), ids=FAULTS)
def test_it_says_what_is_wrong_and_where(text, path, message):
    assert message in faults(text).get(path, "nothing")


def test_one_who_stays_away_can_sit_elsewhere():
    read({"team": "priors"}, {"team": "stress-test", "without": ["planning-prior"]})


def test_the_teams_stand_in_the_readme():
    rows = "".join(f"| `{team}` | {', '.join(f'`{name}`' for name in names)} |\n" for team, names in TEAMS.items() if team != "stress-test")
    assert rows in (ROOT / "README.md").read_text()
