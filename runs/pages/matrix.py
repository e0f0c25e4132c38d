"""Matrices as drawings: cells become paths, one for each sort of cell, so that a hundred columns cost no more than ten."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from runs.reading.agreement import Pair
from runs.reading.disagreements import Disagreements, Split
from runs.reading.topics import Topic

CODES = {"yes": "y", "no": "n", "abstain": "a"}
TALL = 24
#: Up to so many columns are named one by one.
NAMED = 44
#: Cells up to so wide touch each other; from so wide on they carry their number.
SMALL, NUMBERED = 6.5, 24


@dataclass(frozen=True)
class Strip:
    """One row: its paths by class of cell, and what each cell holds, a letter a column."""

    paths: list[tuple[str, str]]
    codes: str


@dataclass(frozen=True)
class Head:
    """What stands above the columns: names where they fit, and groups."""

    names: list[tuple[str, float]]
    groups: list[tuple[str, float, float]]
    tall: int


@dataclass(frozen=True)
class Matrix:
    """Columns of one width for all rows."""

    people: Sequence[str]
    wide: float
    prefix: str
    head: Head
    tall: int = TALL

    @property
    def width(self) -> float:
        """How wide a row is."""
        return round(self.wide * len(self.people), 1)


@dataclass(frozen=True)
class Triangle:
    """The lower triangle of the agreement of everybody with everybody, row by row."""

    size: float
    paths: list[tuple[str, str]]
    names: list[tuple[str, float, float]]
    numbers: list[tuple[int, float, float, int]]
    codes: list[str] = field(default_factory=list)

    wide: float = 0
    tall: float = 0


def matrix_of(people: Sequence[str], groups: Sequence[Sequence[str]] = (), room: int = 380, most: int = 28) -> Matrix:
    """Columns for those people, as wide as the room allows."""
    wide = max(5.0, min(float(most), room // len(people) if people else most))
    prefix = common_prefix(people)
    names = (
        [(name.removeprefix(prefix), round((place + 0.5) * wide, 1)) for place, name in enumerate(people)] if len(people) <= NAMED else []
    )
    longest = max((len(name) for name, _ in names), default=0)
    return Matrix(
        people, wide, prefix, Head(names, _spans(groups, wide), 18 + min(120, round(6.2 * longest)) if names else 18 if groups else 0)
    )


def _spans(groups: Sequence[Sequence[str]], wide: float) -> list[tuple[str, float, float]]:
    spans, begin = [], 0
    for number, members in enumerate(groups):
        spans.append((f"{chr(65 + number)} · {len(members)}", round(begin * wide, 1), round(len(members) * wide, 1)))
        begin += len(members)
    return spans


def common_prefix(names: Sequence[str]) -> str:
    """What all names begin with, up to a joint; nothing for fewer than three."""
    if len(names) < 3:
        return ""
    first, last = min(names), max(names)
    same = next((place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    joint = max((place + 1 for place, letter in enumerate(first[:same]) if letter in "-_:./ "), default=0)
    return first[:joint]


def strip_of(matrix: Matrix, sort: Callable[[str], str], codes: Callable[[str], str]) -> Strip:
    """A row, drawn by what sort of cell everybody has; no sort, no cell."""
    places: dict[str, list[int]] = {}
    for place, who in enumerate(matrix.people):
        for name in sort(who).split():
            places.setdefault(name, []).append(place)
    paths = [(name, _cells(found, matrix.wide, dot=name == "dot")) for name, found in sorted(places.items())]
    return Strip(paths, "".join(codes(who) for who in matrix.people))


def _cells(places: Sequence[int], wide: float, *, dot: bool) -> str:
    if dot:
        return "".join(f"M{place * wide + wide / 2 - 1:g} {TALL / 2 - 1:g}h2v2h-2z" for place in places)
    return "".join(_box(begin * wide, 1, count * wide - _gap(wide), TALL - 2) for begin, count in _runs(places, wide))


def _box(x: float, y: float, wide: float, tall: float) -> str:
    return f"M{x:g} {y:g}h{wide:g}v{tall:g}h{-wide:g}z"


def _gap(wide: float) -> float:
    return 1 if wide > SMALL else 0


def _runs(places: Sequence[int], wide: float) -> Iterable[tuple[int, int]]:
    """Neighbouring cells in one, where cells are too small for a gap between them."""
    begin = count = 0
    for place in places:
        if count and place == begin + count and wide <= SMALL:
            count += 1
            continue
        if count:
            yield begin, count
        begin, count = place, 1
    if count:
        yield begin, count


def code_of(decisions: Mapping[str, str], who: str) -> str:
    """A letter for what somebody said."""
    return CODES.get(str(decisions.get(who, "")), ".")


def vote_strip(matrix: Matrix, topic: Topic) -> Strip:
    """A topic by what everybody voted."""
    said = topic.decisions
    return strip_of(matrix, lambda who: str(said[who]) if who in said else "missing", lambda who: code_of(said, who))


def dissent_strip(matrix: Matrix, split: Split) -> Strip:
    """A topic by how alone its dissenters stand: a fifth of the votes against them, a step of the ramp; hatched, who said no."""

    def sort(who: str) -> str:
        if who not in split.dissenters:
            return "dot" if who in split.topic.decisions else ""
        against = split.dissenters[who]
        heat = "unmet" if against is None else f"heat-{min(5, 1 + against // 20)}"
        return f"{heat} over-no" if split.topic.decisions.get(who) == "no" else heat

    return strip_of(matrix, sort, lambda who: code_of(split.topic.decisions, who))


def triangle_of(found: Disagreements, room: int = 380) -> Triangle:
    """Everybody with everybody: a row for each of them, as far as the diagonal, where the name stands."""
    agreement, people = found.agreement, found.people
    size = max(4.0, min(28.0, room // len(people) if people else 28))
    prefix = common_prefix(people)
    paths: dict[str, list[str]] = defaultdict(list)
    codes, numbers = [], []
    for row in range(len(people)):
        pairs = agreement.pairs[row * (row - 1) // 2 : row * (row + 1) // 2]
        codes.append(" ".join(f"{pair.same}/{pair.common}" for pair in pairs))
        cells_of: dict[str, list[int]] = defaultdict(list)
        for column, pair in enumerate(pairs):
            cells_of[_sort(pair)].append(column)
        for sort, cells in cells_of.items():
            paths[sort] += (
                _box(begin * size, row * size, count * size - _gap(size), size - _gap(size)) for begin, count in _runs(cells, size)
            )
        if size >= NUMBERED:
            numbers += [_number(pair, row, column, size) for column, pair in enumerate(pairs) if pair.common]
    names = _names(people, prefix, size) or _group_names(agreement.groups, size)
    longest = max((len(name) for name, _, _ in names), default=0)
    return Triangle(
        size,
        [(sort, "".join(boxes)) for sort, boxes in sorted(paths.items())],
        names,
        numbers,
        codes,
        size * len(people) + round(6.4 * longest) + 6,
        size * len(people),
    )


def _names(people: Sequence[str], prefix: str, size: float) -> list[tuple[str, float, float]]:
    if len(people) > NAMED:
        return []
    return [(name.removeprefix(prefix), place * size + 3, round((place + 0.5) * size + 3.5, 1)) for place, name in enumerate(people)]


def _group_names(groups: Sequence[Sequence[str]], size: float) -> list[tuple[str, float, float]]:
    """Groups by their letter, at the middle of their stretch of the diagonal."""
    return [(name, round(begin + wide / 2 + 8, 1), round(begin + wide / 2, 1)) for name, begin, wide in _spans(groups, size)]


def _sort(pair: Pair) -> str:
    return f"heat-{pair.step}" if pair.step else "unmet"


def _number(pair: Pair, row: int, column: int, size: float) -> tuple[int, float, float, int]:
    return pair.per_cent or 0, (column + 0.5) * size, (row + 0.5) * size + 4, pair.step or 1
