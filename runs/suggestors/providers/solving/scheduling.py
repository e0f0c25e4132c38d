"""When to do what."""

from typing import Any

from msgspec import UNSET

from runs.suggestors.optimization import Scheduling
from runs.suggestors.providers.solving.drafts import Draft, Value


class SchedulingModel:
    """One interval for each task; of all schedules that end first, one in which everything begins early."""

    def __init__(self, problem: Scheduling, draft: Draft) -> None:
        self._problem, model = problem, draft.model
        # Nobody waits longer than until everything before could be done one after the other.
        latest = sum(task.duration for task in problem.tasks) + max(task.earliest for task in problem.tasks)
        self._starts = {task.name: model.new_int_var(0, latest, "") for task in problem.tasks}
        self._end = model.new_int_var(0, latest, "")
        self._add_times(draft)
        self._add_resources(draft)
        model.minimize(self._end * (latest * len(problem.tasks) + 1) + sum(self._starts.values()))

    def _add_times(self, draft: Draft) -> None:
        model, problem, starts = draft.model, self._problem, self._starts
        for task in problem.tasks:
            end = starts[task.name] + task.duration
            model.add(self._end >= end)
            if task.earliest and draft.condition(f"'{task.name}' begins at {task.earliest} or later"):
                model.add(starts[task.name] >= task.earliest)
            if task.deadline is not UNSET and draft.condition(f"'{task.name}' is over by {task.deadline}"):
                model.add(end <= task.deadline)
            for name in dict.fromkeys(task.after):
                if draft.condition(f"'{task.name}' begins after '{name}'"):
                    before = next(one for one in problem.tasks if one.name == name)
                    model.add(starts[task.name] >= starts[name] + before.duration)
        if problem.horizon is not UNSET and draft.condition(f"all is over by {problem.horizon}"):
            model.add(self._end <= problem.horizon)

    def _add_resources(self, draft: Draft) -> None:
        model = draft.model
        for resource, there in self._problem.resources.items():
            takers = [task for task in self._problem.tasks if task.needs.get(resource)]
            if takers and draft.condition(f"there is {there} of '{resource}' at a time"):
                intervals = [model.new_fixed_size_interval_var(self._starts[task.name], task.duration, "") for task in takers]
                model.add_cumulative(intervals, [task.needs[resource] for task in takers], there)
                for task in takers:  # what takes no time takes no room either, but cannot be done without
                    if task.needs[resource] > there:
                        model.add_bool_or([])

    def read(self, value: Value) -> tuple[float, list[dict[str, Any]]]:
        """When everything begins and ends, by time."""
        begins = {task.name: value(self._starts[task.name]) for task in self._problem.tasks}
        choice: list[dict[str, Any]] = [
            {"task": task.name, "start": begins[task.name], "end": begins[task.name] + task.duration} for task in self._problem.tasks
        ]
        return float(max(one["end"] for one in choice)), sorted(choice, key=lambda one: (one["start"], one["end"]))

    def words(self, objective: float, choice: list[dict[str, Any]]) -> list[str]:
        """When to do what."""
        unit = self._problem.unit
        return [f"all is over after {objective:.0f} {unit}", *(f"{one['task']} from {one['start']} to {one['end']}" for one in choice)]
