"""The simulator that asks whether people, systems and suppliers can carry a plan."""

from typing import Annotated

import msgspec
from msgspec import Meta

from runs.suggestors.forms import LARGEST, Unit
from runs.suggestors.judging import CONSTRAINTS, EVALUATIONS, READS
from runs.suggestors.plan_reading import PlanReading, count_in, text_in
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.simulators.results import DimensionResult, clamp, five_samples
from runs.suggestors.simulators.simulator import Simulator

_PER_EXCESS = 2.0
_PER_UNAVAILABLE = 0.3
_LATE = 0.2

Cap = Annotated[float, Meta(ge=0, le=LARGEST)]
Burden = tuple[float, str]


class OperationalSimulationParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `operational-simulation`."""

    max_team_utilization: Annotated[Cap, Meta(description="How busy the team may be, as a share.")] = 0.85
    max_system_load: Annotated[Cap, Meta(description="How loaded the systems may be, as a share.")] = 0.80
    confidence_threshold: Annotated[Unit, Meta(description="Least confidence that passes.")] = 0.5


class OperationalSimulation(Simulator[OperationalSimulationParams]):
    """Takes off confidence for overload, for dependencies that are not available, and for those that come too late."""

    agent = "operational-simulation"
    form = OperationalSimulationParams
    prefixes = ("ops-pass-", "ops-fail-")

    def simulate(self, strategy: str, plan: PlanReading) -> DimensionResult:
        """Team, systems, dependencies, time."""
        params = self._params
        burdens = [
            _load(plan.number("team_utilization"), params.max_team_utilization, "team utilization", "team overloaded"),
            _load(plan.number("system_load"), params.max_system_load, "system load", "system overloaded"),
            *_dependencies(plan),
        ]
        confidence = clamp(1 - sum(penalty for penalty, _ in burdens))
        passed = confidence >= params.confidence_threshold
        findings = [text for _, text in burdens]
        if not passed:
            findings.append(f"the operational confidence of {confidence:.2f} is below {params.confidence_threshold:.2f}")
        return DimensionResult("operational", passed, confidence, tuple(findings), five_samples(confidence))


def _load(load: float | None, most: float, what: str, too_much: str) -> Burden:
    if load is None:
        return 0.0, f"{what} is not declared"
    if load > most:
        return _PER_EXCESS * (load - most), f"{too_much}: {load * 100:.0f} % of at most {most * 100:.0f} %"
    return 0.0, f"{what} of {load * 100:.0f} % is within {most * 100:.0f} %"


def _dependencies(plan: PlanReading) -> list[Burden]:
    named = [(name, entry) for entry in plan.entries("dependencies") if (name := text_in(entry.get("name"))) is not None]
    burdens = [(_PER_UNAVAILABLE, f"dependency unavailable: {name}") for name, entry in named if entry.get("available") is False]
    longest = max((count_in(entry.get("lead_time_days")) or 0 for _, entry in named), default=0)
    days = plan.count("timeline_days")
    if days is not None and longest > days:
        burdens.append((_LATE, f"lead time of {longest} days exceeds the timeline of {days} days"))
    return burdens


register(
    Kind(
        kind=OperationalSimulation.agent,
        summary="Simulates whether people, systems and suppliers can carry a plan.",
        params=OperationalSimulationParams,
        build=lambda params, name: OperationalSimulation(params, name=name),
        reads=always(*READS),
        writes=always(EVALUATIONS, CONSTRAINTS),
        alone=True,
    )
)
