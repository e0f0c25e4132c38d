"""Finding what a member half remembers: runs, formations, topics and facts of their tenant."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from runs.models import Actor, ConsensusOutcome, Fact, Formation, Run
from runs.reading.words import spaced

#: Results of each sort, and the newest runs whose topics and facts are looked through.
MOST, LATEST = 6, 20
LONGEST = 200


@dataclass(frozen=True)
class Found:
    """Something that fits: its sort, what it is called, where it stands, and what its page is named by."""

    sort: str
    label: str
    note: str
    name: str
    run: UUID | None = None


def found(by: Actor, words: str, *, run: UUID | None = None) -> list[Found]:
    """What fits the words: runs, formations, topics, facts; facts of the given run also by what they say.

    Topics and facts are looked for in that run, else in the newest runs of the tenant.
    """
    words = words.strip()[:LONGEST]
    where = Run.objects.of(by).filter(uuid=run) if run else Run.objects.of(by).order_by("-id")[:LATEST]
    there = dict(where.values_list("pk", "uuid")) if words else {}
    results = _runs(by, words) + (_formations(by, words) if words else [])
    return results + (_topics(there, words) + _facts(there, words, by_text=run is not None) if there else [])


def _runs(by: Actor, words: str) -> list[Found]:
    runs = Run.objects.of(by).order_by("-id")
    fitting = runs.filter(Q(label__icontains=words) | Q(uuid__startswith=words)) if words else runs
    rows = fitting.values_list("uuid", "label", "status")[:MOST]
    return [Found("run", label, f"{str(uuid)[:8]} · {status}", str(uuid), uuid) for uuid, label, status in rows]


def _formations(by: Actor, words: str) -> list[Found]:
    fitting = Formation.objects.of(by).filter(Q(label__icontains=words) | Q(slug__icontains=words)).order_by("label")
    return [Found("formation", label, slug, slug) for slug, label in fitting.values_list("slug", "label")[:MOST]]


def _topics(there: dict[int, UUID], words: str) -> list[Found]:
    rows = ConsensusOutcome.objects.filter(run__in=there, topic__icontains=words).order_by("-run", "topic")
    return [Found("topic", topic, label, topic, there[run]) for run, topic, label in _named(rows, "topic")]


def _facts(there: dict[int, UUID], words: str, *, by_text: bool) -> list[Found]:
    fits = Q(fact_id__icontains=words) | (Q(text__icontains=words) if by_text else Q())
    rows = Fact.objects.filter(fits, run__in=there).order_by("-run", "seq").values_list("run", "key", "fact_id", "run__label")[:MOST]
    return [Found("fact", name, f"{spaced(key)} · {label}", f"{key}/{name}", there[run]) for run, key, name, label in rows]


def _named(rows: Any, name: str) -> Any:
    return rows.values_list("run", name, "run__label").distinct()[:MOST]
