"""Runs as lists and heads: what the run list, the run page and their live updates show."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils import timezone

from runs.models import Actor
from runs.models import Run as Run  # what the pages are about
from runs.reading.rows import RunRow
from runs.reading.wanted import RunFilter
from runs.reading.words import stop_reason

PAGE = 50


@dataclass(frozen=True)
class RunPage:
    """A page of runs, newest first, and the id after which the next page begins."""

    runs: list[Run]
    older: int | None


@dataclass(frozen=True)
class Meter:
    """Something that is spent: how much, and of how much where it is limited."""

    name: str
    spent: float
    limit: float | None
    unit: str = ""

    @property
    def is_tight(self) -> bool:
        """Whether less than a tenth is left."""
        return bool(self.limit) and self.spent >= 0.9 * (self.limit or 0)


def runs_of(by: Actor, wanted: RunFilter | None = None, *, before: int | None = None, limit: int = PAGE) -> RunPage:
    """The runs of the actor's tenant, filtered, a page at a time."""
    runs = runs_without_documents(by, before=before)
    found = list((wanted.narrow(runs) if wanted else runs)[: limit + 1])
    return RunPage(found[:limit], found[limit - 1].pk if len(found) > limit else None)


def newer_than(by: Actor, newest: int, wanted: RunFilter) -> int:
    """How many wanted runs came after that one; a page at most is told."""
    return len(wanted.narrow(Run.objects.of(by).filter(pk__gt=newest)).order_by("id").values_list("pk")[:PAGE])


def runs_without_documents(by: Actor, *, before: int | None = None) -> Any:
    """The runs of the actor's tenant, newest first, without the formation documents: lists never show them, and they are large."""
    return Run.objects.of(by).listed(before=before).defer("version__document")


def every_run_of(by: Actor) -> Iterator[Run]:
    """All runs of the actor's tenant, oldest first."""
    return Run.objects.of(by).order_by("id").iterator(chunk_size=PAGE)


def run_of(by: Actor, uuid: UUID | str) -> Run:
    """One run of the actor's tenant; raises `DoesNotExist` for what is not there or not theirs."""
    return Run.objects.of(by).select_related("version__formation", "tenant").get(uuid=uuid)


def runs_by_uuid(by: Actor, uuids: list[str]) -> QuerySet[Run]:
    """Those of the given runs that are the actor's, newest first."""
    found: QuerySet[Run] = runs_without_documents(by).filter(uuid__in=uuids)
    return found


def told(rows: list[RunRow]) -> list[dict[str, Any]]:
    """Rows of runs for spreadsheets and programs."""
    return [_told(row) for row in rows]


def _told(row: RunRow) -> dict[str, Any]:
    run = row.run
    when = {name: moment and moment.isoformat() for name, moment in _moments(run)}
    counted = {
        "cycles": run.cycles or run.cycle,
        "facts": run.fact_count,
        "effects": row.effects,
        "cost_microdollars": run.cost_microdollars,
    }
    named = {"uuid": str(run.uuid), "label": run.label, "formation": run.version.formation.slug, "version": run.version.number}
    return named | {"status": run.status, "stopped": stop_reason(run.stop_reason)} | when | counted | {"verification": row.verdict}


def _moments(run: Run) -> list[tuple[str, Any]]:
    return [(name, getattr(run, name)) for name in ("created_at", "started_at", "finished_at")]


class RunHead:
    """What stands above the tabs of a run: where it is, what it spent, what it waits for."""

    def __init__(self, run: Run, *, now: datetime | None = None) -> None:
        self.run = run
        self.now = now or timezone.now()

    @cached_property
    def budget(self) -> dict[str, Any]:
        """The budget as the formation document states it."""
        return json.loads(self.run.version.document).get("budget") or {}

    @cached_property
    def at_work(self) -> int:
        """How many suggestors the current cycle found eligible."""
        return self.run.cycle_rows.filter(number=self.run.cycle).values_list("eligible", flat=True).first() or 0

    @cached_property
    def gates_open(self) -> int:
        """How many decisions the run waits for."""
        return self.run.gates.pending().count()

    @cached_property
    def seconds(self) -> float:
        """Engine time as spent so far, with the latency of the effects."""
        latency = self.run.effects.aggregate(total=Sum("latency_ms"))["total"] or 0
        return self.run.engine_us / 1_000_000 + latency / 1000

    @cached_property
    def lasted(self) -> float | None:
        """Seconds by the clock on the wall, from start to end or until now."""
        if self.run.started_at is None:
            return None
        return ((self.run.finished_at or self.now) - self.run.started_at).total_seconds()

    @cached_property
    def meters(self) -> list[Meter]:
        """Cycles and facts always; tokens, time and cost where they are limited or were spent."""
        run, budget = self.run, self.budget
        always = [Meter("cycles", run.cycles or run.cycle, run.max_cycles), Meter("facts", run.fact_count, run.max_facts)]
        others = [
            Meter("tokens", run.tokens, budget.get("max_tokens")),
            Meter("time", self.seconds, budget.get("max_seconds"), "seconds"),
            Meter("cost", run.cost_microdollars, budget.get("max_cost_microdollars"), "dollars"),
        ]
        return always + [meter for meter in others if meter.limit is not None or (meter.spent and meter.unit != "seconds")]

    @cached_property
    def benched(self) -> list[str]:
        """The suggestors that failed three times and are not considered any more."""
        failed = self.run.activity.exclude(error=None).values_list("suggestor", flat=True)
        names = list(failed)
        return sorted({name for name in names if names.count(name) >= 3})
