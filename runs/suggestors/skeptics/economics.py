"""The skeptic that doubts the numbers of a plan."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from runs.suggestors.forms import Unit
from runs.suggestors.judging import EVALUATIONS, READS
from runs.suggestors.plan_reading import PlanReading, number_in, text_in
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.skeptics.skeptic import Skeptic, advisory, warning
from runs.suggestors.skeptics.vocabulary import Finding, SkepticismKind

THRESHOLD = 0.3
_ROUND = 1000.0
_HIGHEST_ROI = 5.0


class EconomicSkeptic(Skeptic):
    """Warns of missing estimates, incredible returns and thin margins; notes round numbers. It blocks nothing."""

    agent = "economic-skeptic"
    kind = SkepticismKind.ECONOMIC_SKEPTICISM
    prefixes = ("econ-eval-", "econ-block-")
    cleared_prefix, blocked_prefix = prefixes

    def __init__(self, skepticism_threshold: float = THRESHOLD, *, name: str | None = None) -> None:
        super().__init__(name)
        self._threshold = skepticism_threshold

    def findings(self, plan: PlanReading) -> list[Finding]:
        """Round numbers, returns, missing costs, margin."""
        costs = list(_costs(plan))
        return [*_round(costs), *_returns(plan.number("roi")), *_missing(costs), *self._margin(plan, sum(cost for _, cost in costs))]

    def _margin(self, plan: PlanReading, total: float) -> Iterator[Finding]:
        revenue = plan.number("expected_revenue") or 0.0
        if revenue > 0 and total > 0 and (margin := (revenue - total) / revenue) < self._threshold:
            yield warning(f"the margin of {margin * 100:.1f} % is below {self._threshold * 100:.1f} %")


def _costs(plan: PlanReading) -> Iterator[tuple[str, float]]:
    for entry in plan.entries("costs"):
        estimate = number_in(entry.get("estimate"))
        if estimate is not None:
            category = text_in(entry.get("category"))
            yield "unknown" if category is None else category, estimate


def _round(costs: list[tuple[str, float]]) -> Iterator[Finding]:
    for category, estimate in costs:
        if estimate > _ROUND and estimate % _ROUND == 0:
            yield advisory(f"suspiciously round estimate for {category}: {estimate:.0f}")


def _returns(roi: float | None) -> Iterator[Finding]:
    if roi is not None and roi > _HIGHEST_ROI:
        yield warning(f"the expected ROI of {roi:.1f} is hard to believe")


def _missing(costs: list[tuple[str, float]]) -> Iterator[Finding]:
    if not costs:
        yield warning("no cost estimates: the plan cannot be held to account")


class EconomicSkepticParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `economic-skeptic`."""

    skepticism_threshold: Annotated[Unit, Meta(description="Margins below this share of the revenue are doubted.")] = THRESHOLD


register(
    Kind(
        kind=EconomicSkeptic.agent,
        summary="Doubts the numbers of a plan: round estimates, incredible returns, thin margins.",
        params=EconomicSkepticParams,
        build=lambda params, name: EconomicSkeptic(params.skepticism_threshold, name=name),
        reads=always(*READS),
        writes=always(EVALUATIONS),
        alone=True,
    )
)
