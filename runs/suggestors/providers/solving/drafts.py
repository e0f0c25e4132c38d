"""A model under way, each of its conditions with a name, so that those that conflict can be told."""

from collections.abc import Callable, Collection
from typing import Any, Protocol

from ortools.sat.python import cp_model

Expression = cp_model.LinearExprT
Value = Callable[[Expression], int]
#: Amounts enter models as whole numbers of this part.
GRAINS = 10_000


class Draft:
    """A model, without the conditions that are named in `without`."""

    def __init__(self, without: Collection[str] = ()) -> None:
        self.model = cp_model.CpModel()
        self.conditions: list[str] = []
        self._without = without

    def condition(self, name: str) -> bool:
        """Name a condition; whether it is to be added."""
        self.conditions.append(name)
        return name not in self._without


class Modelled(Protocol):
    """A problem as a model, and how to read its solution."""

    def read(self, value: Value) -> tuple[float, list[dict[str, Any]]]:
        """The objective, and the choice in numbers."""

    def words(self, objective: float, choice: list[dict[str, Any]]) -> list[str]:
        """The same for people, the sum first."""


def grains(amount: float) -> int:
    """An amount as a whole number."""
    return round(amount * GRAINS)


def plain(amount: float) -> str:
    """An amount in words: `12`, `12.5`."""
    return f"{amount:.4f}".rstrip("0").rstrip(".")
