"""The swarm's recommendation: what all simulated dimensions of a plan amount to."""

from collections.abc import Sequence
from typing import Annotated, Any, cast

import msgspec
from msgspec import Meta

from runs.suggestors.forms import Unit
from runs.suggestors.judging import EVALUATIONS, READS
from runs.suggestors.plan_reading import number_in, text_in, texts_in
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.simulators.causal import CausalSimulation
from runs.suggestors.simulators.cost import CostSimulation
from runs.suggestors.simulators.operational import OperationalSimulation
from runs.suggestors.simulators.outcome import OutcomeSimulation
from runs.suggestors.simulators.policy import PolicySimulation
from runs.suggestors.simulators.results import Dimension, DimensionResult, SimulationRecommendation, all_passed, clamp, mean_confidence
from runs.suggestors.simulators.simulator import PROVENANCE
from runs.suggestors.summing import Judges, Summing, chosen

NAME = "swarm-recommendation"
SIMULATORS: Judges = {
    "outcome": OutcomeSimulation.prefixes,
    "cost": CostSimulation.prefixes,
    "policy": PolicySimulation.prefixes,
    "causal": CausalSimulation.prefixes,
    "operational": OperationalSimulation.prefixes,
}
CONFIDENT, WEAKEST = 0.6, 0.25


class SwarmRecommendation(Summing):
    """Says `recommendation-{strategy}` once every dimension was simulated.

    A failed dimension: do not proceed. All passed, but a mean confidence below `confident` or a single one below `weakest`:
    proceed with caution. Else: proceed.
    """

    provenance = PROVENANCE
    prefix = "recommendation-"

    def __init__(
        self, dimensions: Sequence[Dimension] = (), *, confident: float = CONFIDENT, weakest: float = WEAKEST, name: str = NAME
    ) -> None:
        super().__init__(chosen(SIMULATORS, dimensions or SIMULATORS), name=name)
        self._confident, self._weakest = confident, weakest

    def summed(self, strategy: str, judgements: list[dict[str, Any]]) -> dict[str, Any]:
        """Recommendation, confidence, and the dimensions in short."""
        results = [result for judgement in judgements if (result := result_of(judgement))]
        return {
            "agent": NAME,
            "recommendation": self.recommended(results).value,
            "overall_confidence": mean_confidence(results),
            "dimensions": [
                {"dimension": one.dimension, "passed": one.passed, "confidence": one.confidence, "findings": one.findings}
                for one in results
            ],
        }

    def recommended(self, results: Sequence[DimensionResult]) -> SimulationRecommendation:
        """What these results amount to."""
        if not all_passed(results):
            return SimulationRecommendation.DO_NOT_PROCEED
        weakest = min((result.confidence for result in results), default=0.0)
        if mean_confidence(results) < self._confident or weakest < self._weakest:
            return SimulationRecommendation.PROCEED_WITH_CAUTION
        return SimulationRecommendation.PROCEED


def result_of(judgement: dict[str, Any]) -> DimensionResult | None:
    """Read back what a simulator said; None if it is nothing of the kind."""
    dimension, confidence = text_in(judgement.get("dimension")), number_in(judgement.get("confidence"))
    if dimension not in SIMULATORS or confidence is None:
        return None
    findings = tuple(texts_in(judgement.get("findings")))
    return DimensionResult(cast(Dimension, dimension), judgement.get("passed") is True, clamp(confidence), findings)


class SwarmRecommendationParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `swarm-recommendation`."""

    dimensions: Annotated[list[Dimension], Meta(description="Which dimensions it waits for; none = all five.")] = []
    confident: Annotated[Unit, Meta(description="A mean confidence below calls for caution.")] = CONFIDENT
    weakest: Annotated[Unit, Meta(description="A single confidence below calls for caution.")] = WEAKEST


def _build(params: SwarmRecommendationParams, name: str) -> SwarmRecommendation:
    return SwarmRecommendation(params.dimensions, confident=params.confident, weakest=params.weakest, name=name)


register(
    Kind(
        kind=NAME,
        summary="Recommends for each simulated plan to proceed, to proceed with caution, or not to.",
        params=SwarmRecommendationParams,
        build=_build,
        reads=always(*READS),
        writes=always(EVALUATIONS),
        alone=True,
    )
)
