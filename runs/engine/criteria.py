"""Criteria: what a run should come to, and whether it did. They never end a run; they say what its end is worth."""

from collections.abc import Sequence
from typing import Any, Literal, Protocol

import msgspec

from runs.engine.context import Context
from runs.engine.errors import in_words
from runs.engine.stopping import StopReason

Verdict = Literal["Met", "Blocked", "Unmet", "Indeterminate"]


class CriterionResult(msgspec.Struct, frozen=True):
    """What became of a criterion: `evidence` are ids of facts, where it is met; a blocked one may name whose approval it needs."""

    verdict: Verdict
    evidence: tuple[str, ...] = ()
    reason: str = ""
    approval_ref: str | None = None

    def to_json(self) -> Any:
        """The original's form: `"Indeterminate"`, or `{"Met": {"evidence": […]}}`."""
        if self.verdict == "Indeterminate":
            return self.verdict
        if self.verdict == "Met":
            return {"Met": {"evidence": list(self.evidence)}}
        blocked = {"approval_ref": self.approval_ref} if self.verdict == "Blocked" else {}
        return {self.verdict: {"reason": self.reason} | blocked}


INDETERMINATE = CriterionResult("Indeterminate")


class Criterion(Protocol):
    """Something that a run should come to; only required ones bear on how it ends."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def description(self) -> str:
        """In words."""

    @property
    def required(self) -> bool:
        """Whether the run falls short without it."""

    def evaluate(self, context: Context) -> CriterionResult:
        """Look at the final context."""


class CriterionOutcome(msgspec.Struct, frozen=True):
    """A criterion with its result."""

    criterion: Criterion
    result: CriterionResult

    @property
    def counts_as_met(self) -> bool:
        """Whether it is met; nothing else counts."""
        return self.result.verdict == "Met"

    def to_json(self) -> dict[str, Any]:
        """The original's CriterionOutcome."""
        told = {name: getattr(self.criterion, name) for name in ("id", "description", "required")}
        return {"criterion": told, "result": self.result.to_json()}


def evaluated(criteria: Sequence[Criterion], context: Context) -> tuple[CriterionOutcome, ...]:
    """Every criterion with its result, in order."""
    return tuple(CriterionOutcome(criterion, _result(criterion, context)) for criterion in criteria)


def _result(criterion: Criterion, context: Context) -> CriterionResult:
    """One that cannot be evaluated is indeterminate."""
    try:
        return criterion.evaluate(context)
    except Exception as error:  # noqa: BLE001 -- a run ends by its own rules
        return CriterionResult("Indeterminate", reason=in_words(error))


def finalised(outcomes: Sequence[CriterionOutcome]) -> StopReason:
    """How a run that converged ends: all required ones met, some blocked, or merely converged."""
    required = [outcome for outcome in outcomes if outcome.criterion.required]
    if required and all(outcome.counts_as_met for outcome in required):
        return StopReason.of("CriteriaMet", criteria=[outcome.criterion.id for outcome in required])
    blocked = [outcome for outcome in required if outcome.result.verdict == "Blocked"]
    if blocked:
        refs = [ref for outcome in blocked if (ref := outcome.result.approval_ref) is not None]
        return StopReason.of("HumanInterventionRequired", criteria=[outcome.criterion.id for outcome in blocked], approval_refs=refs)
    return StopReason.of("Converged")
