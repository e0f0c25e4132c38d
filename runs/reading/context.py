"""The context of a run: facts by key."""

from dataclasses import dataclass

from django.db.models import Count, Q

from runs.engine import ContextKey
from runs.models import Fact, Run

PAGE = 100


@dataclass(frozen=True)
class FactPage:
    """Facts of one key in the order of their promotion, and the place after which the next page begins."""

    facts: list[Fact]
    later: int | None


def keys_of(run: Run) -> list[tuple[str, int]]:
    """The keys that hold facts, in their order, with how many."""
    counts = dict(run.facts.values_list("key").annotate(Count("id")).order_by())
    return [(str(key), counts[key]) for key in ContextKey if key in counts]


def facts_of(run: Run, key: str, *, text: str = "", after: int = 0, limit: int = PAGE) -> FactPage:
    """The facts under a key, a page at a time."""
    rows = run.facts.filter(key=key, seq__gt=after)
    if text:
        rows = rows.filter(Q(fact_id__icontains=text) | Q(payload__icontains=text))
    found = list(rows.order_by("seq")[: limit + 1])
    return FactPage(found[:limit], found[limit - 1].seq if len(found) > limit else None)


def seed_texts(run: Run) -> dict[str, str]:
    """The texts of the seeds by id: a topic with the id of a seed is shown with its text."""
    rows = run.facts.filter(key=ContextKey.SEEDS).exclude(text=None)
    return {fact_id: (text or "").strip() for fact_id, text in rows.values_list("fact_id", "text")}
