"""The context of a run: facts by key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from runs.engine import ContextKey
from runs.models import Fact, Run
from runs.reading.cycles import cycles_between

PAGE = 100


@dataclass(frozen=True)
class FactPage:
    """Facts of one key in the order of their promotion, and the place after which the next page begins."""

    facts: list[Fact]
    later: int | None


def keys_of(run: Run, wanted: Mapping[str, Any] | None = None) -> list[tuple[str, int]]:
    """The keys that hold facts, in their order, with how many; `wanted` narrows them as `chosen` says."""
    counts = dict(run.facts.filter(**wanted or {}).values_list("key").annotate(Count("id")).order_by())
    return [(str(key), counts[key]) for key in ContextKey if key in counts]


def chosen(cycle: str, suggestor: str) -> dict[str, Any]:
    """The conditions on facts that come of a chosen cycle (or stretch) and a chosen suggestor."""
    return cycles_between(cycle) | ({"suggestor": suggestor} if suggestor else {})


def facts_of(run: Run, key: str, *, text: str = "", after: int = 0, wanted: Mapping[str, Any] | None = None, limit: int = PAGE) -> FactPage:
    """The facts under a key, a page at a time."""
    rows = run.facts.filter(key=key, seq__gt=after, **wanted or {})
    if text:
        rows = rows.filter(Q(fact_id__icontains=text) | Q(payload__icontains=text))
    found = list(rows.order_by("seq")[: limit + 1])
    return FactPage(found[:limit], found[limit - 1].seq if len(found) > limit else None)


def seed_texts(run: Run) -> dict[str, str]:
    """The texts of the seeds by id: a topic with the id of a seed is shown with its text."""
    rows = run.facts.filter(key=ContextKey.SEEDS).exclude(text=None)
    return {fact_id: (text or "").strip() for fact_id, text in rows.values_list("fact_id", "text")}
