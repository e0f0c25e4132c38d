"""What simulations say: samples, results per dimension, recommendations."""

from collections.abc import Sequence
from enum import StrEnum
from math import exp, floor, isnan
from typing import Any, Literal, NamedTuple

import msgspec

Dimension = Literal["outcome", "cost", "policy", "causal", "operational"]

# How likely a risk is, in numbers; a word that is unknown counts as a half.
LIKELIHOODS = {"very_likely": 0.9, "likely": 0.7, "possible": 0.4, "unlikely": 0.15, "rare": 0.05}
UNKNOWN_LIKELIHOOD = 0.5
_CENTRES = (0.1, 0.3, 0.5, 0.7, 0.9)
_FINE = 10**9


class SimulationRecommendation(StrEnum):
    """What to do with a plan."""

    PROCEED = "proceed"
    PROCEED_WITH_CAUTION = "proceed_with_caution"
    DO_NOT_PROCEED = "do_not_proceed"


class Sample(NamedTuple):
    """A value and how probable it is."""

    value: float
    probability: float


class DimensionResult(msgspec.Struct, frozen=True):
    """The result of one dimension. `details` are further fields of its fact, such as what was drawn at random."""

    dimension: Dimension
    passed: bool
    confidence: float
    findings: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()
    details: dict[str, Any] = {}

    def content(self, strategy: str) -> dict[str, Any]:
        """As a fact says it; only a failure carries a recommendation."""
        content: dict[str, Any] = {
            "strategy_id": strategy,
            "dimension": self.dimension,
            "passed": self.passed,
            "confidence": self.confidence,
            "findings": self.findings,
        }
        if not self.passed:
            content["recommendation"] = SimulationRecommendation.DO_NOT_PROCEED.value
        return content | {"samples": [sample._asdict() for sample in self.samples]} | self.details


def mean_confidence(results: Sequence[DimensionResult]) -> float:
    """The mean of the confidences; 0 for none."""
    return sum(result.confidence for result in results) / len(results) if results else 0.0


def all_passed(results: Sequence[DimensionResult]) -> bool:
    """Whether no dimension failed."""
    return all(result.passed for result in results)


def likelihood_of(word: str) -> float:
    """How likely a word says that something is: `very_likely` and `VeryLikely` alike."""
    plain = word if word.islower() else "".join(f"_{char.lower()}" if char.isupper() else char for char in word).removeprefix("_")
    return LIKELIHOODS.get(plain, UNKNOWN_LIKELIHOOD)


def clamp(value: float) -> float:
    """Into the unit interval; what is no number becomes 0."""
    return 0.0 if isnan(value) else min(max(value, 0.0), 1.0)


def five_samples(centre: float, sharpness: float = 4.0, *, scale: float = 1.0, grains: int = _FINE) -> tuple[Sample, ...]:
    """Five samples around `centre`, the more alike the less sharp; each probability is rounded to one part of `grains`.

    Fine grains are there so that the last digit of a machine's `exp` shows nowhere.
    """
    weights = [exp(-sharpness * abs(centre - at)) for at in _CENTRES]
    shares = [weight / sum(weights) for weight in weights]
    rounded = (floor(share * grains + 0.5) / grains for share in shares)
    return tuple(Sample(at * scale, share) for at, share in zip(_CENTRES, rounded, strict=True))
