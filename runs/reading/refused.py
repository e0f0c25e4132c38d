"""What did not become a fact: proposals that a merge refused, and those that people rejected."""

from dataclasses import dataclass
from typing import Any

from runs.models import Gate, GateStatus, Run

MOST = 50


@dataclass(frozen=True)
class Refusal:
    """A proposal that did not pass, by whom it was made, and why in a few words."""

    seq: int
    cycle: int
    key: str
    id: str
    suggestor: str | None
    reason: str


@dataclass(frozen=True)
class RefusalPage:
    """Refusals, newest first, and the place before which the next page begins."""

    refusals: list[Refusal]
    earlier: int | None


CLOSED = (GateStatus.REJECTED, GateStatus.EXPIRED)


def refused_gates_of(run: Run) -> Any:
    """The gates at which people (or the clock) refused a proposal."""
    return run.gates.filter(status__in=CLOSED).exclude(key="")


def refusals_of(run: Run, *, text: str = "", until: int | None = None, before: int | None = None) -> RefusalPage:
    """The newest refusals of a run, newest first; up to a cycle, and before a place of the journal."""
    rows, gates = run.rejections.order_by("-seq"), refused_gates_of(run).order_by("-seq")
    for narrow in ({"cycle__lte": until}, {"seq__lt": before}, {"proposal_id__icontains": text or None}):
        if None not in narrow.values():
            rows, gates = rows.filter(**narrow), gates.filter(**narrow)
    columns = ("seq", "cycle", "key", "proposal_id", "suggestor", "reason")
    found = [Refusal(*row) for row in rows.values_list(*columns)[: MOST + 1]] + [_at_a_gate(gate) for gate in gates[: MOST + 1]]
    found.sort(key=lambda refusal: -refusal.seq)
    return RefusalPage(found[:MOST], found[MOST - 1].seq if len(found) > MOST else None)


def refusal_at(run: Run, seq: int) -> Refusal:
    """The refusal at a place of the journal; raises `DoesNotExist`."""
    row = run.rejections.filter(seq=seq).first()
    if row is None:
        return _at_a_gate(refused_gates_of(run).get(seq=seq))
    return Refusal(row.seq, row.cycle, row.key, row.proposal_id, row.suggestor, row.reason)


def count_refused(run: Run) -> int:
    """How many proposals did not pass."""
    return int(run.rejections.count() + refused_gates_of(run).count())


def _at_a_gate(gate: Gate) -> Refusal:
    reason = f"rejected by {gate.decided_by}" + (f": {gate.reason}" if gate.reason else "")
    return Refusal(gate.seq, gate.cycle, gate.key, gate.proposal_id, gate.suggestor, reason)
