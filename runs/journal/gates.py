"""What the rows of gates mean."""

import json
from datetime import datetime, timedelta
from typing import Any

from runs.engine.wire import Row
from runs.journal.project import Projection, data_of, reads
from runs.journal.tables import moment
from runs.models import Gate, GateKind, GateStatus, GateVote


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@reads("GateRequested")
def gate_requested(projection: Projection, seq: int, at: datetime, row: Row) -> None:
    """A proposal or a question waits for a human."""
    data = data_of(row)
    request, proposal, question = data["request"], data["proposal"] or {}, data.get("question")
    due_at = at + timedelta(seconds=request["timeout"]["timeout_secs"])
    projection.puts[Gate][(request["gate_id"],)] = {
        "tenant_id": projection.run.tenant_id,
        "seq": seq,
        "cycle": row.cycle,
        "suggestor": row.suggestor,
        "kind": data.get("kind", GateKind.PROPOSAL.value),
        "key": proposal.get("key", ""),
        "proposal_id": request["proposal_id"],
        "proposal": _text(data["proposal"]),
        "request": _text(request),
        "status": GateStatus.PENDING.value,
        "quorum": data["quorum"],
        "approvers": _text(data["approvers"]),
        "self_approval": data.get("self_approval", False),
        "identity": question["identity"] if question else None,
        "question": _text(question) if question else None,
        "round": 0,
        "edit": None,
        "edited_by": None,
        "answer": None,
        "requested_at": moment(at),
        "due_at": moment(due_at),
        "escalated_at": None,
        "decided_by": None,
        "decided_at": None,
        "reason": None,
    }


@reads("GateVoted")
def gate_voted(projection: Projection, seq: int, at: datetime, row: Row) -> None:
    """One voice of several, or an edit: from then on it is the edit that is voted on."""
    data = data_of(row)
    edit = _text(data["edit"]) if "edit" in data else None
    number = data.get("round", 0)
    projection.add(GateVote, seq, data["gate_id"], number, data["verdict"], data["by"], data["reason"], moment(at), edit)
    if edit is not None:
        projection.patch(Gate, data["gate_id"], round=number, edit=edit, edited_by=data["by"])


@reads("GateExpired")
def gate_expired(projection: Projection, seq: int, at: datetime, row: Row) -> None:
    """Nobody answered in time: the gate is put before the admins, or closed by the decision that follows."""
    data = data_of(row)
    if data["action"] == "escalate":
        later = moment(at + timedelta(seconds=data["timeout_secs"]))
        told = {"escalated_at": moment(at), "due_at": later, "approvers": _text(["admin"]), "quorum": 1, "round": data.get("round", 0)}
    else:
        told = {"status": GateStatus.EXPIRED.value}
    projection.patch(Gate, data["gate_id"], **told)


@reads("GateDecisionRecorded")
def gate_decided(projection: Projection, seq: int, at: datetime, row: Row) -> None:
    """The gate is closed."""
    decision = data_of(row)["decision"]
    verdict = decision["verdict"]
    told = {"decided_by": decision["decided_by"], "decided_at": moment(at)}
    told["reason"] = decision.get("reason") if verdict == "Approve" else verdict["Reject"]["reason"]
    if decision.get("edit") is not None:
        told |= {"edit": _text(decision["edit"]), "edited_by": decision.get("edited_by") or decision["decided_by"]}
    if "answer" in decision:
        told["answer"] = _text(decision["answer"])
    if not _is_expired(projection, decision["gate_id"]):
        told["status"] = _status(decision)
    projection.patch(Gate, decision["gate_id"], **told)


def _status(decision: dict[str, Any]) -> str:
    if decision["verdict"] != "Approve":
        return GateStatus.REJECTED.value
    return GateStatus.EDITED.value if decision.get("edit") is not None else GateStatus.APPROVED.value


def _is_expired(projection: Projection, gate_id: str) -> bool:
    here = projection.puts[Gate].get((gate_id,)) or projection.patches[Gate].get(gate_id) or {}
    return here.get("status") == GateStatus.EXPIRED
