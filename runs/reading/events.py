"""A run's journal as the event list asks for it: newest first, filtered, a page at a time, bodies passed through as text."""

import re
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from runs.models import Envelope, Run

LIMIT = 200
CYCLES = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")


@dataclass(frozen=True)
class EventFilter:
    """What the reader wants to see; nothing set means everything."""

    kind: str = ""
    suggestor: str = ""
    cycle: str = ""
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
    def conditions(self) -> dict[str, Any]:
        """The same for the database."""
        found: dict[str, Any] = {}
        if self.kind:
            found["kind"] = self.kind
        if self.suggestor:
            found["suggestor"] = self.suggestor
        if self.text:
            found["body__icontains"] = self.text
        return found | self._cycles()

    def _cycles(self) -> dict[str, int]:
        found = CYCLES.fullmatch(self.cycle)
        return {"cycle__gte": int(found[1]), "cycle__lte": int(found[2] or found[1])} if found else {}


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
    rows = Envelope.objects.filter(run=run, **wanted.conditions)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    bodies = list(rows.order_by("-seq").values_list("body", flat=True)[: limit + 1])
    return EventPage(bodies[:limit], len(bodies) > limit)


def suggestors_of(run: Run) -> list[str]:
    """Who did something in the run, by name."""
    return list(run.activity.order_by("suggestor").values_list("suggestor", flat=True).distinct())
