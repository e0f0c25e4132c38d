"""Who does what."""

from typing import Any

from ortools.sat.python import cp_model

from runs.suggestors.optimization import Assignment
from runs.suggestors.providers.solving.drafts import Draft, Value, grains, plain


class AssignmentModel:
    """One yes or no for each pair."""

    def __init__(self, problem: Assignment, draft: Draft) -> None:
        model = draft.model
        self._problem = problem
        self._does = [model.new_bool_var("") for _ in problem.pairs]
        by_task: dict[str, list[cp_model.IntVar]] = {task: [] for task in problem.tasks}
        by_agent: dict[str, list[cp_model.IntVar]] = {agent: [] for agent in problem.agents}
        for pair, does in zip(problem.pairs, self._does, strict=True):
            by_task[pair.task].append(does)
            by_agent[pair.agent].append(does)
        for task, done in by_task.items():
            if draft.condition(f"'{task}' is done by somebody"):
                model.add_exactly_one(done)
            else:
                model.add_at_most_one(done)
        for agent, does_all in by_agent.items():
            if draft.condition(f"'{agent}' does at most {problem.most_tasks}"):
                model.add_at_most_one(does_all) if problem.most_tasks == 1 else model.add(sum(does_all) <= problem.most_tasks)
        total = sum(grains(pair.amount) * does for pair, does in zip(problem.pairs, self._does, strict=True))
        if problem.goal == "minimize":
            model.minimize(total)
        else:
            model.maximize(total)

    def read(self, value: Value) -> tuple[float, list[dict[str, Any]]]:
        """The pairs that were chosen."""
        chosen = [pair for pair, does in zip(self._problem.pairs, self._does, strict=True) if value(does)]
        choice = [{"agent": pair.agent, "task": pair.task, "amount": pair.amount} for pair in chosen]
        return sum(pair.amount for pair in chosen), choice

    def words(self, objective: float, choice: list[dict[str, Any]]) -> list[str]:
        """Who does what."""
        word = "cost" if self._problem.goal == "minimize" else "gain"
        lines = [f"{one['agent']} does {one['task']} ({word} {plain(one['amount'])})" for one in choice]
        return [f"{len(choice)} of {len(self._problem.tasks)} tasks are assigned, with a total {word} of {plain(objective)}", *lines]
