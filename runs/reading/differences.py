"""What was changed from one text to another, line by line and, within a changed line, word by word."""

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_WORDS = re.compile(r"\s+|[^\s]+")
SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True)
class Piece:
    """A stretch that stayed, went or came."""

    kind: str
    text: str


def difference(before: Any, after: Any) -> list[Piece]:
    """The pieces of both payloads in reading order; texts by words, everything else by the lines of its JSON."""
    if _is_text(before) and _is_text(after):
        return list(_pieces(_WORDS.findall(before["text"]), _WORDS.findall(after["text"])))
    return list(_pieces(_lines(before), _lines(after)))


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and list(value) == ["text"] and isinstance(value["text"], str)


def _lines(value: Any) -> list[str]:
    return json.dumps(value, indent=2, ensure_ascii=False).splitlines(keepends=True)


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    for kind, i, j, k, m in _stretches(before, after):
        if kind == SAME:
            yield Piece(SAME, "".join(before[i:j]))
            continue
        if i < j:
            yield Piece(GONE, "".join(before[i:j]))
        if k < m:
            yield Piece(NEW, "".join(after[k:m]))


def _stretches(before: list[str], after: list[str]) -> list[list[Any]]:
    """What stayed and what changed; changes with nothing but blanks between them are one."""
    found: list[list[Any]] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        kind = SAME if tag == "equal" else NEW
        if kind == NEW and len(found) > 1 and found[-2][0] == NEW and not "".join(before[found[-1][1] : i]).strip():
            found.pop()
            found[-1][2], found[-1][4] = j, m
        else:
            found.append([kind, i, j, k, m])
    return found
