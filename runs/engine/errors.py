"""Why a run could not go on: the original's errors, with the exact stop reason of each."""

import re

from runs.engine.stopping import StopReason
from runs.engine.wire import storable

LONGEST_ERROR = 2_000
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def in_words(error: Exception) -> str:
    """`ValueError: why`, in words that can be stored and that are the same in every process."""
    kind = type(error).__name__
    try:
        words = str(error)
    except Exception:  # noqa: BLE001 -- not even its message can be trusted
        words = "its message cannot be read"
    text = f"{kind}: {words}" if words else kind
    return _ADDRESS.sub("", storable(text))[:LONGEST_ERROR]


class ConvergeError(Exception):
    """An error of the engine; `str()` is the original's display text, `stop_reason` the exact reason."""

    def __init__(self, message: str, stop_reason: StopReason) -> None:
        super().__init__(message)
        self.stop_reason = stop_reason


class BudgetExhausted(ConvergeError):
    """A budget is spent; `kind` reads `max_cycles (100)`, `resource` is one of Cycles, Facts, Tokens, Time, Cost."""

    def __init__(self, kind: str, resource: str, stop_reason: StopReason, limit: int, observed: int) -> None:
        super().__init__(f"budget exhausted: {kind}", stop_reason)
        self.kind, self.resource, self.limit, self.observed = kind, resource, limit, observed


class InvariantViolation(ConvergeError):
    """An invariant does not hold; `kind` is Structural, Semantic or Acceptance."""

    def __init__(self, name: str, kind: str, reason: str) -> None:
        stop = StopReason.of("InvariantViolated", **{"class": kind, "name": name, "reason": reason})
        super().__init__(str(stop), stop)


class AgentFailed(ConvergeError):
    """A suggestor raised whose seat says that this ends the run."""

    def __init__(self, name: str, reason: str) -> None:
        stop = StopReason.of("AgentRefused", agent_id=name, reason=reason)
        super().__init__(f"agent failed: {name}: {reason}", stop)


class EmptyProvenance(ConvergeError):
    """A suggestor emitted a proposal whose provenance is blank."""

    def __init__(self, name: str) -> None:
        reason = "suggestor emitted proposals with empty provenance"
        text = (
            f"suggestor '{name}' emitted proposals with empty provenance — stamp each ProposedFact with a non-empty ProvenanceSource string"
        )
        super().__init__(text, StopReason.of("AgentRefused", agent_id=name, reason=reason))


class InvalidResume(ConvergeError):
    """A decision does not fit an open gate."""

    def __init__(self, reason: str) -> None:
        text = f"invalid gate resume: {reason}"
        super().__init__(text, StopReason.of("Error", message=text, category="Internal"))


class InvalidSnapshot(ConvergeError):
    """A snapshot contradicts itself."""

    def __init__(self, reason: str) -> None:
        text = f"invalid context snapshot: {reason}"
        super().__init__(text, StopReason.of("Error", message=text, category="Configuration"))


class Conflict(ConvergeError):
    """Two different contents under one key and id; `existing` and `new` are their payloads as JSON."""

    def __init__(self, id: str, existing: str, new: str) -> None:
        message = f"conflict for fact '{id}': existing '{existing}' vs new '{new}'"
        text = f"conflict detected for fact '{id}': existing content '{existing}' vs new content '{new}'"
        super().__init__(text, StopReason.of("Error", message=message, category="Internal"))
        self.id, self.existing, self.new = id, existing, new
