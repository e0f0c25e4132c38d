"""The cycle × suggestor grid: what every suggestor brought in every cycle, told a stretch of cycles at a time."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.db.models import Case, Count, F, IntegerField, Max, Sum, Value, When

from runs.models import Run
from runs.reading.team import Line, lines_of

#: The most cells of one answer; it ends at the border of a cycle.
MOST_CELLS = 20_000
#: What stands in a cell after its cycle and its line.
PARTS = ("proposed", "promoted", "rejected", "effects", "gates", "errors", "milliseconds")
_EFFECTS, _GATES, _MILLISECONDS = PARTS.index("effects"), PARTS.index("gates"), PARTS.index("milliseconds")
Cells = dict[tuple[int, int], list[int]]


class Grid(msgspec.Struct, frozen=True):
    """A stretch of the grid, for JSON.

    `lines` are told with the beginning only: the first is everybody together, then the seats in their order, each after
    the group that it stands in. A column is the cycle and the `PARTS` of all together; cells are flat: cycle, line and
    `PARTS` of each. Cells reach to the cycle `to`, columns to `last`.
    """

    head: int
    last: int
    to: int
    most: tuple[int, int]
    columns: list[tuple[int, ...]]
    cells: list[int]
    lines: list[Line] | None = None

    def as_json(self) -> str:
        """The stretch as JSON text."""
        return msgspec.json.encode(self).decode()


@dataclass
class Stretch:
    """The cycles after one, up to another."""

    run: Run
    after: int
    until: int | None = None
    cells: Cells = field(default_factory=lambda: defaultdict(lambda: [0] * len(PARTS)))

    def within(self, rows: Any, name: str = "cycle") -> Any:
        """Those rows of the run that stand in the stretch."""
        rows = rows.filter(**{f"{name}__gt": self.after})
        return rows if self.until is None else rows.filter(**{f"{name}__lte": self.until})


def grid_of(run: Run, *, after: int = -1, until: int | None = None, cells: bool = True) -> Grid:
    """The grid of a run after a cycle: all columns from there on, and as many cells as one answer holds."""
    lines, columns = lines_of(run.version), _columns(run, after)
    last = columns[-1][0] if columns else after
    found, border = _cells(Stretch(run, after, until), lines) if cells else ([], after)
    to = border if border is not None else last if until is None else until
    return Grid(run.head, last, to, _most(run, after), columns, found, lines if after < 0 else None)


def _columns(run: Run, after: int) -> list[tuple[int, ...]]:
    """Every cycle after one, with what came of it in all."""
    stretch = Stretch(run, after)
    effects = dict(_counted(stretch.within(run.effects)))
    gates = dict(_counted(stretch.within(run.gates)))
    errors = dict(_counted(stretch.within(run.activity).exclude(error=None)))
    proposed = dict(stretch.within(run.activity).values_list("cycle").annotate(Sum("proposed")).order_by())
    rows = stretch.within(run.cycle_rows, "number").order_by("number").values_list("number", "facts_added", "rejected", "duration_us")
    marks = (effects, gates, errors)
    return [
        (cycle, proposed.get(cycle) or 0, added or 0, refused or 0, *(each.get(cycle, 0) for each in marks), (us or 0) // 1000)
        for cycle, added, refused, us in rows
    ]


def _counted(rows: Any) -> Any:
    return rows.values_list("cycle").annotate(Count("id")).order_by()


def _most(run: Run, after: int) -> tuple[int, int]:
    """The longest bar of all together, and of one suggestor, after a cycle: every line of a kind is drawn on one scale."""
    every = run.cycle_rows.filter(number__gt=after).aggregate(most=Max(F("facts_added") + F("rejected")))["most"]
    one = run.activity.filter(cycle__gt=after).aggregate(most=Max(_or_zero("promoted") + _or_zero("rejected")))["most"]
    return every or 0, one or 0


def _or_zero(name: str) -> Any:
    return Case(When(**{name: None}, then=Value(0)), default=F(name), output_field=IntegerField())


def _cells(stretch: Stretch, lines: list[Line]) -> tuple[list[int], int | None]:
    """Cells in the order of cycles; and the last cycle that is told, where not all fit."""
    places = {line.name: number for number, line in enumerate(lines) if number and not line.size}
    border = _spoken(stretch, places)
    _marks(stretch, places)
    _sum_groups(stretch.cells, lines)
    return [part for place, parts in sorted(stretch.cells.items()) for part in (*place, *parts)], border


def _spoken(stretch: Stretch, places: dict[str, int]) -> int | None:
    """Fill in what the suggestors said; ends the stretch at the border of a cycle when that is too much."""
    failed = Case(When(error=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = stretch.within(stretch.run.activity).order_by("cycle", "suggestor")
    found = list(rows.values_list("cycle", "suggestor", "proposed", "promoted", "rejected", failed)[: MOST_CELLS + 1])
    border = found[-1][0] - 1 if len(found) > MOST_CELLS else None
    if border is not None:
        stretch.until = border
    for cycle, suggestor, proposed, promoted, rejected, error in found:
        if suggestor in places and (border is None or cycle <= border):
            stretch.cells[cycle, places[suggestor]][:] = [proposed or 0, promoted or 0, rejected or 0, 0, 0, error, 0]
    return border


def _marks(stretch: Stretch, places: dict[str, int]) -> None:
    """Fill in the effects, how long they took, and the gates."""
    effects, gates = (rows.values_list("cycle", "suggestor") for rows in (stretch.run.effects, stretch.run.gates))
    counts = {
        _EFFECTS: effects.annotate(Count("id")),
        _GATES: gates.annotate(Count("id")),
        _MILLISECONDS: effects.annotate(Sum("latency_ms")),
    }
    for part, rows in counts.items():
        for cycle, suggestor, value in stretch.within(rows).order_by():
            if suggestor in places:
                stretch.cells[cycle, places[suggestor]][part] = value or 0


def _sum_groups(cells: Cells, lines: list[Line]) -> None:
    """A group's line is the sum of its seats."""
    for (cycle, line), parts in list(cells.items()):
        group = lines[line].group
        if group is not None:
            total = cells[cycle, group]
            total[:] = [one + other for one, other in zip(total, parts, strict=True)]
