"""A tenant at a glance: what goes on, what waits, what ended today, what should worry somebody."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Count
from django.utils import timezone

from runs.models import Actor, Cycle, Formation, Run, RunStatus
from runs.reading.alarms import ALARMS, alarmed, in_alarm
from runs.reading.wanted import today
from runs.reading.words import STATUSES

#: Runs that are drawn, cycles of each, and runs that the use of formations is judged by.
MOST_STRIPS, LANES, LATEST = 12, 48, 500
MOST_COUNTED = 1_000
BUSIEST = 8
MOST_ALARMS = 8


@dataclass(frozen=True)
class Lane:
    """What one cycle brought."""

    number: int
    promoted: int
    rejected: int


@dataclass
class Strip:
    """A run that goes on, with the last of its cycles."""

    run: Run
    lanes: list[Lane] = field(default_factory=list)


@dataclass(frozen=True)
class Use:
    """A formation among the latest runs of the tenant: how many are its, and how many of those came through."""

    formation: Formation
    runs: int
    ended: int
    converged: int


@dataclass(frozen=True)
class Alarm:
    """A run that should worry somebody, and why."""

    name: str
    run: Run


class Overview:
    """The overview of the actor's tenant."""

    def __init__(self, by: Actor, now: datetime | None = None) -> None:
        self.by = by
        self.now = now or timezone.now()

    @cached_property
    def running(self) -> int:
        """How many runs are under way; not counted beyond `MOST_COUNTED`."""
        return self._count(status=RunStatus.RUNNING)

    @cached_property
    def queued(self) -> int:
        """How many wait for a worker."""
        return self._count(status=RunStatus.QUEUED)

    @cached_property
    def ended(self) -> list[tuple[str, int]]:
        """How the runs that finished today ended, status and number, in the order of the statuses."""
        rows = Run.objects.of(self.by).filter(finished_at__gte=today(self.now)).order_by().values_list("status")
        counts = dict(rows.annotate(Count("id")))
        return [(name, counts[name]) for name in STATUSES if name in counts]

    @cached_property
    def ended_in_all(self) -> int:
        """How many finished today."""
        return sum(count for _, count in self.ended)

    @cached_property
    def strips(self) -> list[Strip]:
        """The runs under way, newest first, with what their last cycles brought."""
        runs = Run.objects.of(self.by).listed().defer("version__document").filter(status=RunStatus.RUNNING)
        strips = {run.pk: Strip(run) for run in runs[:MOST_STRIPS]}
        for pk, strip in strips.items():
            cycles = Cycle.objects.filter(run=pk, number__gt=max(0, strip.run.cycle - LANES)).order_by("number")
            rows = cycles.values_list("number", "facts_added", "rejected")[:LANES]
            strip.lanes = [Lane(number, added or 0, refused or 0) for number, added, refused in rows]
        return list(strips.values())

    @cached_property
    def highest(self) -> int:
        """The longest bar of all strips: they share one scale."""
        return max((max(lane.promoted, lane.rejected) for strip in self.strips for lane in strip.lanes), default=0)

    @cached_property
    def alarms(self) -> list[Alarm]:
        """What should worry somebody, the gravest first."""
        return [Alarm(name, run) for name in reversed(ALARMS) for run in alarmed(self.by, name, self.now)[:MOST_ALARMS]]

    @cached_property
    def alarmed(self) -> int:
        """How many runs have an alarm; not counted beyond `MOST_COUNTED`."""
        return len(Run.objects.of(self.by).filter(in_alarm("any", self.now)).values_list("pk")[:MOST_COUNTED])

    @cached_property
    def busiest(self) -> list[Use]:
        """The formations with most of the latest runs."""
        latest = Run.objects.of(self.by).order_by("-id").values_list("version__formation", "status")[:LATEST]
        outcomes: dict[int, Counter[str]] = defaultdict(Counter)
        for formation, status in latest:
            outcomes[formation][status] += 1
        most = sorted(outcomes, key=lambda pk: -outcomes[pk].total())[:BUSIEST]
        found = Formation.objects.of(self.by).in_bulk(most)
        return [_use(found[pk], outcomes[pk]) for pk in most]

    @cached_property
    def is_new(self) -> bool:
        """Whether nothing has run yet."""
        return not Run.objects.of(self.by).exists()

    def _count(self, **fields: str) -> int:
        return len(Run.objects.of(self.by).filter(**fields).values_list("pk")[:MOST_COUNTED])


def _use(formation: Formation, outcomes: Counter[str]) -> Use:
    open_ones = (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.WAITING)
    return Use(formation, outcomes.total(), outcomes.total() - sum(outcomes[each] for each in open_ones), outcomes[RunStatus.CONVERGED])
