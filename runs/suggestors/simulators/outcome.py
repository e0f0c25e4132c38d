"""The simulator that asks whether a plan brings about what it promises."""

from math import fsum
from typing import Annotated

from msgspec import Meta

from runs.suggestors.forms import Positive, Unit
from runs.suggestors.judging import CONSTRAINTS, EVALUATIONS, READS
from runs.suggestors.plan_reading import PlanReading, text_in
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.simulators.draws import NOTHING_DRAWN, DrawingParams, Drawn, distribution, numpy_missing
from runs.suggestors.simulators.results import DimensionResult, clamp, five_samples, likelihood_of
from runs.suggestors.simulators.simulator import Simulator

_NEUTRAL = 0.5


class OutcomeSimulationParams(DrawingParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `outcome-simulation`."""

    confidence_threshold: Annotated[Unit, Meta(description="Least confidence that passes.")] = 0.6
    risk_weight: Annotated[Unit, Meta(description="How much the risks weigh.")] = 0.3
    samples: Annotated[Positive, Meta(description="Parts into which the five probabilities are rounded.")] = 1000


class OutcomeSimulation(Simulator[OutcomeSimulationParams]):
    """Weighs the confidence of the impacts against the likelihood of the risks.

    Drawn at random, each impact happens with its confidence and each risk strikes with its likelihood.
    """

    agent = "outcome-simulation"
    form = OutcomeSimulationParams
    prefixes = ("sim-pass-", "sim-fail-")

    def simulate(self, strategy: str, plan: PlanReading) -> DimensionResult:
        """Base of the impacts less the penalty of the risks."""
        impacts = plan.numbers("impacts", "confidence")
        words = (text_in(entry.get("likelihood")) for entry in plan.entries("risks"))
        risks = [likelihood_of(word) for word in words if word is not None]
        base = sum(impacts) / len(impacts) if impacts else _NEUTRAL
        penalty = sum(risks) / len(risks) * self._params.risk_weight if risks else 0.0
        effective, details = clamp(base - penalty), NOTHING_DRAWN
        if self._params.method == "monte_carlo":
            effective, details = self._drawn(strategy, impacts, risks)
        passed = effective >= self._params.confidence_threshold
        findings = [_impacts(impacts, base)]
        if risks:
            findings.append(f"{len(risks)} risks with a penalty of {penalty:.2f}")
        if not passed:
            findings.append(f"the effective confidence of {effective:.2f} is below {self._params.confidence_threshold:.2f}")
        samples = five_samples(effective, grains=self._params.samples)
        return DimensionResult("outcome", passed, effective, tuple(findings), samples, details)

    def _drawn(self, strategy: str, impacts: list[float], risks: list[float]) -> tuple[float, Drawn]:
        draws, weight = self._params.draws("outcome", strategy), self._params.risk_weight
        base = draws.happening(impacts) / len(impacts) if impacts else draws.constant(_NEUTRAL)
        values = (base - draws.happening(risks) / max(len(risks), 1) * weight).clip(0.0, 1.0)
        return clamp(fsum(values.tolist()) / self._params.runs), distribution(values)


def _impacts(impacts: list[float], base: float) -> str:
    return f"{len(impacts)} impacts with a mean confidence of {base:.2f}" if impacts else "no impacts declared: a neutral prior is used"


register(
    Kind(
        kind=OutcomeSimulation.agent,
        summary="Simulates whether a plan brings about what it promises.",
        params=OutcomeSimulationParams,
        build=lambda params, name: OutcomeSimulation(params, name=name),
        reads=always(*READS),
        writes=always(EVALUATIONS, CONSTRAINTS),
        missing=numpy_missing,
        alone=True,
    )
)
