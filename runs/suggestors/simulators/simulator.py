"""The common form of the simulators: one dimension of one plan at a time."""

from abc import abstractmethod
from typing import Generic, TypeVar

import msgspec

from runs.suggestors.judging import CONSTRAINTS, EVALUATIONS, Judgement, OneByOne
from runs.suggestors.plan_reading import PlanReading
from runs.suggestors.simulators.results import DimensionResult

PROVENANCE = "organism-simulation"
P = TypeVar("P", bound=msgspec.Struct)


class Simulator(OneByOne, Generic[P]):
    """Simulates one dimension of a plan: what passes goes to Evaluations, what fails to Constraints."""

    provenance = PROVENANCE
    form: type[P]

    def __init__(self, params: P | None = None, *, name: str | None = None) -> None:
        super().__init__(name)
        self._params = self.form() if params is None else params

    @abstractmethod
    def simulate(self, strategy: str, plan: PlanReading) -> DimensionResult:
        """The result for one plan."""

    def judge(self, strategy: str, plan: PlanReading) -> Judgement:
        """Where the result goes, and how it reads."""
        result = self.simulate(strategy, plan)
        passed, failed = self.prefixes
        key, prefix = (EVALUATIONS, passed) if result.passed else (CONSTRAINTS, failed)
        return Judgement(key, prefix, result.content(strategy))
