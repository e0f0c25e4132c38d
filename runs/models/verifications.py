"""What verifying a run came to, kept beside the run: a property of the verification, not a status of the run."""

import json
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from runs.models.children import OfRun, OfRunQuerySet


class Verdict(models.TextChoices):
    """Where a verification stands; what may follow what is `lifecycle.VERIFICATION`."""

    ASKED = "asked"
    VERIFIED = "verified"
    DIVERGED = "diverged"
    FAILED = "failed"


class VerificationQuerySet(OfRunQuerySet):
    """Verifications, by who looks and what for."""

    def claimable(self, now: datetime) -> Self:
        """Those that were asked for and that nobody is at, oldest first."""
        return self.filter(Q(lease=None) | Q(lease_until__lt=now), verdict=Verdict.ASKED).order_by("id")


class Verification(OfRun):
    """One verification: who asked for it, how far the run had come, and what was found.

    Diverged, it names the cycle and, where it is one, the fact, with both sides as JSON; failed, it could not be carried
    out, and `executed` says why.
    """

    by = models.CharField(max_length=200)
    asked_at = models.DateTimeField(auto_now_add=True)
    at = models.DateTimeField(null=True, default=None)
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.ASKED)
    head = models.BigIntegerField(default=0)
    cycle = models.IntegerField(null=True, default=None)
    fact = models.TextField(null=True, default=None)
    recorded = models.TextField(null=True, default=None)
    executed = models.TextField(null=True, default=None)
    lease = models.CharField(max_length=64, null=True, default=None)
    lease_until = models.DateTimeField(null=True, default=None)

    objects = VerificationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "verifications"
        constraints = [models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="verdict_is_known")]
        indexes = [
            models.Index(fields=["run", "-id"], name="verification_by_run"),
            models.Index(fields=["id"], condition=Q(verdict="asked"), name="verification_to_do"),
            models.Index(fields=["run"], condition=Q(verdict="diverged"), name="verification_diverged"),
        ]

    def __str__(self) -> str:
        if self.verdict != Verdict.DIVERGED:
            return str(self.verdict)
        return f"diverged at cycle {self.cycle}" + (f", fact {self.fact}" if self.fact else "")

    @property
    def sides(self) -> tuple[Any, Any]:
        """What is recorded, and what came out, decoded."""
        return tuple(None if side is None else json.loads(side) for side in (self.recorded, self.executed))  # type: ignore[return-value]
