"""The context of a run: facts by key, as they stand or as they stood after a cycle."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from runs.engine import ContextKey
from runs.models import Fact, Run
from runs.reading.cycles import border_of, cycles_between

PAGE = 50


@dataclass(frozen=True)
class FactPage:
    """Facts, newest first, and the place before which the next page begins."""

    facts: list[Fact]
    earlier: int | None


def chosen(cycle: str, suggestor: str) -> dict[str, Any]:
    """The conditions on facts that come of a chosen cycle (or stretch) and a chosen suggestor."""
    return cycles_between(cycle) | ({"suggestor": suggestor} if suggestor else {})


def context_at(run: Run, cycle: int | None = None, *, text: str = "", wanted: Mapping[str, Any] | None = None) -> Any:
    """The facts that stood after a cycle (all without one), narrowed to those with a text in id or content and as `chosen` says."""
    rows = run.facts.filter(**wanted or {})
    if cycle is not None:
        rows = rows.filter(seq__lte=border_of(run, cycle))
    return rows.filter(Q(fact_id__icontains=text) | Q(payload__icontains=text) | Q(text__icontains=text)) if text else rows


def keys_of(facts: Any) -> list[tuple[str, int]]:
    """The keys that hold facts, in their order, with how many; of facts that `context_at` gave."""
    counts = dict(facts.values_list("key").annotate(Count("id")).order_by())
    return [(str(key), counts[key]) for key in ContextKey if key in counts]


def facts_of(facts: Any, key: str = "", *, before: int | None = None, limit: int = PAGE) -> FactPage:
    """A page of facts that `context_at` gave, of one key or of all, newest first."""
    rows = facts.filter(key__in=[key] if key else list(ContextKey))
    if before is not None:
        rows = rows.filter(seq__lt=before)
    found = list(rows.order_by("-seq")[: limit + 1])
    return FactPage(found[:limit], found[limit - 1].seq if len(found) > limit else None)


def seed_texts(run: Run) -> dict[str, str]:
    """The texts of the seeds by id: a topic with the id of a seed is shown with its text."""
    rows = run.facts.filter(key=ContextKey.SEEDS).exclude(text=None)
    return {fact_id: (text or "").strip() for fact_id, text in rows.values_list("fact_id", "text")}
