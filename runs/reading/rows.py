"""Runs as rows: each with what its table shows beside the run itself, for a whole page in a few questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Max
from django.db.models.functions import Greatest

from runs.models import Cycle, Effect, Gate, Run, Verdict, Verification

#: The bars of a small drawing; longer runs are drawn by stretches of cycles, each as high as its highest.
BARS = 30


@dataclass
class RunRow:
    """A run with its effects, the facts of its cycles, the gates that wait, and what verifying it came to."""

    run: Run
    effects: int = 0
    bars: list[int] = field(default_factory=list)
    waiting: int = 0
    verdict: str = ""

    @property
    def most(self) -> int:
        """The most facts of one cycle."""
        return max(self.bars, default=0)


def rows_of(runs: Sequence[Run]) -> list[RunRow]:
    """The rows of the runs, in their order."""
    rows = {run.pk: RunRow(run) for run in runs}
    for run, count in _counted(Effect.objects.filter(run__in=rows)):
        rows[run].effects = count
    for run, count in _counted(Gate.objects.pending().filter(run__in=rows)):
        rows[run].waiting = count
    said = Verification.objects.filter(run__in=rows, verdict__in=(Verdict.VERIFIED, Verdict.DIVERGED)).order_by("id")
    for run, verdict in said.values_list("run", "verdict"):
        rows[run].verdict = verdict
    _draw(rows)
    return list(rows.values())


def most_of(rows: Sequence[RunRow]) -> int:
    """The scale that all bars of a column are drawn on."""
    return max((row.most for row in rows), default=0)


def _counted(rows: Any) -> Any:
    return rows.order_by().values_list("run").annotate(Count("id"))


def _draw(rows: dict[int, RunRow]) -> None:
    cycles = Cycle.objects.filter(run__in=rows, number__gte=1, facts_added__isnull=False).order_by()
    place = (F("number") - 1) * BARS / Greatest(F("run__cycle"), F("run__cycles"), BARS)
    for run, at, most in cycles.annotate(place=place).values_list("run", "place").annotate(most=Max("facts_added")):
        bars = rows[run].bars
        bars.extend([0] * (at + 1 - len(bars)))
        bars[at] = most
