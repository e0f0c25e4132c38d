"""Where a fact comes from: what its suggestor used, asked for and was told, and which people let it pass."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from runs.engine import ContextKey
from runs.engine.facts import CONTEXT_INPUT, NOTE_SPAN
from runs.engine.wire import decode
from runs.models import Effect, Fact, Gate, GateStatus, GateVote, Run

#: Facts that a provenance names, at most.
MOST = 200
SEED, DECLARED, VISIBLE, NOTE = "seed", "declared", "visible", "note"
Name = tuple[str, str]
EVERY = tuple(str(key) for key in ContextKey)


@dataclass(frozen=True)
class Provenance:
    """Where a fact comes from.

    `how` tells what `used` is: `declared`, what its suggestor named; `visible`, the newest of what it could see under
    its dependencies, as it named nothing; nothing for a `seed` and for a `note` of the engine. `seen` counts what was
    visible by key, `unknown` are declared facts that did not exist.
    """

    fact: Fact
    how: str
    used: list[Fact] = field(default_factory=list)
    unknown: list[Name] = field(default_factory=list)
    seen: list[tuple[str, int]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    gate: Gate | None = None
    voices: list[GateVote] = field(default_factory=list)


def named(name: str) -> Name:
    """Key and id of `KEY/ID`; raises `NoFactName` for anything else."""
    key, slash, id = name.partition("/")
    if not slash or not id or key not in set(ContextKey) or "\x00" in id:
        raise NoFactName(f"'{name}' names no fact: KEY/ID is wanted, KEY being one of {', '.join(ContextKey)}")
    return key, id


def fact_named(run: Run, name: Name) -> Fact:
    """The fact of that key and id; raises `DoesNotExist`."""
    return run.facts.get(key=name[0], fact_id=name[1])


def provenance_of(run: Run, fact: Fact) -> Provenance:
    """Where the fact comes from; one look at each table."""
    how = how_of(fact.promoted_by, fact.used)
    gate = gate_on(run, fact)
    told: dict[str, Any] = {"gate": gate, "voices": _voices(run, gate)}
    if fact.suggestor is not None:
        told["effects"] = list(run.effects.filter(cycle=fact.cycle, suggestor=fact.suggestor).order_by("requested_seq")[:MOST])
    if how == DECLARED:
        told |= _declared(run, fact)
    elif how == VISIBLE:
        told |= _visible(run, fact)
    return Provenance(fact, how, **told)


def how_of(span: str, used: str | None) -> str:
    """What is known of what a fact rests on."""
    if span == CONTEXT_INPUT:
        return SEED
    if used:
        return DECLARED
    return NOTE if span == NOTE_SPAN else VISIBLE


def reads_of(run: Run) -> dict[str, Sequence[str]]:
    """The keys that each suggestor of the run reads, by its name; none for those without dependencies, which read all."""
    body = run.envelopes.filter(seq=1, kind="RunStarted").values_list("body", flat=True).first()
    if body is None:
        return {}
    data = decode(body)["event"]["data"]
    return dict(zip(data["suggestors"], data["reads"], strict=True))


def gate_on(run: Run, fact: Fact) -> Gate | None:
    """The gate that the fact went through, or that it is the note of."""
    gates = run.gates.filter(cycle=fact.cycle)
    if fact.promoted_by == NOTE_SPAN and fact.fact_id.startswith("hitl-rejected:"):
        refused = (GateStatus.REJECTED, GateStatus.EXPIRED)
        return gates.filter(proposal_id=fact.fact_id.removeprefix("hitl-rejected:"), status__in=refused).first()
    return gates.filter(key=fact.key, proposal_id=fact.fact_id).first() if fact.approver else None


def _voices(run: Run, gate: Gate | None) -> list[GateVote]:
    return [] if gate is None else list(run.gate_votes.filter(gate_id=gate.gate_id).order_by("seq"))


def _declared(run: Run, fact: Fact) -> dict[str, Any]:
    names = [tuple(name) for name in json.loads(fact.used or "[]")]
    found = facts_by_name(run, names)
    used = [found[name] for name in names if name in found and found[name].cycle < fact.cycle]
    return {"used": used, "unknown": [name for name in names if name not in found or found[name].cycle >= fact.cycle]}


def facts_by_name(run: Run, names: Sequence[Name]) -> dict[Name, Fact]:
    """Facts by key and id."""
    wanted = set(names[:MOST])
    rows = run.facts.filter(fact_id__in={id for _, id in wanted})
    return {(fact.key, fact.fact_id): fact for fact in rows if (fact.key, fact.fact_id) in wanted}


def _visible(run: Run, fact: Fact) -> dict[str, Any]:
    keys = reads_of(run).get(fact.suggestor or "") or EVERY
    rows = {key: run.facts.filter(key=key, cycle__lt=fact.cycle, seq__lt=fact.seq) for key in keys}
    seen = [(key, count) for key, those in rows.items() if (count := those.count())]
    share = max(1, MOST // max(1, len(seen)))
    return {"seen": seen, "used": [each for key, _ in seen for each in rows[key].order_by("-seq")[:share]]}


class NoFactName(ValueError):
    """The text does not name a fact."""
