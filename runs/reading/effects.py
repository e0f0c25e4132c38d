"""The effects ledger: what suggestors asked of the outside, beside what came back."""

import json
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum

from runs.engine.effects import HIDDEN, StateWrite, ToolCall
from runs.models import Effect, EffectPhase, Run
from runs.reading.cycles import cycles_between

PAGE = 100
#: Effects of these kinds may leave the outside world other than it was; asking a model or a person does not.
CHANGING = (ToolCall.__name__, StateWrite.__name__)
_DONE = (EffectPhase.RESOLVED, EffectPhase.IN_DOUBT)


@dataclass(frozen=True)
class Told:
    """One effect: what was asked and what came back, as values; hidden fields hold `•••`."""

    row: Effect
    asked: Any
    answer: Any

    @property
    def request(self) -> Any:
        """What was asked, without the name of who was asked."""
        found = [self.asked[name] for name in ("input", "payload", "value") if isinstance(self.asked, dict) and name in self.asked]
        return found[0] if found else self.asked

    @property
    def hides(self) -> bool:
        """Whether something in it may not be seen."""
        return self.row.sealed is not None or HIDDEN in self.row.input

    @property
    def changed(self) -> bool:
        """Whether it left, or may have left, the outside world other than it was."""
        return self.row.kind in CHANGING and self.row.phase in _DONE and not self.row.error


@dataclass(frozen=True)
class EffectFilter:
    """What the reader wants to see; nothing set means everything. `changed` is any text for yes."""

    cycle: str = ""
    suggestor: str = ""
    kind: str = ""
    phase: str = ""
    changed: str = ""

    @classmethod
    def of(cls, query: Any) -> "EffectFilter":
        """The filter in the query of an address."""
        return cls(**{field.name: str(query.get(field.name, "")).replace("\x00", "").strip() for field in fields(cls)})

    @property
    def as_query(self) -> str:
        """The filter as the query of an address."""
        return urlencode({field.name: value for field in fields(self) if (value := getattr(self, field.name))})

    def applied(self, rows: Any) -> Any:
        """Those rows that match."""
        named = {name: value for name in ("suggestor", "kind", "phase") if (value := getattr(self, name))}
        rows = rows.filter(**named, **cycles_between(self.cycle))
        return rows.filter(kind__in=CHANGING, phase__in=_DONE, error=None) if self.changed else rows


@dataclass(frozen=True)
class Ledger:
    """A page of effects, and what those that match came to in all."""

    effects: list[Told]
    later: int | None
    sums: dict[str, int]
    phases: list[tuple[str, int]]
    kinds: list[tuple[str, int]]
    changed: int


def ledger_of(run: Run, wanted: EffectFilter, *, after: int = 0) -> Ledger:
    """The effects of a run in the order in which they were asked for, a page at a time."""
    rows = wanted.applied(run.effects)
    found = list(rows.filter(requested_seq__gt=after).order_by("requested_seq")[: PAGE + 1])
    later = found[PAGE - 1].requested_seq if len(found) > PAGE else None
    return Ledger([told(row) for row in found[:PAGE]], later, _sums(rows), _counts(run, "phase"), _counts(run, "kind"), _changed(run))


def told(row: Effect) -> Told:
    """The effect with its texts decoded."""
    return Told(row, json.loads(row.input), None if row.output is None else json.loads(row.output))


def _sums(rows: Any) -> dict[str, int]:
    sums = rows.aggregate(
        count=Count("id"),
        failed=Count("id", filter=~Q(error=None)),
        tokens=Sum("tokens"),
        cost=Sum("cost_microdollars"),
        latency=Sum("latency_ms"),
    )
    return {name: value or 0 for name, value in sums.items()}


def _counts(run: Run, name: str) -> list[tuple[str, int]]:
    return list(run.effects.values_list(name).annotate(Count("id")).order_by(name))


def _changed(run: Run) -> int:
    return run.effects.filter(kind__in=CHANGING, phase__in=_DONE, error=None).count()
