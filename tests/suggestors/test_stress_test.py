"""The ready teams, by the builder."""

import re

import pytest

from runs.engine import ContextKey
from runs.suggestors import Formation
from runs.suggestors.skeptics import OrgConstraint
from tests.server import ROOT
from tests.suggestors.plans import EVALUATIONS
from tests.suggestors.teams import text_of

SKEPTICS = ["assumption-breaker", "constraint-checker", "economic-skeptic", "operational-skeptic"]
SIMULATORS = ["outcome-simulation", "cost-simulation", "policy-simulation", "causal-simulation", "operational-simulation"]
PLAN = (
    '{"description":"Move to the new vendor","annotation":{"assumptions":["The vendor delivers"],'
    '"evidence":["The vendor delivers: 3 references"],"costs":[{"category":"licences","estimate":42500,"uncertainty":0.1}],'
    '"impacts":[{"confidence":0.9}],"risks":[{"likelihood":"unlikely"}],'
    '"authority_level":2,"team_size":4,"complexity":"high","timeline_days":60,"team_utilization":0.7,"system_load":0.4}}'
)


def test_the_example_of_the_readme_prints_what_it_says(capsys):
    chapter = (ROOT / "README.md").read_text().partition("## Plans and their reviewers")[2].partition("\n## ")[0]
    source, printed = re.findall(r"```(?:python)?\n(.*?)```", chapter, re.DOTALL)
    exec(compile(source, "README.md", "exec"), {})
    assert capsys.readouterr().out == printed


def names(formation: Formation) -> list[str]:
    return [one.name for one in formation._team]


def test_the_teams_stand_in_their_order():
    assert names(Formation("f").with_adversarial_team()) == SKEPTICS
    assert names(Formation("f").with_simulation_swarm()) == [*SIMULATORS, "swarm-recommendation"]
    assert names(Formation("f").with_learning_priors()) == ["planning-prior"]
    assert names(Formation("f").with_stress_test_pipeline()) == ["planning-prior", *SKEPTICS, *SIMULATORS, "swarm-recommendation"]


def test_the_sums_are_optional():
    assert names(Formation("f").with_stress_test_pipeline(recommend=False)) == ["planning-prior", *SKEPTICS, *SIMULATORS]
    assert names(Formation("f").with_adversarial_team(review=True)) == [*SKEPTICS, "adversarial-review"]


def put_to_the_test(plan: str, **options):
    return Formation("f").with_stress_test_pipeline(**options).seed(ContextKey.STRATEGIES, "s1", plan, "author").run()


def test_a_good_plan_passes():
    result = put_to_the_test(PLAN, review=True)
    said = text_of(result, EVALUATIONS)
    assert not result.context.has(ContextKey.CONSTRAINTS)
    assert '"recommendation":"proceed"' in str(said["recommendation-s1"])
    assert '"verdict":"cleared"' in str(said["adversarial:review:s1"])
    assert result.cycles == 3


def test_a_bad_plan_is_stopped():
    result = put_to_the_test(
        PLAN.replace('"team_size":4', '"team_size":1,"actions":["fire staff"]'), constraints=[OrgConstraint("law", forbidden_action="fire")]
    )
    assert [fact.id for fact in result.context.get(ContextKey.CONSTRAINTS)] == ["constraint-block-s1"]


@pytest.mark.parametrize("plan", ["Buy it", "{}"])
def test_a_plan_that_declares_nothing_does_not_proceed(plan):
    assert '"do_not_proceed"' in str(text_of(put_to_the_test(plan), EVALUATIONS)["recommendation-s1"])


def test_the_swarm_may_draw_at_random():
    swarm = Formation("f").with_simulation_swarm(method="monte_carlo", runs=20, seed=4).seed(ContextKey.STRATEGIES, "s1", PLAN, "author")
    assert '"monte_carlo"' in str(text_of(swarm.run(), EVALUATIONS)["cost-pass-s1"])
