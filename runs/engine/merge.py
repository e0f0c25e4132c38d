"""The merge of a cycle: proposals become facts one after the other, or are refused, or contradict and end the run."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from runs.engine import wire
from runs.engine.asking import Answer
from runs.engine.borders import CycleMerged
from runs.engine.eligibility import KEYS, Eligibility
from runs.engine.errors import Conflict
from runs.engine.facts import NOTE_SPAN, ContextKey, Fact, Proposal
from runs.engine.gates import GateDecision, ParkedProposal
from runs.engine.integrity import chain_digest
from runs.engine.payloads import WHITE_SPACE, PayloadError, PayloadRegistry, TextPayload
from runs.engine.state import State
from runs.engine.wire import Row

MERGED = "proposal validated and promoted in engine merge"
STAGED = "staged context input promoted"
APPROVED = "proposal approved by a human and promoted"
NOTED = "noted by the engine"
REJECTED_ID = "a human rejected a proposal of this id before"


def refusal(registry: PayloadRegistry, proposal: Proposal) -> tuple[str, str] | None:
    """Say which check refuses `proposal` and why; None if it may be promoted."""
    try:
        value = registry.check(proposal.payload)
    except PayloadError as error:
        return "payload_valid", str(error)
    if type(value) is TextPayload and not value.text.strip(WHITE_SPACE):
        return "content_not_empty", "content cannot be empty"
    return None


class Merge:
    """Merges into `state`, one cycle after the other; collects journal rows, digest lines, dirty keys and counts."""

    def __init__(
        self, state: State, registry: PayloadRegistry, correlation: str, attempt: int, hear: Callable[[Row, str], None] | None
    ) -> None:
        self.state, self.context = state, state.context
        self.rows: list[Row] = []
        self.lines: list[str] = []
        self.eligibility: Eligibility | None = None
        self._registry = registry
        self._correlation = correlation
        self._attempt = attempt
        self._hear = hear
        self.cycle = state.cycle
        self._known = state.context.size
        self._rejected = 0
        self._dirty: dict[ContextKey, None] = {}

    def begin(self, cycle: int, lines: list[str]) -> None:
        """Begin the merge of `cycle`; `lines` are its effects as they enter the digest."""
        self.cycle = cycle
        self.lines.extend(lines)

    def take(self, answers: Sequence[Answer]) -> None:
        """Merge all that was said in a cycle that nobody was asked about; raises `Conflict`."""
        rejected = self.state.rejected
        for answer in answers:
            seat = answer.seat
            name, span = seat.name, f"agent-{seat.number}"
            for proposal in answer.proposals:
                if rejected and proposal.id in rejected:
                    self.refuse(proposal, name, "not_rejected", REJECTED_ID)
                else:
                    self.promote(proposal, span, name, MERGED)
            if answer.note is not None:
                self.note(answer.note, name)

    def take_parked(self, item: ParkedProposal) -> None:
        """Merge one proposal of a cycle that waited, about which nobody was asked; raises `Conflict`."""
        proposal = item.proposal
        if item.is_note:
            self.note(proposal, item.name)
        elif proposal.id in self.state.rejected:
            self.refuse(proposal, item.name, "not_rejected", REJECTED_ID)
        else:
            self.promote(proposal, f"agent-{item.number}", item.name, MERGED)

    def take_decided(self, item: ParkedProposal, decision: GateDecision) -> None:
        """Merge one proposal as the human decided; the note on a rejection stands in its place. Raises `Conflict`."""
        proposal = item.proposal
        if decision.approved:
            if decision.edit is not None:
                proposal = msgspec.structs.replace(proposal, payload=decision.edit)
            self.promote(proposal, f"suggestor-{item.number}", item.name, APPROVED, decision.by)
        elif proposal.id in self.state.rejected:
            self.take_parked(item)
        else:
            self.state.rejected.add(proposal.id)
            self.note(decision.note(proposal.id), item.name)

    def promote(self, proposal: Proposal, span: str, name: str | None, reason: str, approver: str | None = None) -> None:
        """Make a fact of `proposal` if nothing refuses it; raises `Conflict` when its place holds something else."""
        refused = refusal(self._registry, proposal)
        existing = self.context.fact(proposal.key, proposal.id)
        if refused is not None:
            self.refuse(proposal, name, *refused)
        elif existing is None:
            self._add(proposal, span, name, reason, approver)
        elif not existing.same_content(proposal):
            conflict = Conflict(proposal.id, existing.payload.json, proposal.payload.json)
            self.refuse(proposal, name, "no_conflict", str(conflict))
            raise conflict

    def _add(self, proposal: Proposal, span: str, name: str | None, reason: str, approver: str | None) -> None:
        cycle, key, id, stamp = self.cycle, proposal.key, proposal.id, self.state.clock + 1
        fact = Fact(
            key,
            id,
            proposal.payload,
            proposal.provenance,
            proposal.confidence,
            cycle,
            span,
            stamp,
            proposal.subject,
            approver,
            proposal.used,
        )
        body = wire.fact_promoted(fact, name, reason)
        if not body.isascii() and wire.storable(body) != body:
            self.refuse(proposal, name, "valid_unicode", "text holds a lone surrogate")
            return
        self.state.clock = stamp
        self.context.add(fact)
        self._dirty[key] = None
        self.lines.append(body)
        row = Row("experience", "FactPromoted", cycle, name, body, 1, None, fact)
        self.rows.append(row)
        if self.eligibility is not None:
            self.eligibility.promoted((key, id))
        if self._hear is not None:
            self._hear(row, reason)

    def note(self, proposal: Proposal, name: str | None = None) -> None:
        """Write a note of the engine itself; where its id is taken it is left out and the clock does not tick."""
        if self.context.fact(proposal.key, proposal.id) is None:
            self._add(proposal, NOTE_SPAN, name, NOTED, None)

    def refuse(self, proposal: Proposal, name: str | None, check: str, reason: str) -> None:
        """Journal that `proposal` did not pass, and why: nothing vanishes silently."""
        self._rejected += 1
        beside = f',"proposal":{wire.proposal(proposal)}'

        def body(chain: str) -> str:
            return wire.event("experience", "ProposalValidated", self.cycle, name, data(chain), beside)

        def data(chain: str) -> dict[str, Any]:
            result = {"name": check, "passed": False, "failure_reason": reason}
            return {
                "proposal_id": proposal.id,
                "chain_id": chain,
                "step": "Planning",
                "contract_results": [result],
                "all_passed": False,
                "validator": "converge-engine",
            }

        told = data(self._correlation) | {"proposal": wire.decode(wire.proposal(proposal))}
        self.lines.append(body(""))
        self.rows.append(Row("experience", "ProposalValidated", self.cycle, name, body(self._correlation), told=told))
        if self._hear is not None:
            self._hear(self.rows[-1], reason)

    def chain(self) -> str:
        """Move the digest of the run past what was merged since the last time, and return it."""
        self.state.digest = digest = chain_digest(self.state.digest, self.cycle, self.lines)
        self.lines = []
        return digest

    def take_rows(self) -> list[Row]:
        """Hand over the rows since the last time."""
        rows, self.rows = self.rows, []
        return rows

    def close(self, duration_us: int, already: Sequence[ContextKey]) -> CycleMerged:
        """End the cycle: its digest, CycleEnded, and the state as the next cycle finds it.

        Where no fact was added, the keys that held some `already` count as dirty.
        """
        state, cycle, touched, facts, digest = self.state, self.cycle, self._dirty, self.context.size, self.chain()
        dirty = list(touched or already) if len(touched) < 2 else [key for key in KEYS if key in touched]
        added = facts - self._known
        told = (added, self._rejected, facts, dirty, digest, state.clock)
        self.rows.append(Row("progress", "CycleEnded", cycle, None, wire.cycle_ended(cycle, told), self._attempt, told, None, duration_us))
        state.cycle, state.dirty = cycle, dirty
        state.spent.microseconds += duration_us
        self._known, self._dirty, self._rejected = facts, {}, 0
        return CycleMerged(self.take_rows(), cycle, added, dirty, digest)
