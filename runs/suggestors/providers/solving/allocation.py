"""What to spend on what."""

from math import ceil, floor
from typing import Any, NamedTuple

from msgspec import UNSET
from ortools.sat.python import cp_model

from runs.suggestors.optimization import BudgetAllocation, Option
from runs.suggestors.providers.solving.drafts import GRAINS, Draft, Value, plain


class _Spent(NamedTuple):
    """Steps spent on an option at its full rate, and beyond."""

    full: cp_model.IntVar
    beyond: cp_model.IntVar


class AllocationModel:
    """Two numbers of steps for each option: what brings the full rate, and what is beyond."""

    def __init__(self, problem: BudgetAllocation, draft: Draft) -> None:
        self._problem, model = problem, draft.model
        self._spent = {option.name: self._add(option, draft) for option in problem.options}
        totals = {name: spent.full + spent.beyond for name, spent in self._spent.items()}
        if draft.condition(f"at most {plain(problem.budget)} is spent in all"):
            model.add(sum(totals.values()) <= self._down(problem.budget))
        for share in problem.shares:
            together = sum(totals[name] for name in dict.fromkeys(share.options))
            if share.least and draft.condition(f"at least {plain(share.least)} is spent on {share.name}"):
                model.add(together >= self._up(share.least))
            if share.most is not UNSET and draft.condition(f"at most {plain(share.most)} is spent on {share.name}"):
                model.add(together <= self._down(share.most))
        model.maximize(sum(self._brings(option, GRAINS) for option in problem.options))

    def _add(self, option: Option, draft: Draft) -> _Spent:
        model, most = draft.model, self._down(option.most)
        until = most if option.full_until is UNSET else min(most, self._down(option.full_until))
        spent = _Spent(model.new_int_var(0, until, ""), model.new_int_var(0, most - until, ""))
        chosen, total = model.new_bool_var(""), spent.full + spent.beyond
        model.add(total == 0).only_enforce_if(~chosen)
        model.add(total >= max(1, self._up(option.least))).only_enforce_if(chosen)
        if option.required and draft.condition(f"at least {plain(option.least or self._problem.step)} is spent on {option.name}"):
            model.add(chosen == 1)
        return spent

    def _brings(self, option: Option, grains: int) -> cp_model.LinearExprT:
        full, beyond = self._spent[option.name]
        step = self._problem.step * grains
        return round(option.rate * step) * full + round(option.rate_beyond * step) * beyond

    def _down(self, amount: float) -> int:
        return floor(amount / self._problem.step + 1e-9)

    def _up(self, amount: float) -> int:
        return ceil(amount / self._problem.step - 1e-9)

    def read(self, value: Value) -> tuple[float, list[dict[str, Any]]]:
        """What is spent on what, and what it brings."""
        step, choice = self._problem.step, list[dict[str, Any]]()
        for option in self._problem.options:
            full, beyond = (value(part) for part in self._spent[option.name])
            if full + beyond:
                brings = round((option.rate * full + option.rate_beyond * beyond) * step, 4)
                choice.append({"option": option.name, "amount": round((full + beyond) * step, 4), "return": brings})
        return round(sum(one["return"] for one in choice), 4), choice

    def words(self, objective: float, choice: list[dict[str, Any]]) -> list[str]:
        """What to spend."""
        spent = sum(one["amount"] for one in choice)
        lines = [f"{plain(one['amount'])} on {one['option']}, which brings {plain(one['return'])}" for one in choice]
        return [f"spending {plain(spent)} of {plain(self._problem.budget)} brings {plain(objective)}", *lines]
