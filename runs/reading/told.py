"""Explanations as programs see them: plain values for JSON, the same for commands and API."""

from typing import Any

import msgspec

from runs.models import Effect, Fact, Run
from runs.reading.authors import Blocker
from runs.reading.provenance import Name, fact_named, named, provenance_of
from runs.reading.waiting import waiting
from runs.reading.why import Explanation, Step, why
from runs.reading.why_not import why_not


def why_of(run: Run, name: str) -> dict[str, Any]:
    """Why the fact `KEY/ID` is there; raises `NoFactName`, or `DoesNotExist` where it is not."""
    fact = fact_named(run, named(name))
    return {"fact": name, "provenance": _provenance(run, fact)} | _explanation(why(run, fact))


def why_not_of(run: Run, name: str) -> dict[str, Any]:
    """Why the fact `KEY/ID` is not there; raises `NoFactName`."""
    return blocker_value(why_not(run, named(name)))


def waiting_in(run: Run) -> list[dict[str, Any]]:
    """Who never woke, and what was missing."""
    return [
        {"suggestor": each.name, "kind": each.kind, "reads": each.reads, "lacks": [msgspec.to_builtins(lack) for lack in each.lacks]}
        for each in waiting(run)
    ]


def slashed(name: Name) -> str:
    """`KEY/ID`."""
    return "/".join(name)


def _explanation(found: Explanation) -> dict[str, Any]:
    return {
        "facts": found.facts,
        "left_out": found.left_out,
        "is_cut": found.is_cut,
        "seeds": [slashed(name) for name in found.seeds],
        "people": found.people,
        "steps": [_step(step) for step in found.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "fact": slashed(step.name),
        "cycle": step.cycle,
        "suggestor": step.by,
        "how": step.how,
        "rests_on": [slashed(name) for name in step.rests_on],
        "unknown": [slashed(name) for name in step.unknown],
        "people": list(step.people),
        "effects": [_effect(effect) for effect in step.effects],
        "seq": step.seq,
    }


def _provenance(run: Run, fact: Fact) -> dict[str, Any]:
    found = provenance_of(run, fact)
    gate = found.gate
    return {
        "how": found.how,
        "used": [f"{each.key}/{each.fact_id}" for each in found.used],
        "unknown": [slashed(name) for name in found.unknown],
        "visible": dict(found.seen),
        "effects": [_effect(effect) for effect in found.effects],
        "gate": None if gate is None else {"gate_id": gate.gate_id, "status": gate.status, "by": gate.decided_by, "reason": gate.reason},
        "voices": [{"by": voice.by, "verdict": voice.verdict, "reason": voice.reason} for voice in found.voices],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {"kind": effect.kind, "target": effect.target, "phase": effect.phase, "seq": effect.requested_seq}


def blocker_value(found: Blocker) -> dict[str, Any]:
    """What stands in the way of a fact."""
    told = {name: getattr(found, name) for name in ("says", "remedy", "cycle", "suggestor", "seq", "gate_id")}
    who = [
        {"suggestor": each.name, "kind": each.kind, "blocker": each.blocker, "lacks": [msgspec.to_builtins(lack) for lack in each.lacks]}
        for each in found.who
    ]
    return {"fact": slashed(found.name), "blocker": found.kind} | told | {"who": who}
