"""Gates: proposals that wait for a human before they may become facts. Two-phase, all of a cycle at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from runs.engine import wire
from runs.engine.errors import InvalidResume
from runs.engine.facts import ContextKey, Payload, Proposal
from runs.engine.wire import Row

APPROVE, REJECT = "approve", "reject"
TIMEOUT_ACTIONS = ("reject", "approve", "escalate")


class GatePolicy(msgspec.Struct, frozen=True):
    """Which proposals need a human: those under `keys`, and those whose confidence is at most the threshold.

    `quorum` voices of `approvers` (roles; none = anyone who may decide) approve; a time-out takes `timeout_action`.
    Without `self_approval` neither who started the run nor who wrote an edit has a voice for it.
    """

    confidence_threshold: float | None = None
    keys: tuple[ContextKey, ...] = ()
    approvers: tuple[str, ...] = ()
    quorum: int = 1
    timeout_seconds: int = 1800
    timeout_action: str = "reject"
    self_approval: bool = False

    def gates(self, proposal: Proposal) -> bool:
        """Tell whether `proposal` needs a human."""
        threshold = self.confidence_threshold
        return proposal.key in self.keys or (threshold is not None and proposal.confidence <= threshold)


def timeout_json(policy: GatePolicy) -> dict[str, Any]:
    """The original's TimeoutPolicy."""
    return {"timeout_secs": policy.timeout_seconds, "action": policy.timeout_action.capitalize()}


class GateRequest(msgspec.Struct, frozen=True):
    """What a human is asked; `number` is the suggestor's, `clock` the Lamport time of asking."""

    gate_id: str
    number: int
    name: str
    cycle: int
    clock: int
    proposal: Proposal
    policy: GatePolicy

    def to_json(self) -> dict[str, Any]:
        """The original's GateRequest."""
        return {
            "gate_id": self.gate_id,
            "proposal_id": self.proposal.id,
            "summary": self.proposal.payload.summary,
            "agent_id": f"agent-{self.number}",
            "rationale": self.proposal.provenance,
            "context_data": [],
            "cycle": self.cycle,
            "requested_at": f"lamport:{self.clock}",
            "timeout": timeout_json(self.policy),
        }

    def row(self, attempt: int = 1) -> Row:
        """GateRequested."""
        data = {
            "request": self.to_json(),
            "proposal": wire.decode(wire.proposal(self.proposal)),
            "quorum": self.policy.quorum,
            "approvers": list(self.policy.approvers),
            "self_approval": self.policy.self_approval,
        }
        return event_row("progress", "GateRequested", self.cycle, self.name, data, attempt=attempt)


class GateDecision(msgspec.Struct, frozen=True):
    """What a human said: `approve` or `reject`; `edit`, written by `edited_by`, replaces the payload of what is approved."""

    gate_id: str
    verdict: str
    by: str
    reason: str | None = None
    edit: Payload | None = None
    edited_by: str | None = None

    @property
    def approved(self) -> bool:
        """Whether the proposal may become a fact."""
        return self.verdict == APPROVE

    def to_json(self, clock: int) -> dict[str, Any]:
        """The original's GateDecision; beside it why it was approved, and the edited payload, where there is any."""
        verdict = "Approve" if self.approved else {"Reject": {"reason": self.reason}}
        json: dict[str, Any] = {
            "gate_id": self.gate_id,
            "verdict": verdict,
            "decided_by": self.by,
            "decided_at": f"lamport:{clock}",
        }
        beside = {
            "reason": self.reason if self.approved else None,
            "edit": None if self.edit is None else self.edit.to_json(),
            "edited_by": self.edited_by,
        }
        return json | {name: value for name, value in beside.items() if value is not None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "GateDecision":
        """Read what `to_json` wrote."""
        verdict, edit = data["verdict"], data.get("edit")
        if verdict == "Approve":
            payload = None if edit is None else Payload.from_json(edit)
            return cls(data["gate_id"], APPROVE, data["decided_by"], data.get("reason"), payload, data.get("edited_by"))
        return cls(data["gate_id"], REJECT, data["decided_by"], verdict["Reject"]["reason"])

    def note(self, proposal_id: str) -> Proposal:
        """The Diagnostic that stands in the place of a rejected proposal."""
        reason = self.reason if self.reason is not None else "no reason provided"
        text = f"HITL gate rejected proposal '{proposal_id}' by {self.by}: {reason}"
        return Proposal.text_of(ContextKey.DIAGNOSTIC, f"hitl-rejected:{proposal_id}", text, "converge-core")


class ParkedProposal(msgspec.Struct, frozen=True, gc=False):
    """A proposal of a waiting cycle with its suggestor; `gate_id` is None if nobody is asked about it.

    `is_note` marks what the engine wrote in the place of a failed suggestor.
    """

    number: int
    name: str
    proposal: Proposal
    gate_id: str | None = None
    is_note: bool = False

    def to_json(self) -> dict[str, Any]:
        """One entry of CycleParked."""
        json: dict[str, Any] = {"number": self.number, "name": self.name, "proposal": wire.decode(wire.proposal(self.proposal))}
        return json | {"gate_id": self.gate_id, "is_note": self.is_note}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ParkedProposal":
        """Read what `to_json` wrote."""
        proposal = Proposal.from_json(data["proposal"])
        return cls(data["number"], data["name"], proposal, data["gate_id"], data["is_note"])


class Parked(msgspec.Struct):
    """A cycle that waits for its gates."""

    proposals: list[ParkedProposal]
    gates: list[GateRequest]
    decisions: dict[str, GateDecision]

    def to_json(self, effects: list[str]) -> dict[str, Any]:
        """What CycleParked keeps, `effects` being the digest lines of the cycle: all that resuming needs."""
        return {
            "proposals": [item.to_json() for item in self.proposals],
            "gates": [gate.gate_id for gate in self.gates],
            "clock": self.gates[0].clock,
            "policy": msgspec.to_builtins(self.gates[0].policy),
            "effects": effects,
        }

    @classmethod
    def from_json(cls, cycle: int, data: Mapping[str, Any]) -> "Parked":
        """Read what `to_json` wrote; the decisions stand in rows of their own."""
        policy = msgspec.convert(data["policy"], GatePolicy)
        proposals = [ParkedProposal.from_json(item) for item in data["proposals"]]
        gates: dict[str, GateRequest] = {}
        for item in proposals:
            if item.gate_id is not None:
                request = GateRequest(item.gate_id, item.number, item.name, cycle, data["clock"], item.proposal, policy)
                gates.setdefault(item.gate_id, request)
        return cls(proposals, list(gates.values()), {})

    @property
    def open_gates(self) -> list[GateRequest]:
        """The gates nobody has closed yet."""
        return [gate for gate in self.gates if gate.gate_id not in self.decisions]

    def decide(self, decision: GateDecision) -> GateRequest:
        """Close a gate and return its request; raises `InvalidResume` if the decision fits no open gate."""
        request = matching_gate(self.open_gates, decision.gate_id)
        if decision.verdict not in (APPROVE, REJECT):
            raise InvalidResume(f"unknown verdict '{decision.verdict}'; allowed: {APPROVE}, {REJECT}")
        check_single_content(self, request, decision)
        self.decisions[decision.gate_id] = decision
        return request


def matching_gate(gates: Sequence[GateRequest], gate_id: str) -> GateRequest:
    """Find the open gate; raises `InvalidResume`."""
    for gate in gates:
        if gate.gate_id == gate_id:
            return gate
    allowed = "', '".join(gate.gate_id for gate in gates)
    raise InvalidResume(f"decision gate_id '{gate_id}' does not match pause gate_id '{allowed}'")


def check_single_content(parked: Parked, request: GateRequest, decision: GateDecision) -> None:
    """Refuse to approve a second, different content under one key and id; raises `InvalidResume`."""
    if not decision.approved:
        return
    for other in parked.gates:
        said = parked.decisions.get(other.gate_id)
        if said is None or not said.approved or not _same_place(other.proposal, request.proposal):
            continue
        same_subject = other.proposal.subject == request.proposal.subject
        if not (same_subject and (said.edit or other.proposal.payload).same_content(decision.edit or request.proposal.payload)):
            raise InvalidResume(f"another content of '{request.proposal.id}' was approved at {other.gate_id}")


def _same_place(one: Proposal, other: Proposal) -> bool:
    return one.key == other.key and one.id == other.id


def decision_row(request: GateRequest, decision: GateDecision) -> Row:
    """GateDecisionRecorded."""
    data = {"request": request.to_json(), "decision": decision.to_json(request.clock)}
    return event_row("experience", "GateDecisionRecorded", request.cycle, request.name, data)


def event_row(family: str, kind: str, cycle: int, suggestor: str | None, data: dict[str, Any], **beside: Any) -> Row:
    """A row for any event that is not hot; `beside` are further fields of the row."""
    return Row(family, kind, cycle, suggestor, wire.event(family, kind, cycle, suggestor, data), told=data, **beside)


class GateIds:
    """Gives every gate of a cycle its id: `hitl-<cycle>-<suggestor>-<proposal>`, made unique where that is taken."""

    def __init__(self, cycle: int) -> None:
        self._cycle = cycle
        self._taken: set[str] = set()

    def give(self, number: int, proposal: Proposal) -> str:
        """Return an id that this cycle has not used: plain, then with the key, then with a number."""
        plain = f"hitl-{self._cycle}-{number}-{proposal.id}"
        gate_id, nth = plain, 1
        while gate_id in self._taken:
            gate_id = f"{plain}-{proposal.key}" + (f"-{nth}" if nth > 1 else "")
            nth += 1
        self._taken.add(gate_id)
        return gate_id


def ask(policy: GatePolicy, cycle: int, clock: int, items: Iterable[tuple[ParkedProposal, bool]]) -> Parked:
    """Park a cycle: one gate for each distinct content that needs a human; equal ones share theirs."""
    ids, gates, proposals = GateIds(cycle), list[GateRequest](), list[ParkedProposal]()
    for item, gated in items:
        gate_id = None
        if gated:
            gate = _asked_already(gates, item.proposal)
            if gate is None:
                gate_id = ids.give(item.number, item.proposal)
                gate = GateRequest(gate_id, item.number, item.name, cycle, clock, item.proposal, policy)
                gates.append(gate)
            gate_id = gate.gate_id
        proposals.append(msgspec.structs.replace(item, gate_id=gate_id))
    return Parked(proposals, gates, {})


def _asked_already(gates: Iterable[GateRequest], proposal: Proposal) -> GateRequest | None:
    for gate in gates:
        asked = gate.proposal
        if _same_place(asked, proposal) and asked.subject == proposal.subject and asked.payload.same_content(proposal.payload):
            return gate
    return None
