"""A context as one JSON object with its Merkle root, and back; what contradicts itself is refused."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import msgspec

from runs.engine.context import Context
from runs.engine.errors import InvalidSnapshot
from runs.engine.facts import ContextKey, Fact, Payload, Proposal
from runs.engine.payloads import PayloadRegistry
from runs.engine.wire import decode, proposal

Byte = Annotated[int, msgspec.Meta(ge=0, le=255)]


def snapshot(context: Context) -> dict[str, Any]:
    """`{version, merkle_root (32 integers), facts, proposals}`; facts carry their whole promotion record."""
    staged = {str(key): context.get_proposals(key) for key in ContextKey if context.get_proposals(key)}
    return {
        "version": context.version,
        "merkle_root": list(bytes.fromhex(context.merkle_root())),
        "facts": context.to_json(),
        "proposals": {key: [decode(proposal(item)) for item in items] for key, items in staged.items()},
    }


class _Payload(msgspec.Struct, forbid_unknown_fields=True):
    family: str
    version: int
    payload: Any

    def whole(self) -> Payload:
        return Payload.of(self.family, self.payload, self.version)


class _Trace(msgspec.Struct):
    trace_id: str = ""
    span_id: str = ""


class _Approver(msgspec.Struct):
    id: str
    kind: str


class _Record(msgspec.Struct):
    trace_link: _Trace
    approver: _Approver


class _Fact(msgspec.Struct, forbid_unknown_fields=True):
    """The original's WireContextFact."""

    key: ContextKey
    id: str
    payload: _Payload
    promotion_record: _Record
    created_at: str
    subject: str | None = None

    def whole(self) -> Fact:
        """What the record says of cycle, span and approver comes back into the fact."""
        record = self.promotion_record
        cycle, stamp = _number(record.trace_link.trace_id, "cycle-"), _number(self.created_at, "lamport:")
        approver = record.approver.id if record.approver.kind == "Human" else None
        span = record.trace_link.span_id
        return Fact(self.key, self.id, self.payload.whole(), "", 1.0, cycle, span, stamp, self.subject, approver)


class _Proposal(msgspec.Struct, forbid_unknown_fields=True):
    """The original's WireProposedFact."""

    key: ContextKey
    id: str
    payload: _Payload
    confidence: Annotated[float, msgspec.Meta(ge=0, le=1)]
    provenance: str
    subject: str | None = None

    def whole(self) -> Proposal:
        return Proposal(self.key, self.id, self.payload.whole(), self.provenance, self.confidence, self.subject)


class _Snapshot(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    merkle_root: Annotated[list[Byte], msgspec.Meta(min_length=32, max_length=32)]
    facts: dict[str, list[_Fact]]
    proposals: dict[str, list[_Proposal]]


def from_snapshot(data: Mapping[str, Any], registry: PayloadRegistry) -> Context:
    """Rebuild the context; raises `InvalidSnapshot`, or `PayloadError` for a payload that its family refuses."""
    try:
        wire = msgspec.convert(data, _Snapshot)
    except msgspec.ValidationError as error:
        raise InvalidSnapshot(str(error)) from error
    _check_buckets("fact", wire.facts)
    _check_buckets("proposal", wire.proposals)
    context = Context()
    for fact in (item.whole() for items in wire.facts.values() for item in items):
        registry.check(fact.payload)
        context.add(fact)
    if context.merkle_root() != bytes(wire.merkle_root).hex():
        raise InvalidSnapshot("snapshot merkle root does not match restored facts")
    for staged in (item.whole() for items in wire.proposals.values() for item in items):
        context.add_proposal(staged)
    context.restored_at(wire.version)
    return context


def _check_buckets(what: str, buckets: Mapping[str, Iterable[_Fact | _Proposal]]) -> None:
    for key, items in buckets.items():
        seen: set[str] = set()
        for item in items:
            if item.key != key:
                raise InvalidSnapshot(f"{what} '{item.id}' stored under {key} but declares {item.key}")
            if item.id in seen:
                raise InvalidSnapshot(f"duplicate {what} '{item.id}' under {key}")
            seen.add(item.id)


def _number(text: str, prefix: str) -> int:
    """The number after `prefix`; 0 where there is none, as in the engine's own notes."""
    digits = text.removeprefix(prefix)
    return int(digits) if text.startswith(prefix) and digits.isascii() and digits.isdecimal() else 0
