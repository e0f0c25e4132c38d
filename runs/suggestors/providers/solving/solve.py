"""Solving a problem, the same in every run: one worker, a fixed seed, and a limit that counts work and not time."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from ortools.sat.python import cp_model

from runs.suggestors.optimization import Assignment, BudgetAllocation, Knapsack, Problem, Scheduling, Solution, Status
from runs.suggestors.providers.solving.allocation import AllocationModel
from runs.suggestors.providers.solving.assignment import AssignmentModel
from runs.suggestors.providers.solving.drafts import Draft, Modelled
from runs.suggestors.providers.solving.knapsack import KnapsackModel
from runs.suggestors.providers.solving.scheduling import SchedulingModel

_MODELS = {Assignment: AssignmentModel, Knapsack: KnapsackModel, Scheduling: SchedulingModel, BudgetAllocation: AllocationModel}
_STATUSES: dict[object, Status] = {
    cp_model.OPTIMAL: "optimal",
    cp_model.FEASIBLE: "feasible",
    cp_model.INFEASIBLE: "infeasible",
    cp_model.UNKNOWN: "unknown",
}
#: How often a smaller conflict is looked for, and how much work each may be.
MOST_TRIALS, WORK_OF_TRIAL = 200, 0.5


class Effort(NamedTuple):
    """How hard to try: work in the solver's own measure, seconds as a last resort."""

    work: float
    seconds: float
    seed: int = 0


class TookTooLong(Exception):
    """The seconds were over before the work was."""


def solve(problem: Problem, effort: Effort) -> Solution:
    """The solution; raises `TookTooLong`."""
    draft = Draft()
    modelled: Modelled = _MODELS[type(problem)](problem, draft)
    kind = str(type(problem).__struct_config__.tag)
    solver, status = _solved(draft, effort)
    if status == "infeasible":
        conflict = conflict_in(problem, draft.conditions, effort.seed)
        return Solution(kind, status, says=["no choice meets all conditions"], conflict=conflict)  # type: ignore[arg-type]
    if status == "unknown":
        return Solution(kind, status, says=["nothing was found with the work that was allowed"])  # type: ignore[arg-type]
    objective, choice = modelled.read(solver.value)
    return Solution(kind, status, objective, choice, modelled.words(objective, choice))  # type: ignore[arg-type]


def _solved(draft: Draft, effort: Effort) -> tuple[cp_model.CpSolver, Status]:
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers, parameters.random_seed = 1, effort.seed
    parameters.linearization_level = 2  # alone, without relaxations, it loses itself in assignments of a hundred
    parameters.max_deterministic_time, parameters.max_time_in_seconds = effort.work, effort.seconds
    found = solver.solve(draft.model)
    if found == cp_model.MODEL_INVALID:
        raise ValueError(f"the problem is beyond what the solver can count: {draft.model.validate()}")
    status = _STATUSES[found]
    if status in ("feasible", "unknown") and solver.wall_time >= effort.seconds:
        raise TookTooLong
    return solver, status


def conflict_in(problem: Problem, conditions: Sequence[str], seed: int = 0) -> list[str]:
    """Conditions that cannot hold together, none of them needlessly as far as that is cheaply known; [] if it is not known.

    Ever smaller parts are left out for as long as the rest is proven to conflict.
    """
    if not conditions or not _conflicts(problem, (), seed):
        return []
    left, size, trials = list(conditions), len(conditions), 0
    while size:
        at = 0
        while at < len(left) and trials < MOST_TRIALS:
            without, trials = left[:at] + left[at + size :], trials + 1
            if without and _conflicts(problem, set(conditions) - set(without), seed):
                left = without
            else:
                at += size
        size //= 2
    return left


def _conflicts(problem: Problem, without: Collection[str], seed: int) -> bool:
    draft = Draft(without)
    _MODELS[type(problem)](problem, draft)
    draft.model.clear_objective()  # type: ignore[no-untyped-call]
    try:
        return _solved(draft, Effort(WORK_OF_TRIAL, 5.0, seed))[1] == "infeasible"
    except TookTooLong:
        return False
