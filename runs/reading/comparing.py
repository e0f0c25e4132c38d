"""Two runs side by side: what only one of them knows, what both know differently, and how they came out.

Nothing here grows with what both runs share: facts are set against each other where they lie, a page at a time.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, QuerySet, Subquery

from runs.models import Cycle, Fact, Run
from runs.reading.differences import Piece, difference

PAGE = 50
MOST_VOTES = 200
MOST_TAKEN = 20_000


@dataclass(frozen=True)
class Sided:
    """One thing that differs, with what it is on either side; None where it is not there."""

    name: str
    a: Any
    b: Any


@dataclass(frozen=True)
class FactPage:
    """A page of facts, and the place after which the next page begins."""

    facts: list[Any]
    after: int | None


@dataclass(frozen=True)
class Changed:
    """A fact that both runs have under one name, with different contents."""

    key: str
    fact_id: str
    a: str
    b: str

    @property
    def pieces(self) -> list[Piece]:
        """What one has to change in A's to read B's."""
        return difference(json.loads(self.a), json.loads(self.b))


class Comparison:
    """Run A against run B, both of one tenant."""

    def __init__(self, a: Run, b: Run) -> None:
        self.a, self.b = a, b

    @cached_property
    def same_until(self) -> int:
        """The last cycle up to which both chains of digests are equal; 0 when they part at once."""
        there = Cycle.objects.filter(run=self.b, number=OuterRef("number"), digest=OuterRef("digest"))
        parted = self.a.cycle_rows.filter(~Exists(there), digest__isnull=False).order_by("number").values_list("number", flat=True).first()
        if parted is not None:
            return max(0, parted - 1)
        return self.a.cycle_rows.filter(digest__isnull=False).aggregate(last=Max("number"))["last"] or 0

    @property
    def is_equal(self) -> bool:
        """Whether both came to exactly the same, by the fingerprint of everything they know."""
        return bool(self.a.merkle_root) and self.a.merkle_root == self.b.merkle_root

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many facts each list holds."""
        return {what: rows(self).count() for what, rows in LISTS.items()}

    def facts(self, what: str, after: int = 0, limit: int = PAGE) -> FactPage:
        """A page of one of `LISTS`, in the order of the journal that it stands in."""
        rows = LISTS[what](self).filter(seq__gt=after).order_by("seq")[: limit + 1]
        found = list(rows)
        told = [_changed(fact) for fact in found] if what == "differing" else found
        return FactPage(told[:limit], found[limit - 1].seq if len(found) > limit else None)

    @cached_property
    def outcomes(self) -> list[Sided]:
        """The topics that came out differently, or that only one run decided."""
        return _sided(_last(self.a.outcomes, "topic", "passes"), _last(self.b.outcomes, "topic", "passes"))

    @cached_property
    def votes(self) -> list[Sided]:
        """The votes that differ, by topic and voter; a part at most."""
        a, b = (_last(run.votes, ("topic", "voter"), "decision") for run in (self.a, self.b))
        return [Sided(" · ".join(side.name), side.a, side.b) for side in _sided(a, b)[:MOST_VOTES]]

    def rows(self, what: str) -> list[dict[str, Any]]:
        """A list for spreadsheets and programs."""
        if what in LISTS:
            return [_told(fact) for fact in self.facts(what, limit=MOST_TAKEN).facts]
        return [{"name": side.name, "a": side.a, "b": side.b} for side in (self.votes if what == "votes" else self.outcomes)]


def _only(one: Run, other: Run) -> QuerySet[Any]:
    there = Fact.objects.filter(run=other, fact_id=OuterRef("fact_id"), key=OuterRef("key"))
    return Fact.objects.filter(~Exists(there), run=one)


def _differing(comparison: Comparison) -> QuerySet[Any]:
    there = Fact.objects.filter(run=comparison.b, fact_id=OuterRef("fact_id"), key=OuterRef("key"))
    facts = Fact.objects.filter(run=comparison.a).annotate(otherwise=Subquery(there.values("payload")[:1]))
    return facts.exclude(otherwise=None).exclude(otherwise=F("payload"))


#: The lists of facts, by their name in addresses.
LISTS: dict[str, Callable[[Comparison], QuerySet[Any]]] = {
    "only-a": lambda comparison: _only(comparison.a, comparison.b),
    "only-b": lambda comparison: _only(comparison.b, comparison.a),
    "differing": _differing,
}
TABLES = (*LISTS, "votes", "outcomes")


def _changed(fact: Any) -> Changed:
    return Changed(fact.key, fact.fact_id, fact.payload, fact.otherwise)


def _told(fact: Any) -> dict[str, Any]:
    named = {"key": fact.key, "id": fact.fact_id}
    if isinstance(fact, Changed):
        return named | {"a": fact.a, "b": fact.b}
    return named | {"cycle": fact.cycle, "suggestor": fact.suggestor, "payload": fact.payload}


def _last(rows: Any, name: str | tuple[str, ...], value: str) -> dict[Any, Any]:
    names = (name,) if isinstance(name, str) else name
    found = rows.order_by("seq").values_list(*names, value)
    return {row[0] if isinstance(name, str) else row[:-1]: row[-1] for row in found}


def _sided(a: dict[Any, Any], b: dict[Any, Any]) -> list[Sided]:
    return [Sided(name, a.get(name), b.get(name)) for name in (a | b) if a.get(name) != b.get(name)]
