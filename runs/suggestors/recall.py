"""What is remembered of earlier runs, and how much of it bears on a prior."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from runs.suggestors.forms import Positive, Unit

Source = Literal["similar_failure", "similar_success", "runbook", "adapter_config", "anti_pattern"]
# What pulls a prior up, and what down; the rest is worth knowing only.
_VALENCES: dict[str, float] = {"similar_success": 1.0, "similar_failure": -1.0, "anti_pattern": -1.0}


class RecallCandidate(msgspec.Struct, frozen=True):
    """One memory."""

    id: str
    summary: str
    confidence: Unit
    source: Source


class RecallPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much is recalled."""

    max_k_total: Annotated[Positive, Meta(description="Most memories, newest first.")] = 5
    min_score_threshold: Annotated[Unit, Meta(description="Memories of less confidence are left out.")] = 0.5
    prior_weight: Annotated[Unit, Meta(description="By what their confidence is multiplied.")] = 1.0

    def recalled(self, memories: Sequence[RecallCandidate]) -> list[RecallCandidate]:
        """The memories that count, newest first; they come in the order in which they were made."""
        kept = [memory for memory in reversed(memories) if memory.confidence >= self.min_score_threshold]
        return [msgspec.structs.replace(one, confidence=one.confidence * self.prior_weight) for one in kept[: self.max_k_total]]


def signal_of(memories: Iterable[RecallCandidate]) -> float:
    """From −1, all bad and sure, to 1, all good and sure; 0 if there is neither good nor bad."""
    pulls = [_VALENCES[memory.source] * memory.confidence for memory in memories if memory.source in _VALENCES]
    return sum(pulls) / len(pulls) if pulls else 0.0


def memory_of(envelope: Mapping[str, Any]) -> RecallCandidate | None:
    """What an experience event is remembered as; None for those that are not."""
    event = envelope.get("event") or {}
    said = _MEMORIES.get(str(event.get("type")))
    id, data = envelope.get("event_id"), event.get("data") or {}
    if said is None or not isinstance(id, str) or not isinstance(data, dict):
        return None
    summary, confidence, source = said(data)
    return RecallCandidate(id, summary, confidence, source) if summary else None


Memory = tuple[str, float, Source]


def _adjusted(data: Mapping[str, Any]) -> Memory:
    target = _target(data)
    scope = str(target.get("scope") or "global")
    where = f"{scope}:{target[f'{scope}_id']}" if f"{scope}_id" in target else scope
    return f"{data.get('boundary')} boundary adjusted on {where}: {data.get('reason')}", 0.8, "runbook"


def _target(data: Mapping[str, Any]) -> dict[str, Any]:
    target = data.get("target")
    return target if isinstance(target, dict) else {}


def _failed(data: Mapping[str, Any]) -> Memory:
    reason = data.get("stop_reason") or "unspecified"
    name = next(iter(reason)) if isinstance(reason, dict) else reason
    return "" if data.get("passed") else f"outcome failed: {name}", 0.6, "similar_failure"


def _decided(data: Mapping[str, Any]) -> Memory:
    """A gate's decision; answers to questions are neither good nor bad."""
    decision = data.get("decision") or {}
    verdict = decision.get("verdict")
    if verdict == "Approve":
        return f"user approval: {decision.get('reason') or 'granted'}", 0.7, "similar_success"
    rejected = verdict.get("Reject") if isinstance(verdict, dict) else None
    return f"user rejection: {rejected.get('reason') or 'declined'}" if rejected is not None else "", 0.7, "anti_pattern"


_MEMORIES: Mapping[str, Any] = {
    "GateDecisionRecorded": _decided,
    "UserOverrideIssued": lambda data: (f"user override: {data.get('reason')}", 0.9, "anti_pattern"),
    "UserApprovalGranted": lambda data: (f"user approval: {data.get('reason') or 'granted'}", 0.7, "similar_success"),
    "UserApprovalRejected": lambda data: (f"user rejection: {data.get('reason') or 'declined'}", 0.7, "anti_pattern"),
    "UserCorrection": lambda data: (f"correction ({_target(data).get('kind')}): {data.get('reason')}", 0.85, "runbook"),
    "UserBoundaryAdjusted": _adjusted,
    "OutcomeRecorded": _failed,
}
