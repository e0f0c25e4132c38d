"""The cycle strip: what each cycle promoted and rejected, where effects ran and gates opened; long runs are bucketed, never cut."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count

from runs.models import Run

COLUMNS = 160
Row = tuple[int, int | None, int | None]


@dataclass(frozen=True)
class Column:
    """One cycle, or several neighbouring ones where a run has more than fit."""

    first: int
    last: int
    promoted: int
    rejected: int
    effects: int
    gates: int
    errors: int

    @property
    def is_idle(self) -> bool:
        """Whether nothing came of it."""
        return not (self.promoted or self.rejected or self.effects or self.gates or self.errors)


def cycle_strip(run: Run) -> list[Column]:
    """The columns of a run, first cycle first."""
    rows = list(run.cycle_rows.order_by("number").values_list("number", "facts_added", "rejected"))
    extras = [_per_cycle(run.effects), _per_cycle(run.gates), _per_cycle(run.activity.exclude(error=None))]
    return [_column(chunk, extras) for chunk in _chunks(rows, max(1, -(-len(rows) // COLUMNS)))]


def _chunks(rows: list[Row], size: int) -> Iterator[list[Row]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _per_cycle(rows) -> Counter[int]:  # type: ignore[no-untyped-def]
    return Counter(dict(rows.values_list("cycle").annotate(Count("id")).order_by()))


def _column(chunk: list[Row], extras: Iterable[Counter[int]]) -> Column:
    numbers = [number for number, _, _ in chunk]
    effects, gates, errors = (sum(extra[number] for number in numbers) for extra in extras)
    promoted = sum(added or 0 for _, added, _ in chunk)
    rejected = sum(refused or 0 for _, _, refused in chunk)
    return Column(numbers[0], numbers[-1], promoted, rejected, effects, gates, errors)
