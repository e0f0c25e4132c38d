"""The skeptic that compares the plans with one another and doubts those that stand out."""

from collections.abc import Iterator
from math import isfinite, sqrt
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from runs.engine import Context, Fact, Proposal
from runs.suggestors.forms import LARGEST, NotBlank, Positive
from runs.suggestors.growing import Growing
from runs.suggestors.judging import CONSTRAINTS, EVALUATIONS, READS, STRATEGIES, Judge, Judgement
from runs.suggestors.plan_reading import PlanReading, number_in, plan_in
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.skeptics.skeptic import PROVENANCE
from runs.suggestors.skeptics.vocabulary import Agent, Severity, SkepticismKind

THRESHOLD = 2.0
METRIC_FIELD = "total_cost"
MIN_STRATEGIES = 3
_BLOCKS_BEYOND = 1.5


class Spread(NamedTuple):
    """Mean and population standard deviation."""

    mean: float
    std_dev: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        """Of at least one value."""
        mean = sum(values) / len(values)
        return cls(mean, sqrt(sum((value - mean) ** 2 for value in values) / len(values)))

    def z_score(self, value: float) -> float:
        """How many deviations away; 0 if nothing deviates."""
        return abs(value - self.mean) / self.std_dev if self.std_dev else 0.0


class AnomalySkeptic(Judge):
    """Warns of a plan whose number lies more than `threshold` standard deviations from the mean of all plans, and blocks it
    beyond 1.5 times as much. A plan is compared once, with all plans that there are by then. With few plans nobody can stand
    out: the largest possible distance among N is √(N−1).
    """

    agent: Agent = "anomaly-skeptic"
    provenance = PROVENANCE
    kind = SkepticismKind.STATISTICAL_ANOMALY
    prefixes = ("anomaly-skip-", "anomaly-pass-", "anomaly-warn-", "anomaly-block-")

    def __init__(
        self,
        threshold: float = THRESHOLD,
        metric_field: str = METRIC_FIELD,
        min_strategies: int = MIN_STRATEGIES,
        *,
        name: str | None = None,
    ) -> None:
        super().__init__(name)
        self._threshold, self._field, self._least = threshold, metric_field, min_strategies
        self._metrics = Growing[dict[str, float | None]](STRATEGIES, dict, self._measure)

    def _measure(self, metrics: dict[str, float | None], fact: Fact) -> None:
        metrics[fact.id] = metric_of(plan_in(fact.payload), self._field)

    def suggest(self, context: Context) -> list[Proposal]:
        """One judgement on each unjudged strategy."""
        metrics = self._metrics.of(context)
        usable = [value for value in metrics.values() if value is not None]
        spread = _spread(usable) if len(usable) >= self._least else None
        return [self._proposal(fact, self._compared(fact.id, metrics[fact.id], len(usable), spread)) for fact in self.unjudged(context)]

    def _compared(self, strategy: str, metric: float | None, usable: int, spread: Spread | None) -> Judgement:
        if usable < self._least:
            return self._skipped(strategy, f"{usable} plans can be compared, at least {self._least} are required")
        if metric is None:
            return self._skipped(strategy, f"the plan has no '{self._field}' and no costs")
        if spread is None:
            return self._skipped(strategy, f"the values of '{self._field}' are too large to be compared")
        z = spread.z_score(metric)
        if z <= self._threshold:
            return self._said(
                "pass", EVALUATIONS, strategy, passed=True, mean=spread.mean, std_dev=spread.std_dev, findings=[], severities=[]
            )
        severity = Severity.BLOCKER if z > _BLOCKS_BEYOND * self._threshold else Severity.WARNING
        message = f"{self._field} stands out: z-score {z:.2f}, mean {spread.mean:.2f}, standard deviation {spread.std_dev:.2f}"
        word = "block" if severity is Severity.BLOCKER else "warn"
        return self._said(word, CONSTRAINTS, strategy, severity=severity.value, findings=[message], severities=[severity.value])

    def _skipped(self, strategy: str, note: str) -> Judgement:
        return self._said("skip", EVALUATIONS, strategy, passed=True, note=note, findings=[], severities=[])

    def _said(self, word: str, key: Any, strategy: str, **content: Any) -> Judgement:
        head = {"strategy_id": strategy, "agent": self.agent, "kind": self.kind.value}
        return Judgement(key, f"anomaly-{word}-", head | content)


def metric_of(plan: PlanReading, field: str) -> float | None:
    """The number that is compared: the field, or the metric of that name, or else the sum of the costs."""
    for value in _declared(plan, field):
        if (number := number_in(value)) is not None:
            return number
    total = sum(plan.numbers("costs", "estimate"))
    return total if total and isfinite(total) else None


def _declared(plan: PlanReading, field: str) -> Iterator[Any]:
    yield plan.get(field)
    metrics = plan.get("metrics")
    if isinstance(metrics, dict):
        yield metrics.get(field)


def _spread(values: list[float]) -> Spread | None:
    """None where the numbers are too large to compute with."""
    try:
        spread = Spread.of(values)
    except OverflowError:
        return None
    return spread if isfinite(spread.mean) and isfinite(spread.std_dev) else None


class AnomalySkepticParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `anomaly-skeptic`."""

    threshold: Annotated[float, Meta(gt=0, le=LARGEST, description="Standard deviations from the mean that are still usual.")] = THRESHOLD
    metric_field: Annotated[NotBlank, Meta(max_length=200, description="Number of the plans that is compared.")] = METRIC_FIELD
    min_strategies: Annotated[Positive, Meta(description="Fewest plans with that number.")] = MIN_STRATEGIES


register(
    Kind(
        kind=AnomalySkeptic.agent,
        summary="Compares the plans with one another and doubts those that stand out.",
        params=AnomalySkepticParams,
        build=lambda params, name: AnomalySkeptic(params.threshold, params.metric_field, params.min_strategies, name=name),
        reads=always(*READS),
        writes=always(EVALUATIONS, CONSTRAINTS),
        alone=True,
    )
)
