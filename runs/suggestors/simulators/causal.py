"""The simulator that asks whether a plan's causal claims bear."""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from runs.suggestors.forms import Positive, Unit
from runs.suggestors.judging import CONSTRAINTS, EVALUATIONS, READS
from runs.suggestors.plan_reading import PlanReading, count_in, text_in, texts_in
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.simulators.results import DimensionResult, clamp, five_samples
from runs.suggestors.simulators.simulator import Simulator

_NOTHING_CLAIMED = 0.5


class CausalSimulationParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `causal-simulation`."""

    min_evidence_links: Annotated[Positive, Meta(description="Fewest observations behind a claim.")] = 1
    confounder_penalty: Annotated[Unit, Meta(description="What each claim with confounders costs.")] = 0.2
    confidence_threshold: Annotated[Unit, Meta(description="Least confidence that passes.")] = 0.5


class Claim(NamedTuple):
    """That one thing brings about another."""

    cause: str
    effect: str
    evidence: int
    confounders: list[str]


class CausalSimulation(Simulator[CausalSimulationParams]):
    """Counts weak, circular and confounded claims against a plan."""

    agent = "causal-simulation"
    form = CausalSimulationParams
    prefixes = ("causal-pass-", "causal-fail-")

    def simulate(self, strategy: str, plan: PlanReading) -> DimensionResult:
        """Claims, assumptions, circles."""
        claims, assumptions = list(_claims(plan)), plan.texts("assumptions")
        if not claims and not assumptions:
            return DimensionResult("causal", True, _NOTHING_CLAIMED, ("no causal claims declared",), five_samples(_NOTHING_CLAIMED))
        weak, circular = [*self._weak(claims)], [*_circular(claims)]
        confounded = [claim for claim in claims if claim.confounders]
        share = (len(weak) + len(circular)) / len(claims) if claims else 0.0
        confidence = clamp(1 - share - len(confounded) * self._params.confounder_penalty)
        passed = confidence >= self._params.confidence_threshold
        findings = [*self._about(claims)]
        if assumptions:
            findings.append(f"{len(assumptions)} assumptions bear on the causes")
        findings += circular
        if not passed:
            findings.append(f"the causal confidence of {confidence:.2f} is below {self._params.confidence_threshold:.2f}")
        return DimensionResult("causal", passed, confidence, tuple(findings), five_samples(confidence))

    def _weak(self, claims: list[Claim]) -> Iterator[Claim]:
        return (claim for claim in claims if claim.evidence < self._params.min_evidence_links)

    def _about(self, claims: list[Claim]) -> Iterator[str]:
        least = self._params.min_evidence_links
        for cause, effect, evidence, confounders in claims:
            if evidence < least:
                yield f"weak claim: {cause} → {effect} has {evidence} of {least} observations"
            if confounders:
                yield f"confounded claim: {cause} → {effect} by {', '.join(confounders)}"


def _claims(plan: PlanReading) -> Iterator[Claim]:
    for entry in plan.entries("causal_claims"):
        cause, effect = text_in(entry.get("cause")), text_in(entry.get("effect"))
        if cause is not None and effect is not None:
            yield Claim(cause, effect, count_in(entry.get("evidence_count")) or 0, texts_in(entry.get("confounders")))


def _circular(claims: list[Claim]) -> Iterator[str]:
    """Each pair of claims that run against each other."""
    seen: Counter[tuple[str, str]] = Counter()
    for claim in claims:
        for _ in range(seen[claim.effect, claim.cause]):
            yield f"circular claims: {claim.cause} ↔ {claim.effect}"
        seen[claim.cause, claim.effect] += 1


register(
    Kind(
        kind=CausalSimulation.agent,
        summary="Simulates whether a plan's causal claims bear: evidence, confounders, circles.",
        params=CausalSimulationParams,
        build=lambda params, name: CausalSimulation(params, name=name),
        reads=always(*READS),
        writes=always(EVALUATIONS, CONSTRAINTS),
        alone=True,
    )
)
