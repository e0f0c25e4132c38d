"""A formation document as a person reads it: what each seat listens to and writes, in words."""

import json
from dataclasses import dataclass
from typing import Any

import msgspec

from runs.suggestors.registry import UnknownKind, kind_of
from runs.suggestors.seats import plain_entries


@dataclass(frozen=True)
class Seat:
    """One seat of a team."""

    number: int
    name: str
    kind: str
    enabled: bool
    listens: list[str]
    writes: list[str]
    settings: list[tuple[str, str]]


SHOWN_APART = {"dependencies", "accepts", "proposes"}


def seats_of(document: dict[str, Any]) -> list[Seat]:
    """The team in its order."""
    entries = [plain for entry in document.get("team") or [] for plain in plain_entries(entry)]
    return [_seat(number, seat) for number, seat in enumerate(entries, start=1)]


def _seat(number: int, seat: dict[str, Any]) -> Seat:
    kind = str(seat.get("kind", ""))
    given = seat.get("with") or {}
    listens, writes = keys_of_seat(kind, given, str(seat.get("name") or kind))
    proposes = given.get("proposes") or []
    return Seat(
        number,
        str(seat.get("name") or kind),
        kind,
        seat.get("enabled", True),
        list(given.get("dependencies") or listens),
        sorted({str(each.get("key")) for each in proposes}) or writes,
        [(name.replace("_", " "), _words(value)) for name, value in given.items() if name not in SHOWN_APART]
        + ([("proposes", f"{len(proposes)} fact{'s' * (len(proposes) != 1)}")] if proposes else []),
    )


def keys_of_seat(name: str, given: Any, seat: str) -> tuple[list[str], list[str]]:
    """The keys that wake a seat, else those that it looks at; and those under which it proposes. None of a kind that is not known here."""
    try:
        kind = kind_of(name)
        params = msgspec.convert(given, kind.params)
        wakes = kind.build(params, seat).dependencies or kind.reads(params)
    except (UnknownKind, ValueError):
        return [], []
    return [str(key) for key in wakes], [str(key) for key in kind.writes(params)]


def _words(value: Any) -> str:
    if isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
        return ", ".join(map(str, value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value).replace("_", " ")
