"""Gates: what waits for a decision, and what was decided."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from runs.engine.facts import TEXT_FAMILY
from runs.models import Actor, Gate, GateKind, GateStatus, GateVote, Run
from runs.reading.differences import Piece, difference
from runs.reading.words import plural, spaced
from runs.suggestors.document import read_document
from runs.suggestors.problems import DocumentInvalid

LIMIT = 100
MOST_NAMES = 5


@dataclass(frozen=True)
class GateView:
    """A gate as a person decides it: the proposal as it would read as a fact, who asks, why, and who already spoke."""

    gate: Gate
    proposal: dict[str, Any]
    request: dict[str, Any]
    votes: list[GateVote]

    @property
    def payload(self) -> dict[str, Any]:
        """The payload that would become a fact: the edit, where there is one."""
        return dict(self.gate.edit_value or self.proposal.get("payload") or {})

    @property
    def value(self) -> Any:
        """What stands in the payload."""
        return self.payload.get("payload")

    @property
    def text(self) -> str | None:
        """The payload's text, where it is one."""
        text = self.value.get("text") if isinstance(self.value, dict) else None
        return text if isinstance(text, str) and self.payload.get("family") == TEXT_FAMILY else None

    @property
    def original(self) -> Any:
        """What was proposed."""
        return dict(self.proposal.get("payload") or {}).get("payload")

    @property
    def changed(self) -> list[Piece]:
        """What the edit changed; nothing where there is none."""
        return difference(self.original, self.value) if self.gate.edit is not None else []

    @property
    def is_question(self) -> bool:
        """Whether it asks for an answer, and not for a verdict."""
        return self.gate.kind != GateKind.PROPOSAL

    @property
    def schema(self) -> Any:
        """What an answer must look like, as JSON Schema."""
        effect = self.gate.question_value.get("effect", {})
        value = effect.get("InterruptRaise", {}).get("value")
        return value.get("schema", True) if isinstance(value, dict) else True

    @property
    def doubtful(self) -> Any:
        """The effect that may or may not have been done, as JSON; None at other gates."""
        return self.gate.question_value["effect"] if self.gate.kind == GateKind.DOUBT else None

    @property
    def answer(self) -> Any:
        """What was answered."""
        return None if self.gate.answer is None else json.loads(self.gate.answer)

    @property
    def next_action(self) -> str:
        """What happens when nobody decides in time."""
        action = str(self.request.get("timeout", {}).get("action", "")).lower()
        if action == "escalate" and (self.gate.escalated_at or self.is_question):
            action = "reject"
        if self.is_question:
            return "it fails"
        return {"reject": "it is rejected", "approve": "it is approved", "escalate": "it goes to the admins"}.get(action, "")

    @property
    def because(self) -> list[str]:
        """Why a human is asked: the rule of the formation that holds it back, and what the suggestor itself says."""
        if self.is_question:
            return []
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
        """How many have spoken for what stands there."""
        return sum(vote.verdict == "approve" and vote.round == self.gate.round for vote in self.votes)

    @property
    def missing(self) -> int:
        """How many voices are still missing."""
        return max(self.gate.quorum - self.approvals, 0)


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


def gate_view(by: Actor, gate: int) -> GateView:
    """One gate of the actor's tenant with everything that its page shows; raises `DoesNotExist`."""
    return views(Gate.objects.of(by).select_related("run__version__formation").filter(pk=gate_of(by, gate).pk))[0]


def consequences_of(view: GateView) -> list[str]:
    """What an approval changes, in words: the fact, who wakes, and what else the cycle waits for."""
    gate, lines = view.gate, list[str]()
    if not view.is_question:
        there = gate.run.facts.filter(key=gate.key, fact_id=gate.proposal_id).exists()
        fact = f"{spaced(gate.key)} / {gate.proposal_id}"
        lines.append(f"Another fact stands as {fact}: approving this ends the run with a conflict." if there else f"Adds the fact {fact}.")
        lines += _awoken(gate)
    others = gate.run.gates.pending().exclude(pk=gate.pk).count()
    lines.append(f"The run goes on when this and {plural(others, 'other gate')} are closed." if others else "The run goes on at once.")
    return lines


def _awoken(gate: Gate) -> list[str]:
    try:
        team = read_document(gate.run.version.document).team()
    except DocumentInvalid:
        return []
    names = [suggestor.name for suggestor in team if gate.key in suggestor.dependencies]
    if not names:
        return ["No suggestor listens to this key."]
    more = f" and {plural(len(names) - MOST_NAMES, 'other')}" if len(names) > MOST_NAMES else ""
    return [f"Wakes {', '.join(names[:MOST_NAMES])}{more}."]


def next_waiting(by: Actor, gate: Gate) -> Iterator[Gate]:
    """The other gates of the tenant that wait, the one due soonest first."""
    waiting = Gate.objects.of(by).pending().exclude(pk=gate.pk).select_related("run")
    yield from waiting.order_by("due_at", "id")[:LIMIT]


def gate_of(by: Actor, gate: int) -> Gate:
    """One gate of the actor's tenant; raises `DoesNotExist` for what is not there or not theirs."""
    return Gate.objects.of(by).select_related("run", "tenant").get(pk=gate)


def gate_at(by: Actor, run: str, seq: int) -> Gate:
    """The gate that was requested at that place in the journal of a run of the actor's tenant; raises `DoesNotExist`."""
    return Gate.objects.of(by).get(run__uuid=run, seq=seq)


def views(gates: Iterable[Gate]) -> list[GateView]:
    """The gates with everything that their cards show, in two queries."""
    rows = list(gates)
    spoken = defaultdict(list)
    for vote in GateVote.objects.filter(run__in={gate.run_id for gate in rows}).order_by("seq"):
        spoken[vote.run_id, vote.gate_id].append(vote)
    return [GateView(gate, json.loads(gate.proposal) or {}, gate.request_value, spoken[gate.run_id, gate.gate_id]) for gate in rows]
