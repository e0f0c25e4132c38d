"""What agents put forward and what the engine promoted: keys, payloads, proposals, facts."""

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from runs.engine.wire import canonical, check_unicode, decode, quote

TEXT_FAMILY = "converge.text"
DIAGNOSTIC_FAMILY = "converge.diagnostic"
CONTEXT_INPUT = "context-input"
EPOCH = "1970-01-01T00:00:00Z"
NOTE_SPAN = "seed"
_ZERO_HASH = "0" * 64


class ContextKey(StrEnum):
    """The twelve namespaces of a context; declaration order is the order of everything that is sorted by key."""

    SEEDS = "Seeds"
    HYPOTHESES = "Hypotheses"
    STRATEGIES = "Strategies"
    CONSTRAINTS = "Constraints"
    SIGNALS = "Signals"
    COMPETITORS = "Competitors"
    EVALUATIONS = "Evaluations"
    PROPOSALS = "Proposals"
    DIAGNOSTIC = "Diagnostic"
    VOTES = "Votes"
    DISAGREEMENTS = "Disagreements"
    CONSENSUS_OUTCOMES = "ConsensusOutcomes"


class Payload(msgspec.Struct, frozen=True, gc=False):
    """Content of a fact: a family, its version and the canonical JSON text of the content, encoded once.

    Equality (`same_content`) covers family and version, keeps `1`, `1.0` and `true` apart and ignores key order.
    """

    family: str
    version: int
    json: str

    @classmethod
    def of(cls, family: str, value: Any, version: int = 1) -> "Payload":
        """Build from a JSON value; raises `NotCanonical` for NaN, lone surrogates and the like."""
        return cls(family, version, canonical(value))

    @classmethod
    def text_of(cls, text: str) -> "Payload":
        """Build a `converge.text` payload; raises `NotCanonical` for a lone surrogate."""
        return _text(text)

    @classmethod
    def diagnostic_of(cls, source: str, message: str) -> "Payload":
        """Build a `converge.diagnostic` payload."""
        return cls(DIAGNOSTIC_FAMILY, 1, f'{{"source":{quote(source)},"message":{quote(message)}}}')

    def to_json(self) -> dict[str, Any]:
        """Family, version and content, as in facts and edits."""
        return {"family": self.family, "version": self.version, "payload": self.value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Payload":
        """Read what `to_json` wrote."""
        return cls.of(data["family"], data["payload"], data["version"])

    @property
    def value(self) -> Any:
        """The content, decoded afresh at every call, so that nobody can change a fact."""
        return decode(self.json)

    @property
    def text(self) -> str | None:
        """The text of a `converge.text` payload, None for every other family."""
        if self.family != TEXT_FAMILY:
            return None
        value = decode(self.json)
        text = value.get("text") if isinstance(value, dict) else None
        return text if isinstance(text, str) else None

    @property
    def summary(self) -> str:
        """The text, or the compact JSON of any other family: what a gate shows."""
        text = self.text
        return self.json if text is None else text

    def same_content(self, other: "Payload") -> bool:
        """Tell whether both say the same."""
        if self.family != other.family or self.version != other.version:
            return False
        return self.json == other.json or _sorted(self.json) == _sorted(other.json)


def _text(text: str) -> Payload:
    json = f'{{"text":{quote(text)}}}'
    if not json.isascii():
        check_unicode(json)
    return Payload(TEXT_FAMILY, 1, json)


def _sorted(text: str) -> str:
    return canonical(_in_key_order(decode(text)))


def _in_key_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _in_key_order(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_in_key_order(item) for item in value]
    return value


class Proposal(msgspec.Struct, frozen=True, gc=False):
    """What a suggestor (or a seed) puts forward; only the engine turns it into a fact.

    `confidence` is a unit interval, `subject` a `scheme://kind/id` reference or None. `used` names the facts that it
    rests on; without it, provenance takes all that its suggestor could see under its dependencies.
    """

    key: ContextKey
    id: str
    payload: Payload
    provenance: str
    confidence: float = 1.0
    subject: str | None = None
    used: tuple[tuple[ContextKey, str], ...] = ()

    @classmethod
    def text_of(cls, key: ContextKey, id: str, text: str, provenance: str, confidence: float = 1.0) -> "Proposal":
        """Build a proposal that carries text."""
        return cls(key, id, _text(text), provenance, confidence)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Proposal":
        """Read the original's WireProposedFact."""
        return cls(
            ContextKey(data["key"]),
            data["id"],
            Payload.from_json(data["payload"]),
            data["provenance"],
            data["confidence"],
            data.get("subject"),
            _names(data.get("used", ())),
        )

    @property
    def text(self) -> str | None:
        """The payload's text, if it is one."""
        return self.payload.text

    def normal(self) -> "Proposal":
        """This proposal with its confidence in the unit interval: clamped, and 0.0 if it is not finite."""
        if type(self.confidence) is float and 0.0 <= self.confidence <= 1.0:
            return self
        return msgspec.structs.replace(self, confidence=clamped(self.confidence))

    def equals(self, other: "Proposal") -> bool:
        """Staging's equality: every field counts, provenance and confidence too."""
        return (
            self.key == other.key
            and self.id == other.id
            and self.subject == other.subject
            and self.provenance == other.provenance
            and self.confidence == other.confidence
            and self.used == other.used
            and self.payload.same_content(other.payload)
        )


class Fact(msgspec.Struct, frozen=True, gc=False):
    """A promoted proposal. Only what varies is stored; the promotion record is built on reading.

    `span` says who promoted it: `context-input` (a seed), `agent-N`, `suggestor-N` (approved by a human, then
    `approver` names them) or `seed` (a note of the engine itself). `stamp` is the Lamport time.
    """

    key: ContextKey
    id: str
    payload: Payload
    provenance: str
    confidence: float
    cycle: int
    span: str
    stamp: int
    subject: str | None = None
    approver: str | None = None
    used: tuple[tuple[ContextKey, str], ...] = ()

    @property
    def text(self) -> str | None:
        """The payload's text, if it is one."""
        return self.payload.text

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Fact":
        """Read the `fact` of a FactPromoted row."""
        return cls(
            ContextKey(data["key"]),
            data["id"],
            Payload.from_json(data["payload"]),
            data["provenance"],
            data["confidence"],
            data["cycle"],
            data["span"],
            int(data["stamp"].removeprefix("lamport:")),
            data.get("subject"),
            data.get("approver"),
            _names(data.get("used", ())),
        )

    @property
    def is_note(self) -> bool:
        """Whether the engine wrote it itself (a rejection, an error, a violation)."""
        return self.span == NOTE_SPAN

    @property
    def created_at(self) -> str:
        """`lamport:N`; the engine's own notes carry the epoch, as in the original."""
        return EPOCH if self.is_note else f"lamport:{self.stamp}"

    @property
    def trace(self) -> str:
        """Trace id of the promotion record."""
        return "engine-projection" if self.is_note else f"cycle-{self.cycle}"

    def same_content(self, proposal: Proposal) -> bool:
        """Tell whether proposing this again would change nothing: equal subject and payload."""
        return self.subject == proposal.subject and self.payload.same_content(proposal.payload)

    def promotion_record(self) -> dict[str, Any]:
        """Build the record in the original's field order."""
        evidence = [] if self.is_note else [{"type": "Observation", "id": f"obs:{self.id}"}]
        if self.approver is not None:
            evidence.append({"type": "HumanApproval", "id": f"approval:{self.id}"})
        return {
            "gate_id": "engine-projection" if self.is_note else "engine-promotion",
            "policy_version_hash": _ZERO_HASH,
            "approver": {
                "id": "converge-engine" if self.approver is None else self.approver,
                "kind": "System" if self.approver is None else "Human",
            },
            "validation_summary": {
                "checks_passed": [] if self.is_note else ["content_not_empty"],
                "checks_skipped": [],
                "warnings": [],
            },
            "evidence_refs": evidence,
            "trace_link": {
                "type": "Local",
                "trace_id": self.trace,
                "span_id": self.span,
                "parent_span_id": None,
                "sampled": True,
            },
            "promoted_at": self.created_at,
        }

    def to_json(self) -> dict[str, Any]:
        """The original's WireContextFact: the fact with its whole promotion record."""
        wire: dict[str, Any] = {"key": str(self.key), "id": self.id}
        if self.subject is not None:
            wire["subject"] = self.subject
        wire["payload"] = self.payload.to_json()
        return wire | {"promotion_record": self.promotion_record(), "created_at": self.created_at}


def _names(pairs: Iterable[Sequence[str]]) -> tuple[tuple[ContextKey, str], ...]:
    return tuple((ContextKey(key), id) for key, id in pairs)


def clamped(value: float) -> float:
    """Clamp into the unit interval; what is not finite becomes 0.0."""
    if 0.0 <= value <= 1.0:
        return float(value)
    return min(max(float(value), 0.0), 1.0) if math.isfinite(value) else 0.0
