"""No kind of the catalogue remembers: a run that is resumed at any border, with a fresh team, equals an unbroken one."""

import json
from typing import Any

import pytest

from runs.engine import ContextKey, CycleMerged, State, Suggestor, converge, restore
from runs.suggestors import read_document
from runs.suggestors.classifier import ProblemClassifier
from runs.suggestors.plan import Plan
from runs.suggestors.planning import GapDetector, HuddleSeed, HypothesisTracker, Stability
from runs.suggestors.planning.gaps import missing
from runs.suggestors.planning.huddle_seed import SeededPlan
from runs.suggestors.skeptics import AnomalySkeptic, CausalSkeptic
from runs.suggestors.teams import adversarial_team, simulation_swarm, stress_test
from tests.engine.teams import envelopes
from tests.suggestors.charters.test_turns import PEOPLE, STARTER, note, says, seats
from tests.suggestors.plans import plain, plan
from tests.suggestors.teams import Script, text
from tests.suggestors.test_document import document

LATE = [[plan(f"s{number}", total_cost=number, authority_level=number % 2)] for number in range(5)]


def reviewers() -> list[Suggestor]:
    return [Script(*LATE), *stress_test(review=True), AnomalySkeptic(), CausalSkeptic()]


def drawn() -> list[Suggestor]:
    return [Script(*LATE), *adversarial_team(), *simulation_swarm(method="monte_carlo", runs=5)]


def planners() -> list[Suggestor]:
    conclude = Stability(ContextKey.HYPOTHESES, ContextKey.PROPOSALS, lambda _, facts: [("end", f"{len(facts)}", 0.5)])
    gaps = GapDetector(missing(["a", "b"]), min_hypotheses=1)
    hypotheses = [[text(ContextKey.HYPOTHESES, f"h{number}", json.dumps({"category": "a"}))] for number in range(3)]
    return [HuddleSeed("x", [SeededPlan(Plan("p"))]), Script(*hypotheses), gaps, conclude, HypothesisTracker(), ProblemClassifier()]


def members_of_a_huddle() -> list[Suggestor]:
    charter = {"topology": "huddle", "members": seats(1, 2)}
    notes = [note(who, number) for number in (2, 1) for who in PEOPLE]
    going_on = says("chair", "Constraints", "round:continue:1", ("Hypotheses", "note:dana:1"))
    return read_document(document(team=[STARTER, *notes, going_on], charter=charter)).team()


def finished(team: list[Suggestor], state: State) -> tuple[Any, list[list[Any]]]:
    """The digest, and the rows up to each border."""
    rows: list[Any] = []
    borders: list[list[Any]] = []
    for border in converge(team, state):
        rows += border.rows
        if isinstance(border, CycleMerged):
            borders.append(list(rows))
    return border.result, borders


@pytest.mark.parametrize("team", [reviewers, drawn, planners, members_of_a_huddle])
def test_resuming_at_every_border_equals_an_unbroken_run(team):
    seeds = [plain("Just do it", "first"), text(ContextKey.SEEDS, "s", "decide")]
    unbroken, borders = finished(team(), State.fresh(seeds))
    assert unbroken.converged
    assert len(borders) > 3
    for rows in borders:
        resumed, _ = finished(team(), restore(envelopes(rows)))
        assert (resumed.digest, resumed.cycles) == (unbroken.digest, unbroken.cycles)


def test_a_team_that_served_a_run_serves_the_next():
    team = reviewers()
    first, second = (finished(team, State.fresh([plain("x")]))[0] for _ in range(2))
    assert first.digest == second.digest
