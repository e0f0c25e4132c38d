"""What no JSON text of ours may hold, wherever it stands: NaN, lone surrogates, integers beyond 64 bits and the like."""

import math
from collections.abc import Iterator
from typing import Any

from runs.suggestors.problems import Problem, field_at, item_at

DEEPEST = 64
_LARGEST, _SMALLEST = 2**64 - 1, -(2**63)

Place = tuple[Any, str | int] | None


class Doubled(dict[str, Any]):
    """An object in which names stood twice; the last value won."""

    def __init__(self, pairs: list[tuple[str, Any]], doubled: list[str]) -> None:
        super().__init__(pairs)
        self.doubled = doubled


def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object from its fields; it remembers the names that stood twice."""
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    names = [name for name, _ in pairs]
    return Doubled(pairs, [name for name in value if names.count(name) > 1])


def faults_of(value: Any) -> Iterator[Problem]:
    """Everything in `value` that could not be stored, in order."""
    left: list[tuple[Any, Place, int]] = [(value, None, 1)]
    while left:
        item, place, depth = left.pop()
        for name, message in _faults(item):
            yield _path(place if name is None else (place, name)), message
        if depth > DEEPEST and isinstance(item, dict | list):
            yield _path(place), f"nested deeper than {DEEPEST} levels"
        elif isinstance(item, dict):
            left.extend((inner, (place, name), depth + 1) for name, inner in reversed(item.items()))
        elif isinstance(item, list):
            left.extend((item[index], (place, index), depth + 1) for index in range(len(item) - 1, -1, -1))


def _faults(item: Any) -> Iterator[tuple[str | None, str]]:
    if isinstance(item, str):
        if fault := _text_fault(item):
            yield None, fault
    elif isinstance(item, dict):
        yield from ((name, f"the name of a field {fault}") for name in item if (fault := _text_fault(name)))
        yield from ((name, "stands twice in this object") for name in getattr(item, "doubled", ()))
    elif isinstance(item, float) and not math.isfinite(item):
        yield None, "must be a finite number"
    elif isinstance(item, int) and not _SMALLEST <= item <= _LARGEST:
        yield None, "does not fit in 64 bits"


def _text_fault(text: str) -> str | None:
    if "\0" in text:
        return "must not hold the character U+0000"
    if text.isascii():
        return None
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"holds a lone surrogate at character {error.start}"
    return None


def _path(place: Place) -> str:
    steps: list[str | int] = []
    while place is not None:
        place, step = place
        steps.append(step)
    path = ""
    for step in reversed(steps):
        path = item_at(path, step) if isinstance(step, int) else field_at(path, step)
    return path
