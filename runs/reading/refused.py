"""What did not become a fact: proposals that a merge refused, and those that people rejected."""

from dataclasses import dataclass

from runs.models import Gate, GateStatus, Run

MOST = 200


@dataclass(frozen=True)
class Refusal:
    """A proposal that did not pass, by whom it was made, and why in a few words."""

    seq: int
    cycle: int
    key: str
    id: str
    suggestor: str | None
    reason: str


def refusals_of(run: Run) -> list[Refusal]:
    """The newest refusals of a run, newest first."""
    rows = run.rejections.order_by("-seq").values_list("seq", "cycle", "key", "proposal_id", "suggestor", "reason")[:MOST]
    closed = (GateStatus.REJECTED, GateStatus.EXPIRED)
    gates = run.gates.filter(status__in=closed).exclude(key="").order_by("-seq")[:MOST]
    found = [Refusal(*row) for row in rows] + [_at_a_gate(gate) for gate in gates]
    return sorted(found, key=lambda refusal: -refusal.seq)[:MOST]


def _at_a_gate(gate: Gate) -> Refusal:
    reason = f"rejected by {gate.decided_by}" + (f": {gate.reason}" if gate.reason else "")
    return Refusal(gate.seq, gate.cycle, gate.key, gate.proposal_id, gate.suggestor, reason)
