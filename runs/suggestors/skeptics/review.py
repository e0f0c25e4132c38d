"""The review of a plan: all challenges of the skeptics, and whether it stands."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from runs.suggestors.judging import EVALUATIONS, READS
from runs.suggestors.plan_reading import text_in, texts_in
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.skeptics.anomaly import AnomalySkeptic
from runs.suggestors.skeptics.assumptions import AssumptionBreaker
from runs.suggestors.skeptics.causes import CausalSkeptic
from runs.suggestors.skeptics.constraints import ConstraintChecker
from runs.suggestors.skeptics.economics import EconomicSkeptic
from runs.suggestors.skeptics.operations import OperationalSkeptic
from runs.suggestors.skeptics.skeptic import PROVENANCE
from runs.suggestors.skeptics.vocabulary import AdversarialReview, Agent, Challenge, Severity, SkepticismKind
from runs.suggestors.summing import Judges, Summing, chosen

NAME = "adversarial-review"
SKEPTICS: Judges = {
    skeptic.agent: skeptic.prefixes
    for skeptic in (AssumptionBreaker, ConstraintChecker, EconomicSkeptic, OperationalSkeptic, AnomalySkeptic, CausalSkeptic)
}
TEAM: tuple[Agent, ...] = ("assumption-breaker", "constraint-checker", "economic-skeptic", "operational-skeptic")


class Reviewer(Summing):
    """Says `adversarial:review:{strategy}` once all of `skeptics` have judged the strategy."""

    provenance = PROVENANCE
    prefix = "adversarial:review:"

    def __init__(self, skeptics: Sequence[Agent] = TEAM, *, name: str = NAME) -> None:
        super().__init__(chosen(SKEPTICS, skeptics), name=name)

    def summed(self, strategy: str, judgements: list[dict[str, Any]]) -> dict[str, Any]:
        """The review's summary."""
        review = review_of(strategy, judgements)
        return {"agent": NAME, "confidence": review.confidence} | review.summary()


def review_of(strategy: str, judgements: list[dict[str, Any]]) -> AdversarialReview:
    """The review that skeptics' judgements amount to; what is no such judgement is left out."""
    return AdversarialReview(tuple(challenge for judgement in judgements for challenge in _challenges(strategy, judgement)))


def _challenges(strategy: str, judgement: dict[str, Any]) -> list[Challenge]:
    agent, kind, severities = text_in(judgement.get("agent")), text_in(judgement.get("kind")), texts_in(judgement.get("severities"))
    if kind not in set(SkepticismKind) or not set(severities) <= set(Severity):
        return []
    found = zip(texts_in(judgement.get("findings")), severities, strict=False)
    return [
        Challenge(f"challenge:{agent}:{strategy}:{number}", SkepticismKind(kind), strategy, message, Severity(severity))
        for number, (message, severity) in enumerate(found, 1)
    ]


class AdversarialReviewParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `adversarial-review`."""

    skeptics: Annotated[list[Agent], Meta(description="Whose judgements it waits for; none = the four of the team.")] = []


register(
    Kind(
        kind=NAME,
        summary="Sums up what the skeptics found on each plan, and whether it is blocked.",
        params=AdversarialReviewParams,
        build=lambda params, name: Reviewer(params.skeptics or TEAM, name=name),
        reads=always(*READS),
        writes=always(EVALUATIONS),
        alone=True,
    )
)
