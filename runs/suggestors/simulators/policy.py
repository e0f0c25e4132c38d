"""The simulator that asks whether a plan is allowed."""

from typing import Annotated

import msgspec
from msgspec import Meta

from runs.suggestors.forms import NotBlank
from runs.suggestors.judging import CONSTRAINTS, EVALUATIONS, READS
from runs.suggestors.plan import Count
from runs.suggestors.plan_reading import PlanReading
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.simulators.results import DimensionResult, five_samples
from runs.suggestors.simulators.simulator import Simulator


class PolicySimulationParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `policy-simulation`."""

    required_authority_level: Annotated[Count, Meta(description="Least level of authority.")] = 1
    require_compliance_tags: Annotated[list[NotBlank], Meta(description="Rules that a plan must comply with.")] = []
    block_on_missing_authority: Annotated[bool, Meta(description="Whether a plan that declares no authority is blocked.")] = True


class PolicySimulation(Simulator[PolicySimulationParams]):
    """Checks authority and compliance; confidence is the share of the checks that hold."""

    agent = "policy-simulation"
    form = PolicySimulationParams
    prefixes = ("policy-pass-", "policy-fail-")

    def simulate(self, strategy: str, plan: PlanReading) -> DimensionResult:
        """Authority, then every tag, then gates."""
        checks = [self._authority(plan.count("authority_level")), *self._tags(plan.texts("compliance_tags"))]
        findings = [text for _, text in checks]
        if gates := plan.texts("approval_gates"):
            findings.append(f"{len(gates)} approval gate(s): {', '.join(gates)}")
        violations = sum(not holds for holds, _ in checks)
        confidence = (len(checks) - violations) / len(checks)
        return DimensionResult("policy", violations == 0, confidence, tuple(findings), five_samples(confidence))

    def _authority(self, level: int | None) -> tuple[bool, str]:
        required = self._params.required_authority_level
        if level is None:
            blocked = self._params.block_on_missing_authority
            return not blocked, "no authority level declared" + (": blocked by policy" if blocked else "")
        if level < required:
            return False, f"authority level {level} is below required {required}"
        return True, f"authority level {level} suffices"

    def _tags(self, tags: list[str]) -> list[tuple[bool, str]]:
        required = self._params.require_compliance_tags
        return [(tag in tags, f"compliance tag {tag} {'satisfied' if tag in tags else 'missing'}") for tag in required]


register(
    Kind(
        kind=PolicySimulation.agent,
        summary="Simulates whether a plan is allowed: authority, compliance, approval gates.",
        params=PolicySimulationParams,
        build=lambda params, name: PolicySimulation(params, name=name),
        reads=always(*READS),
        writes=always(EVALUATIONS, CONSTRAINTS),
        alone=True,
    )
)
