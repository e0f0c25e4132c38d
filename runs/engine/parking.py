"""When a cycle must wait: which of its proposals need a human."""

from collections.abc import Sequence

from runs.engine.facts import ContextKey, Proposal
from runs.engine.gates import GatePolicy, Parked, ParkedProposal, ask
from runs.engine.merge import refusal
from runs.engine.payloads import PayloadRegistry
from runs.engine.state import State


def park(policy: GatePolicy, state: State, cycle: int, registry: PayloadRegistry, items: Sequence[ParkedProposal]) -> Parked | None:
    """Return the parked cycle, or None if nobody must be asked.

    Nobody is asked either when a proposal before the first gated one contradicts: then the merge ends the run.
    """
    first = next((n for n, item in enumerate(items) if _needs_human(policy, state, item)), None)
    if first is None or _conflicts(state, registry, items[:first]):
        return None
    gated = ((item, _needs_human(policy, state, item)) for item in items)
    return ask(policy, cycle, state.clock, gated)


def _needs_human(policy: GatePolicy, state: State, item: ParkedProposal) -> bool:
    proposal = item.proposal
    if item.is_note or proposal.id in state.rejected or not policy.gates(proposal):
        return False
    existing = state.context.fact(proposal.key, proposal.id)
    return existing is None or not existing.same_content(proposal)


def _conflicts(state: State, registry: PayloadRegistry, items: Sequence[ParkedProposal]) -> bool:
    """Tell whether merging `items`, none of them gated, would contradict a fact or each other."""
    merged: dict[tuple[ContextKey, str], Proposal] = {}
    for item in items:
        proposal = item.proposal
        existing = state.context.fact(proposal.key, proposal.id)
        if item.is_note:
            if existing is None:
                merged.setdefault((proposal.key, proposal.id), proposal)
            continue
        if proposal.id in state.rejected or refusal(registry, proposal) is not None:
            continue
        if existing is not None and not existing.same_content(proposal):
            return True
        earlier = merged.setdefault((proposal.key, proposal.id), proposal)
        same_subject = earlier.subject == proposal.subject
        if not (same_subject and earlier.payload.same_content(proposal.payload)):
            return True
    return False
