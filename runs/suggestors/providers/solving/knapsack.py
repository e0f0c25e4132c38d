"""What to take."""

from typing import Any

from runs.suggestors.optimization import Knapsack
from runs.suggestors.providers.solving.drafts import Draft, Value, grains, plain


class KnapsackModel:
    """One number for each item."""

    def __init__(self, problem: Knapsack, draft: Draft) -> None:
        model = draft.model
        self._problem = problem
        self._taken = [model.new_int_var(0, item.most, "") for item in problem.items]
        items = list(zip(problem.items, self._taken, strict=True))
        by_name = {item.name: taken for item, taken in items}
        if draft.condition(f"all weighs at most {plain(problem.capacity)}"):
            model.add(sum(grains(item.weight) * taken for item, taken in items) <= grains(problem.capacity))
        for item, taken in items:
            if item.required and draft.condition(f"'{item.name}' is taken"):
                model.add(taken >= 1)
        for group in problem.exclusive:
            if draft.condition(f"at most one of {', '.join(group)} is taken"):
                model.add(sum(by_name[name] for name in dict.fromkeys(group)) <= 1)
        model.maximize(sum(grains(item.value) * taken for item, taken in items))

    def read(self, value: Value) -> tuple[float, list[dict[str, Any]]]:
        """What was taken, and how many."""
        counts = [(item, value(taken)) for item, taken in zip(self._problem.items, self._taken, strict=True)]
        choice: list[dict[str, Any]] = [
            {"item": item.name, "count": count, "value": item.value, "weight": item.weight} for item, count in counts if count
        ]
        return sum(one["value"] * one["count"] for one in choice), choice

    def words(self, objective: float, choice: list[dict[str, Any]]) -> list[str]:
        """What to take."""
        weight = sum(one["weight"] * one["count"] for one in choice)
        lines = [f"{one['count']} × {one['item']} (value {plain(one['value'])}, weight {plain(one['weight'])} each)" for one in choice]
        return [f"a value of {plain(objective)} fits, with a weight of {plain(weight)} of {plain(self._problem.capacity)}", *lines]
