"""The skeptic that doubts what a plan takes for granted."""

from collections.abc import Iterator

import msgspec

from runs.suggestors.judging import EVALUATIONS, READS, Judgement
from runs.suggestors.plan_reading import PlanReading
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.skeptics.skeptic import AdversarialVerdict, Skeptic, advisory, warning
from runs.suggestors.skeptics.vocabulary import Finding, Severity, SkepticismKind

# Words that presume something, and what they presume.
INDICATORS = {
    "always": "stable conditions",
    "never fails": "perfect reliability",
    "guaranteed": "a certain outcome",
    "trivial": "underestimated complexity",
    "obvious": "a shared understanding",
}


class AssumptionBreaker(Skeptic):
    """Warns of plans that declare no assumptions, and of assumptions without evidence; notes words that presume something."""

    agent = "assumption-breaker"
    kind = SkepticismKind.ASSUMPTION_BREAKING
    prefixes = ("assumption-pass-", "assumption-warn-", "assumption-block-")
    cleared_prefix, warned_prefix, blocked_prefix = prefixes

    def findings(self, plan: PlanReading) -> list[Finding]:
        """Unsupported assumptions, then implicit ones."""
        return [*_stated(plan.texts("assumptions"), plan.texts("evidence")), *_implied(plan.everything().lower())]

    def judgement(self, said: AdversarialVerdict) -> Judgement:
        """Warnings have an id of their own."""
        if any(finding.severity is Severity.WARNING for finding in said.findings):
            return Judgement(EVALUATIONS, self.warned_prefix, said.content("warnings"))
        return super().judgement(said)


def _stated(assumptions: list[str], evidence: list[str]) -> Iterator[Finding]:
    if not assumptions:
        yield warning("the plan declares no assumptions; whatever it takes for granted is hidden")
    known = [item.lower() for item in evidence]
    for assumption in assumptions:
        if not any(assumption.lower() in item for item in known):
            yield warning(f"unsupported assumption: '{assumption}' has no evidence")


def _implied(plan: str) -> Iterator[Finding]:
    for word, presumed in INDICATORS.items():
        if word in plan:
            yield advisory(f"implicit assumption of {presumed}: the plan says '{word}'")


class AssumptionBreakerParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `assumption-breaker`: none."""


register(
    Kind(
        kind=AssumptionBreaker.agent,
        summary="Doubts what a plan takes for granted: assumptions that are missing, unsupported or implied.",
        params=AssumptionBreakerParams,
        build=lambda _, name: AssumptionBreaker(name),
        reads=always(*READS),
        writes=always(EVALUATIONS),
        alone=True,
    )
)
