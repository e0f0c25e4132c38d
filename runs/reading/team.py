"""The lines of the grid: the seats of a team in their order, neighbours of one sort gathered in groups."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

import msgspec

from runs.models import FormationVersion
from runs.reading.words import spoken
from runs.suggestors.registry import UnknownKind, kind_of
from runs.suggestors.seats import plain_entries

#: Fewer neighbours than this make no group.
FEWEST = 3


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the grid: everybody, a group (`size` seats follow), or a seat; `group` is the place of a seat's group."""

    name: str
    kind: str = ""
    group: int | None = None
    size: int = 0


class _Seat(msgspec.Struct):
    kind: str
    name: str = ""
    enabled: bool = True

    @property
    def called(self) -> str:
        return self.name or self.kind


def lines_of(version: FormationVersion) -> list[Line]:
    """The lines of a version's runs."""
    return list(_lines(version.document))


@lru_cache(maxsize=32)
def _lines(document: str) -> tuple[Line, ...]:
    lines = [Line("everybody")]
    for (label, _), together in groupby(_labelled(document), key=lambda labelled: labelled[0]):
        lines += _group(label, [seat for _, seat in together], len(lines))
    return tuple(lines)


def _labelled(document: str) -> Iterator[tuple[tuple[str, int], _Seat]]:
    """Every seat that takes part, with what it has in common with its neighbours; the members of one ready team stand together."""
    for place, entry in enumerate(msgspec.json.decode(document).get("team", [])):
        team = entry.get("team", "")
        for seat in msgspec.convert(plain_entries(entry), list[_Seat]):
            if seat.enabled:
                yield ((spoken(team), place) if team else (_sort(seat), -1)), seat


def _group(label: str, seats: list[_Seat], place: int) -> Iterator[Line]:
    grouped = bool(label) and len(seats) >= FEWEST
    if grouped:
        yield Line(label, size=len(seats))
    for seat in seats:
        yield Line(seat.called, seat.kind, place if grouped else None)


def _sort(seat: _Seat) -> str:
    """What a seat has in common with its like: the family of its kind, or the name up to its number."""
    return _family(seat.kind) or _stem(seat.called)


def _stem(name: str) -> str:
    stem, *rest = re.split(r"[\s:_-]*\d+", name, maxsplit=1)
    after = re.sub(r"^[\s:_-]+", "", rest[0]) if rest else ""
    return f"{stem} {after.replace('-', ' ')}".strip() if rest else name.split("-")[0]


@lru_cache(maxsize=256)
def _family(kind: str) -> str:
    """The room of the catalogue in which a kind stands, where it has one: skeptics, simulators, planning."""
    try:
        rooms = kind_of(kind).params.__module__.split(".")
    except UnknownKind:
        return ""
    return rooms[2] if len(rooms) > 3 and rooms[2] != "huddle" else ""
