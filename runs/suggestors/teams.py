"""The ready teams: in what order they stand, and with what defaults."""

from collections.abc import Sequence
from typing import Literal

from runs.engine import Suggestor
from runs.suggestors.priors import PlanningPrior
from runs.suggestors.recall import RecallPolicy
from runs.suggestors.simulators import (
    CausalSimulation,
    CostSimulation,
    CostSimulationParams,
    Method,
    OperationalSimulation,
    OutcomeSimulation,
    OutcomeSimulationParams,
    PolicySimulation,
    SwarmRecommendation,
)
from runs.suggestors.skeptics import AssumptionBreaker, ConstraintChecker, EconomicSkeptic, OperationalSkeptic, OrgConstraint, Reviewer

TeamName = Literal["adversarial", "simulation-swarm", "priors", "stress-test"]
_ADVERSARIAL = ("assumption-breaker", "constraint-checker", "economic-skeptic", "operational-skeptic")
_SWARM = (
    "outcome-simulation",
    "cost-simulation",
    "policy-simulation",
    "causal-simulation",
    "operational-simulation",
    "swarm-recommendation",
)
_PRIORS = ("planning-prior",)
# What the short forms of a document stand for: the kinds, which are the names as well. The builder's defaults are the same.
TEAMS: dict[TeamName, tuple[str, ...]] = {
    "adversarial": _ADVERSARIAL,
    "simulation-swarm": _SWARM,
    "priors": _PRIORS,
    "stress-test": (*_PRIORS, *_ADVERSARIAL, *_SWARM),
}


def simulation_swarm(*, recommend: bool = True, method: Method = "deterministic", runs: int = 1000, seed: int = 0) -> list[Suggestor]:
    """The five simulators, and the recommendation unless it is not wanted; `method` is that of outcome and cost."""
    swarm: list[Suggestor] = [
        OutcomeSimulation(OutcomeSimulationParams(method=method, runs=runs, seed=seed)),
        CostSimulation(CostSimulationParams(method=method, runs=runs, seed=seed)),
        PolicySimulation(),
        CausalSimulation(),
        OperationalSimulation(),
    ]
    return [*swarm, SwarmRecommendation()] if recommend else swarm


def adversarial_team(*, constraints: Sequence[OrgConstraint] = (), review: bool = False) -> list[Suggestor]:
    """The four skeptics, without the one that compares plans; and the review if it is wanted."""
    team: list[Suggestor] = [AssumptionBreaker(), ConstraintChecker(constraints), EconomicSkeptic(), OperationalSkeptic()]
    return [*team, Reviewer()] if review else team


def learning_priors(*, recall: RecallPolicy | None = None) -> list[Suggestor]:
    """What earlier runs taught."""
    return [PlanningPrior(recall)]


def stress_test(*, constraints: Sequence[OrgConstraint] = (), review: bool = False, recommend: bool = True) -> list[Suggestor]:
    """Priors, then skeptics, then simulators."""
    return [*learning_priors(), *adversarial_team(constraints=constraints, review=review), *simulation_swarm(recommend=recommend)]
