"""The cycle strip as a drawing: where each bar, dot and diamond stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from runs.reading.strip import Column
from runs.reading.words import grouped, plural

TALL = 40.0
SHORTEST = 2.0


@dataclass(frozen=True)
class Cell:
    """One column, placed."""

    column: Column
    x: float
    step: float
    bar: float
    scale: float
    label: str

    @property
    def left(self) -> float:
        return self.x + (self.step - self.bar) / 2

    @property
    def right(self) -> float:
        return self.left + self.bar

    @property
    def middle(self) -> float:
        return self.x + self.step / 2

    @property
    def promoted(self) -> float:
        return _height(self.column.promoted, self.scale)

    @property
    def promoted_y(self) -> float:
        return round(TALL - self.promoted, 1)

    @property
    def rejected(self) -> float:
        return _height(self.column.rejected, self.scale)

    @property
    def rejected_y(self) -> float:
        return round(TALL - self.promoted - self.rejected, 1)

    @property
    def idle(self) -> bool:
        return self.column.is_idle

    @property
    def effects(self) -> int:
        return self.column.effects

    @property
    def gates(self) -> int:
        return self.column.gates

    @property
    def errors(self) -> int:
        return self.column.errors

    @property
    def query(self) -> str:
        """The cycles of the column as the event filter writes them."""
        first, last = self.column.first, self.column.last
        return str(first) if first == last else f"{first}-{last}"

    @property
    def says(self) -> str:
        """The column in words."""
        cycles = f"Cycle {self.query}" if "-" not in self.query else f"Cycles {self.query.replace('-', '–')}"
        parts = [f"{grouped(self.column.promoted)} promoted", f"{grouped(self.column.rejected)} rejected"]
        parts += [plural(self.effects, "effect")] if self.effects else []
        parts += [plural(self.gates, "gate")] if self.gates else []
        parts += [plural(self.errors, "failure")] if self.errors else []
        return f"{cycles}: {', '.join(parts)}"


@dataclass(frozen=True)
class Strip:
    """All columns of a run side by side, on one scale from zero."""

    cells: list[Cell]
    step: int
    bar: int
    rest: str
    height: int = 64
    base: float = TALL
    marks: float = TALL + 7
    labels: float = TALL + 22

    @property
    def width(self) -> int:
        return max(1, self.step * len(self.cells))


def strip(columns: Sequence[Column]) -> Strip:
    """Place the columns of a run."""
    step = 20 if len(columns) <= 60 else 12 if len(columns) <= 110 else 8
    bar = step - (8 if step == 20 else 4 if step == 12 else 2)
    most = max((column.promoted + column.rejected for column in columns), default=0)
    scale = TALL / most if most else 0
    every = _label_every(len(columns), step)
    cells = [
        Cell(column, float(index * step), step, bar, scale, str(column.first) if index % every == 0 else "")
        for index, column in enumerate(columns)
    ]
    return Strip(cells, step, bar, _rest(columns))


def _label_every(count: int, step: int) -> int:
    return 1 if step == 20 and count <= 30 else 5 if step == 20 else 10


def _height(number: int, scale: float) -> float:
    return round(max(number * scale, SHORTEST), 1) if number else 0.0


def _rest(columns: Sequence[Column]) -> str:
    promoted = sum(column.promoted for column in columns)
    rejected = sum(column.rejected for column in columns)
    busiest = max(columns, key=lambda column: column.promoted, default=None)
    peak = f"; most in cycle {busiest.first} ({grouped(busiest.promoted)})" if busiest and busiest.promoted and len(columns) > 1 else ""
    return f"{grouped(promoted)} promoted, {grouped(rejected)} rejected{peak}"
