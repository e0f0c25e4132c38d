"""What changed from one document to another, as an author would say it: a seat moved, a parameter changed, a seed added."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from runs.suggestors.operations import Step, path_of

Sort = Literal["added", "removed", "moved", "changed"]
Document = Mapping[str, Any]


class Change(msgspec.Struct, frozen=True):
    """One change: where, and how it was and is; both in words, empty for what was not or is no more."""

    sort: Sort
    what: str
    before: str = ""
    after: str = ""


def changes_between(old: Document, new: Document) -> list[Change]:
    """Everything that differs; nothing when the two say the same."""
    found = [*_members(old, new), *_list("seat", _seats(old), _seats(new)), *_list("seed", _seeds(old), _seeds(new))]
    return [*found, *_list("criterion", _named(old, "criteria"), _named(new, "criteria"))]


def _members(old: Document, new: Document) -> Iterator[Change]:
    lists = {"team", "seeds", "criteria"}
    for name in dict.fromkeys([*old, *new]):
        if name not in lists:
            yield from _deep(old.get(name), new.get(name), [name])


def _seats(document: Document) -> dict[str, Any]:
    return _unique((str(entry.get("name") or entry.get("kind") or entry.get("team")), entry) for entry in _items(document, "team"))


def _seeds(document: Document) -> dict[str, Any]:
    return _unique((f"{entry.get('key')}/{entry.get('id')}", entry) for entry in _items(document, "seeds"))


def _named(document: Document, name: str) -> dict[str, Any]:
    return _unique((str(entry.get("id")), entry) for entry in _items(document, name))


def _items(document: Document, name: str) -> list[dict[str, Any]]:
    items = document.get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _unique(named: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, item in named:
        number = 1
        while (called := name if number == 1 else f"{name} ({number})") in found:
            number += 1
        found[called] = item
    return found


def _list(what: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    """Items that came, went, changed inside, or stand elsewhere among those that stayed."""
    for name in old:
        if name not in new:
            yield Change("removed", f"{what} {name}", _words(old[name]))
    stayed = [name for name in old if name in new]
    order = [name for name in new if name in old]
    moved = _moved(stayed, order)
    for place, name in enumerate(new, start=1):
        if name not in old:
            yield Change("added", f"{what} {name}", after=_words(new[name]))
            continue
        if name in moved:
            yield Change("moved", f"{what} {name}", f"place {list(old).index(name) + 1}", f"place {place}")
        yield from _deep(old[name], new[name], [f"{what} {name}"])


def _moved(before: list[str], after: list[str]) -> set[str]:
    """The fewest items, nearly, whose moving explains the new order."""
    moved: set[str] = set()
    rest = list(before)
    for place, name in enumerate(after):
        if place < len(rest) and rest[place] == name:
            continue
        ahead = rest[place]
        here, there = rest.index(name), after.index(ahead)
        mover = name if here - place >= there - place else ahead
        moved.add(mover)
        rest.remove(mover)
        rest.insert(after.index(mover) if mover == ahead else place, mover)
    return moved


def _deep(old: Any, new: Any, at: list[Step]) -> Iterator[Change]:
    """What differs inside a value, at the smallest place that says it."""
    if _same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys([*old, *new]):
            yield from _deep(old.get(name), new.get(name), [*at, name])
        return
    sort: Sort = "added" if old is None else "removed" if new is None else "changed"
    yield Change(sort, _place(at), "" if old is None else _words(old), "" if new is None else _words(new))


def _same(old: Any, new: Any) -> bool:
    return json.dumps(old, sort_keys=False) == json.dumps(new, sort_keys=False)


def _place(at: list[Step]) -> str:
    first, rest = str(at[0]), [step for step in at[1:] if step != "with"]
    return f"{first}: {path_of(rest)}" if rest else first


def _words(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
