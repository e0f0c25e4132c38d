"""A context as one JSON object with its Merkle root, and back; what contradicts itself is refused."""

from collections.abc import Mapping
from typing import Any

from runs.engine.context import Context
from runs.engine.errors import InvalidSnapshot
from runs.engine.facts import ContextKey, Fact, Proposal
from runs.engine.payloads import PayloadRegistry
from runs.engine.wire import decode, proposal


def snapshot(context: Context) -> dict[str, Any]:
    """`{version, merkle_root (32 integers), facts, proposals}`; facts carry their whole promotion record."""
    staged = {str(key): context.get_proposals(key) for key in ContextKey if context.get_proposals(key)}
    return {
        "version": context.version,
        "merkle_root": list(bytes.fromhex(context.merkle_root())),
        "facts": context.to_json(),
        "proposals": {key: [decode(proposal(item)) for item in items] for key, items in staged.items()},
    }


def from_snapshot(data: Mapping[str, Any], registry: PayloadRegistry) -> Context:
    """Rebuild the context; raises `InvalidSnapshot`, or `PayloadError` for a payload that its family refuses."""
    context = Context()
    _check_buckets("fact", data["facts"])
    _check_buckets("proposal", data["proposals"])
    for facts in data["facts"].values():
        for fact in map(_fact, facts):
            registry.check(fact.payload)
            context.add(fact)
    if context.merkle_root() != bytes(data["merkle_root"]).hex():
        raise InvalidSnapshot("snapshot merkle root does not match restored facts")
    for proposals in data["proposals"].values():
        for item in proposals:
            context.add_proposal(Proposal.from_json(item))
    context.version = data["version"]
    return context


def _check_buckets(what: str, buckets: Mapping[str, list[Mapping[str, Any]]]) -> None:
    for key, items in buckets.items():
        seen: set[str] = set()
        for item in items:
            if item["key"] != key:
                raise InvalidSnapshot(f"{what} '{item['id']}' stored under {key} but declares {item['key']}")
            if item["id"] in seen:
                raise InvalidSnapshot(f"duplicate {what} '{item['id']}' under {key}")
            seen.add(item["id"])


def _fact(wire: Mapping[str, Any]) -> Fact:
    """Read a WireContextFact: what the record says of cycle, span and approver comes back into the fact."""
    record = wire["promotion_record"]
    trace, span = record["trace_link"]["trace_id"], record["trace_link"]["span_id"]
    approver = record["approver"]
    fields = {
        "provenance": "",
        "confidence": 1.0,
        "cycle": int(trace.removeprefix("cycle-")) if trace.startswith("cycle-") else 0,
        "span": span,
        "stamp": wire["created_at"] if wire["created_at"].startswith("lamport:") else "lamport:0",
        "approver": approver["id"] if approver["kind"] == "Human" else None,
    }
    return Fact.from_json({**wire, **fields})
