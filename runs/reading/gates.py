"""Gates: what waits for a decision, and what was decided."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from runs.models import Actor, Gate, GateStatus, GateVote, Run
from runs.reading.words import spaced

LIMIT = 100


@dataclass(frozen=True)
class GateView:
    """A gate as a person decides it: the proposal as it would read as a fact, who asks, why, and who already spoke."""

    gate: Gate
    proposal: dict[str, Any]
    request: dict[str, Any]
    votes: list[GateVote]

    @property
    def payload(self) -> dict[str, Any]:
        """The payload that would become a fact."""
        return dict(self.proposal.get("payload") or {})

    @property
    def value(self) -> Any:
        """What stands in the payload."""
        return self.payload.get("payload")

    @property
    def because(self) -> list[str]:
        """Why a human is asked: the rule of the formation that holds it back, and what the suggestor itself says."""
        policy = json.loads(self.gate.run.version.document).get("gates") or {}
        lines = []
        if self.gate.key in (policy.get("keys") or ()):
            lines.append(f"Everything proposed under {spaced(self.gate.key)} is decided by a human.")
        threshold, confidence = policy.get("confidence_threshold"), self.proposal.get("confidence", 1.0)
        if threshold is not None and confidence <= threshold:
            lines.append(f"Its confidence of {confidence:g} is not above {threshold:g}.")
        said = self.request.get("rationale") or ""
        return lines + ([said] if said and said != self.proposal.get("provenance") else []) or ["No reason was given."]

    @property
    def approvals(self) -> int:
        """How many have spoken for it."""
        return sum(vote.verdict.startswith("approve") for vote in self.votes)


def count_waiting(by: Actor) -> int:
    """How many gates of the tenant wait for somebody."""
    return Gate.objects.of(by).pending().count()


def gates_waiting(by: Actor) -> list[GateView]:
    """The gates of the tenant that wait, the one due soonest first; those without a deadline last."""
    waiting = Gate.objects.of(by).pending().prefetch_related("run__version__formation")
    rows = list(waiting.order_by("due_at", "id")[:LIMIT])
    return views(sorted(rows, key=lambda gate: (gate.due_at is None, gate.due_at or gate.requested_at)))


def gates_of(run: Run) -> tuple[list[GateView], list[GateView]]:
    """The open gates of a run, and the closed ones, newest first."""
    rows = list(run.gates.prefetch_related("run__version").order_by("-seq")[: 2 * LIMIT])
    waiting = [gate for gate in reversed(rows) if gate.status == GateStatus.PENDING]
    return views(waiting), views(gate for gate in rows if gate.status != GateStatus.PENDING)


def gate_of(by: Actor, gate: int) -> Gate:
    """One gate of the actor's tenant; raises `DoesNotExist` for what is not there or not theirs."""
    return Gate.objects.of(by).select_related("run", "tenant").get(pk=gate)


def views(gates: Iterable[Gate]) -> list[GateView]:
    """The gates with everything that their cards show, in two queries."""
    rows = list(gates)
    spoken = defaultdict(list)
    for vote in GateVote.objects.filter(run__in={gate.run_id for gate in rows}).order_by("seq"):
        spoken[vote.run_id, vote.gate_id].append(vote)
    return [GateView(gate, json.loads(gate.proposal), gate.request_value, spoken[gate.run_id, gate.gate_id]) for gate in rows]
