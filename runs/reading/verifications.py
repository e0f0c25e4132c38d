"""What verifying a run came to, as people and programs see it."""

import json
from dataclasses import dataclass
from typing import Any

from runs.models import Actor, Run, Verdict, Verification

MOST = 50


@dataclass(frozen=True)
class VerificationView:
    """A verification, in words."""

    of: Verification
    run: Run

    @property
    def is_asked(self) -> bool:
        """Whether it is still to be done."""
        return self.of.verdict == Verdict.ASKED

    @property
    def is_behind(self) -> bool:
        """Whether the run went on since."""
        return not self.is_asked and self.of.head < self.run.head

    @property
    def place(self) -> str:
        """`cycle 3, Hypotheses/h1`, where it diverged."""
        return f"cycle {self.of.cycle}" + (f", {self.of.fact}" if self.of.fact else "")

    @property
    def recorded(self) -> str:
        """What stands in the journal there, readable."""
        return _readable(self.of.sides[0])

    @property
    def executed(self) -> str:
        """What came out instead, readable; or why nothing did."""
        return _readable(self.of.sides[1])


def verification_of(run: Run) -> VerificationView | None:
    """The newest verification of a run; while a new one is awaited, that it is."""
    newest = run.verifications.order_by("-id").first()
    return VerificationView(newest, run) if newest is not None else None


def verifications_of(by: Actor, run: Run) -> list[dict[str, Any]]:
    """The verifications of a run of the actor's tenant, newest first."""
    return [_as_value(each) for each in Verification.objects.of(by).filter(run=run).order_by("-id")[:MOST]]


def _as_value(verification: Verification) -> dict[str, Any]:
    recorded, executed = verification.sides
    told = {name: getattr(verification, name) for name in ("verdict", "head", "by", "asked_at", "at", "cycle", "fact")}
    return told | {"recorded": recorded, "executed": executed}


def _readable(side: Any) -> str:
    if side is None:
        return "nothing"
    return side if isinstance(side, str) else json.dumps(side, indent=2, ensure_ascii=False)
