"""Why a fact is not there: the exact thing that stood in its way, and what would have let it pass."""

from collections.abc import Callable

from runs.engine.wire import decode
from runs.models import Gate, GateStatus, GateVote, Rejection, Run, RunStatus
from runs.reading.authors import Blocker, never_proposed
from runs.reading.provenance import Name
from runs.reading.refused import Refusal
from runs.reading.words import plural


def why_not(run: Run, name: Name) -> Blocker:
    """What stands in the way: what was said of it last, at a gate or in a merge; else why nobody proposed it."""
    for look in (_there, _at_a_gate, _parked, _refused, _decided, _rejected_id):
        found = look(run, name)
        if found is not None:
            return found
    return never_proposed(run, name)


def why_refused(run: Run, refusal: Refusal) -> Blocker:
    """What refused a proposal then, whatever became of its name afterwards."""
    row = run.rejections.filter(seq=refusal.seq).first()
    if row is not None:
        return _told(run, row)
    gate = run.gates.get(seq=refusal.seq)
    return _at(gate, (gate.key, gate.proposal_id), *_VERDICTS[gate.status](gate))


def _there(run: Run, name: Name) -> Blocker | None:
    fact = run.facts.filter(key=name[0], fact_id=name[1]).first()
    if fact is None:
        return None
    return Blocker(name, "there", f"It is a fact since cycle {fact.cycle}.", "Nothing is in the way.", fact.cycle, fact.suggestor, fact.seq)


def _at_a_gate(run: Run, name: Name) -> Blocker | None:
    gate = run.gates.pending().filter(key=name[0], proposal_id=name[1]).first()
    if gate is None:
        return None
    voices = GateVote.objects.filter(run=run, gate_id=gate.gate_id, round=gate.round, verdict="approve").count()
    who = f" of {' or '.join(gate.approver_names)}" if gate.approver_names else ""
    missing = max(gate.quorum - voices, 1)
    kind, said = ("quorum", f", {voices} of {gate.quorum} have approved") if voices else ("gate_pending", "")
    says = f"It waits at gate {gate.gate_id} for a decision{said}."
    return _at(gate, name, kind, says, f"{plural(missing, 'approval')}{who} would let it pass.")


def _at(gate: Gate, name: Name, kind: str, says: str, remedy: str) -> Blocker:
    return Blocker(name, kind, says, remedy, gate.cycle, gate.suggestor, gate.seq, gate.gate_id)


def _parked(run: Run, name: Name) -> Blocker | None:
    """Nobody is asked about it, but its cycle waits."""
    row = run.envelopes.filter(kind="CycleParked").order_by("-seq").first() if run.status == RunStatus.WAITING else None
    if row is None or not run.gates.pending().filter(cycle=row.cycle).exists():
        return None
    for item in decode(row.body)["event"]["data"]["proposals"]:
        if (item["proposal"]["key"], item["proposal"]["id"]) == name:
            gates = ", ".join(run.gates.pending().order_by("seq").values_list("gate_id", flat=True))
            says = f"It was proposed in cycle {row.cycle}, which waits for its gates."
            return Blocker(name, "parked", says, f"Decide {gates}.", row.cycle, item["name"], row.seq)
    return None


_CHECKS: dict[str, tuple[str, str]] = {
    "content_not_empty": ("blank", "A text that is not blank would have passed."),
    "payload_valid": ("invalid_payload", "A payload of the form of its family would have passed."),
    "valid_unicode": ("unicode", "Text without lone surrogates would have passed."),
    "no_conflict": ("conflict", "The same content, or another id, would have passed: one name cannot hold two truths."),
    "not_rejected": ("rejected_before", "Another id would have passed: a rejected one stays rejected for the whole run."),
}


def _refused(run: Run, name: Name) -> Blocker | None:
    """The merge refused it."""
    row = run.rejections.filter(key=name[0], proposal_id=name[1]).order_by("-seq").first()
    return None if row is None else _told(run, row)


def _told(run: Run, row: Rejection) -> Blocker:
    name = (row.key, row.proposal_id)
    kind, remedy = _CHECKS.get(_check_of(run, row), ("failed", "The reason says what would."))
    says = f"It was proposed by {row.suggestor or 'a seed'} in cycle {row.cycle} and refused: {row.reason}."
    if kind == "conflict":
        says += f" {name[0]}/{name[1]} holds something else, and the run ended."
    gate = _rejecting_gate(run, name[1]) if kind == "rejected_before" else None
    if gate is not None:
        says += f" {_who(gate)} rejected it at gate {gate.gate_id}{_because(gate)}."
    return Blocker(name, kind, says, remedy, row.cycle, row.suggestor, row.seq, gate.gate_id if gate else None)


def _check_of(run: Run, row: Rejection) -> str:
    body = run.envelopes.filter(seq=row.seq).values_list("body", flat=True).first()
    return str(decode(body)["event"]["data"]["contract_results"][0]["name"]) if body else ""


def _decided(run: Run, name: Name) -> Blocker | None:
    """A gate was closed and it did not become a fact."""
    gate = run.gates.filter(key=name[0], proposal_id=name[1]).order_by("-seq").first()
    if gate is None:
        return None
    if gate.status in (GateStatus.APPROVED, GateStatus.EDITED):
        others = ", ".join(run.gates.pending().filter(cycle=gate.cycle).values_list("gate_id", flat=True))
        says = (
            f"It was approved, and is merged when its whole cycle is: {others} still waits."
            if others
            else "It was approved, but its cycle was not merged."
        )
        return _at(gate, name, "parked", says, f"Decide {others}." if others else "The run must go on.")
    kind, says, remedy = _VERDICTS[gate.status](gate)
    return _at(gate, name, kind, says, remedy)


_VERDICTS: dict[str, Callable[[Gate], tuple[str, str, str]]] = {
    GateStatus.REJECTED: lambda gate: (
        ("gate_expired" if gate.decided_by == "timeout" else "gate_rejected"),
        f"{_who(gate)} rejected it at gate {gate.gate_id}{_because(gate)}.",
        "An approval would have let it pass; in this run its id stays rejected.",
    ),
    GateStatus.EXPIRED: lambda gate: (
        "gate_expired",
        f"Nobody decided gate {gate.gate_id} in time{_because(gate)}.",
        "An approval before the deadline would have let it pass.",
    ),
    GateStatus.CANCELLED: lambda gate: (
        "gate_cancelled",
        f"The run ended while gate {gate.gate_id} was open.",
        "An approval before the end would have let it pass.",
    ),
}


def _rejected_id(run: Run, name: Name) -> Blocker | None:
    """A human rejected a proposal of this id, under whatever key."""
    gate = _rejecting_gate(run, name[1])
    if gate is None:
        return None
    says = f"{_who(gate)} rejected {gate.key}/{gate.proposal_id} at gate {gate.gate_id}{_because(gate)}; the id counts under every key."
    return _at(gate, name, "rejected_before", says, _CHECKS["not_rejected"][1])


def _rejecting_gate(run: Run, id: str) -> Gate | None:
    refused = (GateStatus.REJECTED, GateStatus.EXPIRED)
    return run.gates.filter(proposal_id=id, status__in=refused).exclude(key="").order_by("seq").first()


def _who(gate: Gate) -> str:
    return gate.decided_by or "Somebody"


def _because(gate: Gate) -> str:
    return f" ({gate.reason})" if gate.reason else ""
