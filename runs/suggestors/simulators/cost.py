"""The simulator that asks whether a plan stays within its means."""

from math import floor, isfinite
from typing import Annotated, NamedTuple

from msgspec import Meta

from runs.suggestors.forms import LARGEST, Positive, Unit
from runs.suggestors.judging import CONSTRAINTS, EVALUATIONS, READS
from runs.suggestors.plan_reading import PlanReading, number_in
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.simulators.draws import NOTHING_DRAWN, DrawingParams, Drawn, distribution, numpy_missing
from runs.suggestors.simulators.results import DimensionResult, Sample, clamp, five_samples
from runs.suggestors.simulators.simulator import Simulator

_USUAL_UNCERTAINTY = 0.3
_HIGH_UNCERTAINTY = 0.5
_UNKNOWN = 0.5
_WIDEST = 10.0
_LARGEST_DRAWN = 1e200


class CostSimulationParams(DrawingParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `cost-simulation`."""

    budget_ceiling: Annotated[float, Meta(gt=0, le=1e15, description="What may be spent.")] = 100_000.0
    overrun_tolerance: Annotated[float, Meta(ge=0, le=LARGEST, description="By which share it may be exceeded.")] = 0.15
    pass_share: Annotated[Unit, Meta(description="Share of the draws that must stay within; only drawn at random.")] = 0.8
    samples: Annotated[Positive, Meta(description="Parts into which the five probabilities are rounded.")] = 1000


class Costs(NamedTuple):
    """The costs of a plan; an item may have an estimate, an uncertainty or both."""

    estimates: list[float]
    uncertainties: list[float]
    items: list[tuple[float, float | None]]

    @classmethod
    def of(cls, plan: PlanReading) -> "Costs":
        """As declared."""
        pairs = [(number_in(entry.get("estimate")), number_in(entry.get("uncertainty"))) for entry in plan.entries("costs")]
        items = [(estimate, uncertainty) for estimate, uncertainty in pairs if estimate is not None]
        return cls([estimate for estimate, _ in items], [uncertainty for _, uncertainty in pairs if uncertainty is not None], items)

    @property
    def total(self) -> float:
        """Everything together."""
        return sum(self.estimates)

    @property
    def uncertainty(self) -> float:
        """The mean uncertainty, or a usual one."""
        return sum(self.uncertainties) / len(self.uncertainties) if self.uncertainties else _USUAL_UNCERTAINTY


class CostSimulation(Simulator[CostSimulationParams]):
    """Compares the total with the ceiling and its tolerance, in whole cents; confidence is the headroom that is left.

    Drawn at random, each estimate varies by its uncertainty, and confidence is the share of the draws that stay within.
    """

    agent = "cost-simulation"
    form = CostSimulationParams
    prefixes = ("cost-pass-", "cost-fail-")

    def __init__(self, params: CostSimulationParams | None = None, *, name: str | None = None) -> None:
        super().__init__(params, name=name)
        self._most = self._params.budget_ceiling * (1 + self._params.overrun_tolerance)

    def simulate(self, strategy: str, plan: PlanReading) -> DimensionResult:
        """Total against ceiling."""
        costs = Costs.of(plan)
        total = costs.total
        passed = not exceeds(total, self._most)
        confidence = _UNKNOWN if total <= 0 else clamp(1 - total / self._most)
        findings, details = self._findings(costs, total), NOTHING_DRAWN
        if self._params.method == "monte_carlo" and sum(map(abs, costs.estimates)) <= _LARGEST_DRAWN:
            confidence, details = self._drawn(strategy, costs)
            passed = confidence >= self._params.pass_share
            findings.append(f"{confidence * 100:.1f} % of {self._params.runs} draws stay within {self._most:.0f}")
        return DimensionResult("cost", passed, confidence, tuple(findings), self._samples(costs, total), details)

    def _findings(self, costs: Costs, total: float) -> list[str]:
        ceiling, uncertainty = self._params.budget_ceiling, costs.uncertainty
        found = [
            f"{len(costs.estimates)} costs with a total of {total:.0f}, ceiling {ceiling:.0f}" if costs.estimates else "no cost annotations"
        ]
        if exceeds(total, ceiling):
            found.append(f"overrun: {total:.0f} is {(total / ceiling - 1) * 100:.1f} % over the ceiling")
        if uncertainty > _HIGH_UNCERTAINTY:
            found.append(f"high uncertainty of the estimates: {uncertainty:.2f}")
        return found

    def _samples(self, costs: Costs, total: float) -> tuple[Sample, ...]:
        """The wider, the more uncertain the estimates are."""
        ceiling = self._params.budget_ceiling
        sharpness = 4 / (1 + 3 * max(costs.uncertainty, 0.0))
        return five_samples(clamp(total / ceiling), sharpness, scale=ceiling, grains=self._params.samples)

    def _drawn(self, strategy: str, costs: Costs) -> tuple[float, Drawn]:
        draws, usual = self._params.draws("cost", strategy), costs.uncertainty
        totals = draws.constant(0.0)
        for estimate, uncertainty in costs.items:
            totals = totals + estimate * draws.around_one(min(max(usual if uncertainty is None else uncertainty, 0.0), _WIDEST))
        within = sum(not exceeds(total, self._most) for total in totals.tolist())
        return within / self._params.runs, distribution(totals)


def exceeds(amount: float, limit: float) -> bool:
    """Tell whether an amount is more than a limit, in whole cents."""
    return _cents(amount) > _cents(limit)


def _cents(amount: float) -> float:
    return floor(amount * 100 + 0.5) if isfinite(amount * 100) else amount


register(
    Kind(
        kind=CostSimulation.agent,
        summary="Simulates whether a plan stays within its means.",
        params=CostSimulationParams,
        build=lambda params, name: CostSimulation(params, name=name),
        reads=always(*READS),
        writes=always(EVALUATIONS, CONSTRAINTS),
        missing=numpy_missing,
        alone=True,
    )
)
