"""The words of the adversarial team: severities, findings, challenges, verdicts, reviews."""

from enum import StrEnum
from typing import Any, Literal

import msgspec

Agent = Literal["assumption-breaker", "constraint-checker", "economic-skeptic", "operational-skeptic", "anomaly-skeptic", "causal-skeptic"]


class SkepticismKind(StrEnum):
    """What a skeptic doubts."""

    ASSUMPTION_BREAKING = "assumption_breaking"
    CONSTRAINT_CHECKING = "constraint_checking"
    CAUSAL_SKEPTICISM = "causal_skepticism"
    ECONOMIC_SKEPTICISM = "economic_skepticism"
    OPERATIONAL_SKEPTICISM = "operational_skepticism"
    STATISTICAL_ANOMALY = "statistical_anomaly"


class Severity(StrEnum):
    """How much a finding weighs."""

    ADVISORY = "advisory"
    WARNING = "warning"
    BLOCKER = "blocker"


class Verdict(StrEnum):
    """Whether a plan stands."""

    CLEARED = "cleared"
    BLOCKED = "blocked"


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One thing that a skeptic found."""

    severity: Severity
    message: str


class Challenge(msgspec.Struct, frozen=True):
    """A finding held against a plan. Its id follows from skeptic, plan and place, so that it is the same in every run."""

    id: str
    kind: SkepticismKind
    target_plan: str
    description: str
    severity: Severity
    evidence: tuple[str, ...] = ()
    suggestion: str | None = None

    @property
    def is_blocking(self) -> bool:
        """Whether the plan must not go on."""
        return self.severity is Severity.BLOCKER


class AdversarialReview(msgspec.Struct, frozen=True):
    """All challenges against a plan."""

    challenges: tuple[Challenge, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Blocked if a single challenge blocks."""
        return Verdict.BLOCKED if any(challenge.is_blocking for challenge in self.challenges) else Verdict.CLEARED

    @property
    def confidence(self) -> float:
        """How much is left of it."""
        return 0.3 if self.verdict is Verdict.BLOCKED else 0.9

    def count(self, severity: Severity) -> int:
        """Number of challenges of that severity."""
        return sum(challenge.severity is severity for challenge in self.challenges)

    def summary(self) -> dict[str, Any]:
        """Counts, details and verdict; names of variants in details are PascalCase, as in the original."""
        return {
            "challenges": len(self.challenges),
            "blockers": self.count(Severity.BLOCKER),
            "warnings": self.count(Severity.WARNING),
            "advisories": self.count(Severity.ADVISORY),
            "details": [_detail(challenge) for challenge in self.challenges],
            "verdict": self.verdict.value,
        }


def _detail(challenge: Challenge) -> dict[str, str]:
    return {"kind": _pascal(challenge.kind), "severity": _pascal(challenge.severity), "description": challenge.description}


def _pascal(word: str) -> str:
    return word.title().replace("_", "")
