"""Single things of a run, as the drawer tells them: a fact, an effect, a vote, what a suggestor did in a cycle."""

from dataclasses import dataclass
from typing import Any

from runs.models import Activity, Fact, Gate, Rejection, Run, Vote
from runs.reading.authors import Blocker
from runs.reading.effects import Told, told
from runs.reading.provenance import fact_named, named, provenance_of
from runs.reading.refused import Refusal, refusal_at
from runs.reading.why_not import why_not, why_refused

MOST = 50


@dataclass(frozen=True)
class FactThing:
    """A fact, where it came from, and how many rest on it."""

    fact: Fact
    provenance: Any

    @property
    def name(self) -> str:
        """`KEY/ID`."""
        return f"{self.fact.key}/{self.fact.fact_id}"


@dataclass(frozen=True)
class Missing:
    """What was asked for and is no fact, and what stands in its way."""

    name: str
    blocker: Blocker


@dataclass(frozen=True)
class RefusedThing:
    """A proposal that did not pass, why, and whether its name holds a fact nevertheless."""

    refusal: Refusal
    blocker: Blocker
    holds: bool


@dataclass(frozen=True)
class Cell:
    """What a suggestor (or everybody) did in one cycle."""

    cycle: int
    suggestor: str
    spoke: Activity | None
    facts: list[Fact]
    rejected: list[Rejection]
    effects: list[Told]
    gates: list[Gate]


def fact_named_in(run: Run, name: str) -> FactThing | Missing:
    """The fact `KEY/ID`, or why there is none; raises `NoFactName`."""
    wanted = named(name)
    blocker = why_not(run, wanted)
    if blocker.kind != "there":
        return Missing(name, blocker)
    fact = fact_named(run, wanted)
    return FactThing(fact, provenance_of(run, fact))


def refused_in(run: Run, seq: str) -> RefusedThing:
    """The refusal at that place of the journal; raises `DoesNotExist`, or `ValueError` where it is no place."""
    refusal = refusal_at(run, int(seq))
    holds = run.facts.filter(key=refusal.key, fact_id=refusal.id).exists()
    return RefusedThing(refusal, why_refused(run, refusal), holds)


def effect_in(run: Run, identity: str) -> Told:
    """The effect of that identity; raises `DoesNotExist`."""
    return told(run.effects.get(identity=identity))


def vote_in(run: Run, seq: str) -> Vote:
    """The vote at that place of the journal; raises `DoesNotExist`, or `ValueError` where it is no place."""
    vote: Vote = run.votes.get(seq=int(seq))
    return vote


def cell_in(run: Run, name: str) -> Cell:
    """What `CYCLE/SUGGESTOR` did; without a suggestor, everybody."""
    number, _, suggestor = name.partition("/")
    cycle = int(number)
    here = {"cycle": cycle} | ({"suggestor": suggestor} if suggestor else {})
    spoke = run.activity.filter(**here).first() if suggestor else None
    facts, rejected = run.facts.filter(**here).order_by("seq")[:MOST], run.rejections.filter(**here).order_by("seq")[:MOST]
    effects, gates = run.effects.filter(**here).order_by("requested_seq")[:MOST], run.gates.filter(**here).order_by("seq")[:MOST]
    return Cell(cycle, suggestor, spoke, list(facts), list(rejected), [told(effect) for effect in effects], list(gates))
