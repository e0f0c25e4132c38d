"""Why a fact is there: the smallest explanation that suffices, back to seeds and people."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import msgspec
from django.db import connection

from runs.engine.effects import InterruptRaise
from runs.models import Effect, Fact, GateStatus, Run
from runs.reading.provenance import DECLARED, EVERY, NOTE, SEED, VISIBLE, Name, how_of, reads_of

#: Steps that an explanation tells, and places of a journal that it looks back.
MOST_STEPS = 200
REACH = 200_000
LEAN = ("seq", "key", "fact_id", "cycle", "suggestor", "promoted_by", "used")


class Step(msgspec.Struct, gc=False):
    """One fact of an explanation: who said it when, on account of which others, and which people let it pass."""

    seq: int
    name: Name
    cycle: int
    by: str | None
    how: str
    people: Sequence[str]
    rests_on: list[Name] = []
    unknown: Sequence[Name] = ()
    fact: Fact | None = None
    effects: Sequence[Effect] = ()


@dataclass(frozen=True)
class Explanation:
    """Why a fact is there: its steps, newest first, and where they end. `left_out` steps are counted, not told.

    It is cut (`is_cut`) where the run is longer than what is looked at.
    """

    steps: list[Step]
    facts: int
    seeds: list[Name]
    people: list[str]
    is_cut: bool

    @property
    def left_out(self) -> int:
        """Facts of the explanation that are not told."""
        return self.facts - len(self.steps)


def why(run: Run, fact: Fact, *, most: int = MOST_STEPS) -> Explanation:
    """Explain a fact.

    The explanation is the smallest set of facts that holds the fact itself and, with each of its facts,
    * of a fact that declares what it used: exactly those of them that existed in an earlier cycle;
    * of a fact that declares nothing: for each key that its suggestor reads, the newest fact of an earlier cycle
      (it could not have woken without one of them, and what it took from older ones is not recorded);
    * of a seed, a note of the engine, and a fact whose content a person wrote as an edit: nothing more.
    It is one and the same for one journal: a fact is promoted once, so no choice is left. Its ends are seeds and
    people: who approved, edited or rejected at a gate, and who answered a question.
    """
    search = _Search(run, fact)
    search.go()
    steps = search.steps
    shown = steps[:most]
    _fill(run, shown)
    people = dict.fromkeys(person for step in reversed(steps) for person in step.people)
    seeds = [step.name for step in reversed(steps) if step.how == SEED]
    return Explanation(shown, len(steps), seeds, list(people), search.is_cut)


class _Search:
    """Goes from a fact backwards through the facts of its run, once, and takes those that the explanation needs.

    What is needed is known before it is met, as facts rest on facts of earlier cycles only.
    """

    def __init__(self, run: Run, fact: Fact) -> None:
        self.rows = _newest_first(run, fact.seq)
        self.is_cut = fact.seq > REACH
        self.steps: list[Step] = []
        self._named: dict[Name, list[Step]] = {(fact.key, fact.fact_id): []}
        self._newest: dict[str, list[Step]] = defaultdict(list)
        self._reads = reads_of(run)
        self._people = _people_of(run)

    def go(self) -> None:
        """Go through all of them, or until nothing is needed any more."""
        named, newest = self._named, self._newest
        for row in self.rows:
            _, key, id, cycle, *_ = row
            resting = named.pop((key, id), None) if named else None
            waiting = newest.get(key)
            after = self._satisfied(waiting, key, cycle) if waiting else ()
            if resting is None and not after:
                continue
            name = self._take(row).name
            for other in resting or ():
                if cycle < other.cycle:
                    other.rests_on.append(name)
                else:
                    other.unknown = (*other.unknown, name)
            for other in after:
                other.rests_on.append(name)
        for name, waiting in named.items():
            for step in waiting:
                step.unknown = (*step.unknown, name)

    def _satisfied(self, waiting: list[Step], key: str, cycle: int) -> Sequence[Step]:
        """Those that wait for the newest fact of a cycle before theirs, and find it in this one; they are struck off."""
        if waiting[-1].cycle > cycle:
            self._newest[key] = []
            return waiting
        found = [step for step in waiting if step.cycle > cycle]
        self._newest[key] = waiting[len(found) :]
        return found

    def _take(self, row: tuple[Any, ...]) -> Step:
        seq, key, id, cycle, by, span, used = row
        name, people = (key, id), self._people
        said = people.get((cycle, key, id), []) + people.get((cycle, "", by or ""), []) if people else ()
        how = how_of(span, used)
        step = Step(seq, name, cycle, by, how, said)
        self.steps.append(step)
        if said and any(words.endswith(_EDITED) for words in said):
            return step
        if how == DECLARED:
            for each in json.loads(used):
                self._named.setdefault((each[0], each[1]), []).append(step)
        elif how == VISIBLE:
            for each in self._reads.get(by or "") or EVERY:
                self._newest[each].append(step)
        return step


def _newest_first(run: Run, seq: int) -> list[Any]:
    """The facts up to a place. Read past the ORM's wrapping and sorted here, which takes half the time for 10 000."""
    sql, values = run.facts.filter(seq__lte=seq, seq__gt=seq - REACH).values_list(*LEAN).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return sorted(cursor.fetchall(), key=itemgetter(0), reverse=True)


_EDITED = " in their own words"
_DEEDS = {GateStatus.APPROVED: "approved {}", GateStatus.EDITED: "approved {}" + _EDITED}
_REFUSALS = (GateStatus.REJECTED, GateStatus.EXPIRED)


def _people_of(run: Run) -> dict[tuple[int, str, str], list[str]]:
    """What people did for a fact, by its cycle, key and id; answers stand under no key, with the suggestor's name."""
    found: dict[tuple[int, str, str], list[str]] = {}
    gates = run.gates.filter(decided_by__isnull=False).values_list("cycle", "key", "proposal_id", "status", "decided_by", "edited_by")
    for cycle, key, id, status, by, edited_by in gates:
        if status in _DEEDS and key:
            who = edited_by if edited_by and status == GateStatus.EDITED else by
            found.setdefault((cycle, key, id), []).append(f"{who} {_DEEDS[status].format(f'{key}/{id}')}")
        elif status in _REFUSALS and key:
            found.setdefault((cycle, "Diagnostic", f"hitl-rejected:{id}"), []).append(f"{by} rejected {key}/{id}")
    for cycle, suggestor, output in _answers(run):
        found.setdefault((cycle, "", suggestor or ""), []).append(f"{output} answered {suggestor}")
    return found


def _answers(run: Run) -> Iterable[tuple[int, str | None, str]]:
    rows = run.effects.filter(kind=InterruptRaise.__name__, output__isnull=False)
    for cycle, suggestor, output in rows.values_list("cycle", "suggestor", "output"):
        said: Any = json.loads(output or "null")
        if isinstance(said, dict) and isinstance(said.get("by"), str):
            yield cycle, suggestor, said["by"]


def _fill(run: Run, steps: list[Step]) -> None:
    """Add what people read: the facts themselves, and the effects behind them."""
    keys = {step.name[0] for step in steps}
    facts = {fact.seq: fact for fact in run.facts.filter(key__in=keys, seq__in=[step.seq for step in steps])}
    effects: dict[tuple[int, str | None], list[Effect]] = {}
    cycles = {step.cycle for step in steps if step.how not in (SEED, NOTE)}
    for effect in run.effects.filter(cycle__in=cycles).order_by("requested_seq")[:MOST_STEPS]:
        effects.setdefault((effect.cycle, effect.suggestor), []).append(effect)
    for step in steps:
        step.fact = facts.get(step.seq)
        step.effects = effects.get((step.cycle, step.by), []) if step.by else []
