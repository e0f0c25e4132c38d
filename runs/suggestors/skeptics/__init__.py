"""The adversarial team: skeptics that doubt each plan, and the review of what they found."""

from runs.suggestors.skeptics.anomaly import AnomalySkeptic
from runs.suggestors.skeptics.assumptions import AssumptionBreaker
from runs.suggestors.skeptics.causes import CausalSkeptic
from runs.suggestors.skeptics.constraints import ConstraintChecker, OrgConstraint
from runs.suggestors.skeptics.economics import EconomicSkeptic
from runs.suggestors.skeptics.operations import COMPLEXITIES, OperationalSkeptic
from runs.suggestors.skeptics.review import Reviewer, review_of
from runs.suggestors.skeptics.skeptic import AdversarialVerdict
from runs.suggestors.skeptics.vocabulary import AdversarialReview, Challenge, Finding, Severity, SkepticismKind, Verdict

__all__ = [
    "COMPLEXITIES",
    "AdversarialReview",
    "AdversarialVerdict",
    "AnomalySkeptic",
    "AssumptionBreaker",
    "CausalSkeptic",
    "Challenge",
    "ConstraintChecker",
    "EconomicSkeptic",
    "Finding",
    "OperationalSkeptic",
    "OrgConstraint",
    "Reviewer",
    "Severity",
    "SkepticismKind",
    "Verdict",
    "review_of",
]
