"""A run's journal as the event list asks for it: newest first, filtered, a page at a time, bodies passed through as text."""

from collections import Counter
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from runs.engine import ContextKey
from runs.models import Envelope, Run
from runs.reading.cycles import cycles_between

LIMIT = 200
#: What went wrong, and what waits for people; everything else is the ordinary course.
SEVERITIES = {
    "trouble": Q(kind__in=("ProposalValidated", "BudgetExceeded"))
    | Q(kind="SuggestorFinished", body__contains='"error":')
    | Q(family="effect", body__contains='"error":'),
    "people": Q(kind__in=("CycleParked", "GateRequested", "GateVoted", "GateExpired", "GateDecisionRecorded", "InterruptRaise")),
}


@dataclass(frozen=True)
class EventFilter:
    """What the reader wants to see; nothing set means everything."""

    kind: str = ""
    suggestor: str = ""
    cycle: str = ""
    key: str = ""
    severity: str = ""
    text: str = ""

    @classmethod
    def of(cls, query: Any) -> "EventFilter":
        """The filter in the query of an address."""
        return cls(**{field.name: str(query.get(field.name, "")).replace("\x00", "").strip() for field in fields(cls)})

    @property
    def as_query(self) -> str:
        """The filter as the query of an address."""
        return urlencode({field.name: value for field in fields(self) if (value := getattr(self, field.name))})

    @property
    def conditions(self) -> Q:
        """The same for the database."""
        named = {name: value for name in ("kind", "suggestor") if (value := getattr(self, name))}
        found = Q(**named, **cycles_between(self.cycle))
        if self.text:
            found &= Q(body__icontains=self.text)
        return found & SEVERITIES.get(self.severity, Q())

    def rows(self, run: Run) -> QuerySet[Envelope]:
        """The envelopes of a run that match."""
        rows = Envelope.objects.filter(self.conditions, run=run)
        return rows.filter(seq__in=run.facts.filter(key=self.key).values("seq")) if self.key else rows

    def without(self, *names: str) -> "EventFilter":
        """The same, whatever was asked for under these names."""
        return EventFilter(**{field.name: "" if field.name in names else getattr(self, field.name) for field in fields(self)})


@dataclass(frozen=True)
class EventPage:
    """Bodies newest first, and whether older ones match as well."""

    bodies: list[str]
    more: bool

    def as_json(self, head: int) -> str:
        """The page as the browser reads it."""
        more = "true" if self.more else "false"
        return f'{{"head":{head},"more":{more},"envelopes":[{",".join(self.bodies)}]}}'


def events_before(run: Run, wanted: EventFilter, *, before: int | None = None, limit: int = LIMIT) -> EventPage:
    """The newest matching envelopes below a place in the journal."""
    rows = wanted.rows(run)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    bodies = list(rows.order_by("-seq").values_list("body", flat=True)[: limit + 1])
    return EventPage(bodies[:limit], len(bodies) > limit)


@dataclass(frozen=True)
class Facet:
    """A way to narrow the list: the name in the address, and how many events each choice has."""

    name: str
    label: str
    choices: list[tuple[str, int]]


def facets_of(run: Run, wanted: EventFilter) -> list[Facet]:
    """How many events there are of every kind, suggestor, key and severity, under everything else that is wanted."""
    severe = {name: Count("id", filter=condition) for name, condition in SEVERITIES.items()}
    rows = wanted.without("kind", "suggestor", "severity").rows(run).values("kind", "suggestor").annotate(every=Count("id"), **severe)
    counts: list[Any] = list(rows.order_by())
    column = wanted.severity if wanted.severity in SEVERITIES else "every"
    by_kind = [row for row in counts if wanted.suggestor in ("", row["suggestor"])]
    by_suggestor = [row for row in counts if row["suggestor"] and wanted.kind in ("", row["kind"])]
    chosen = [row for row in by_kind if wanted.kind in ("", row["kind"])]
    return [
        Facet("severity", "Attention", [(name, count) for name in SEVERITIES if (count := sum(row[name] for row in chosen))]),
        Facet("kind", "Kind", _summed(by_kind, "kind", column)),
        Facet("key", "Fact under", _keys(run, wanted)),
        Facet("suggestor", "Suggestor", _summed(by_suggestor, "suggestor", column)),
    ]


def _summed(rows: Any, name: str, column: str) -> list[tuple[str, int]]:
    found: Counter[str] = Counter()
    for row in rows:
        found[row[name]] += row[column]
    return [(value, count) for value, count in found.most_common() if count]


def _keys(run: Run, wanted: EventFilter) -> list[tuple[str, int]]:
    named = {"suggestor": wanted.suggestor} if wanted.suggestor else {}
    counts = dict(run.facts.filter(**named, **cycles_between(wanted.cycle)).values_list("key").annotate(Count("id")).order_by())
    return [(str(key), counts[key]) for key in ContextKey if key in counts]
