"""Operations on a document: what an edit does, as JSON; applied without touching the value that they begin from.

They know nothing of what a document must be: whatever stands after them is judged like anything else that was typed.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from runs.suggestors.problems import DocumentInvalid, Problem, field_at, item_at

Step = str | int
_STEP = re.compile(r'\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d{1,9})\]|\[("(?:[^"\\]|\\.)*")\]')


class Operation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One edit at a place. `insert` puts `value` before the item that `at` names, `move` takes an item of a list `to` another index.

    `set` makes the objects on its way that are not there; `copy` puts a copy of an item behind it.
    """

    op: Literal["set", "remove", "insert", "move", "copy"]
    at: list[Step]
    value: Any = None
    to: int = 0


class Refused(ValueError):
    """The operation names no place of this document; `path` says which one it named."""

    def __init__(self, path: str, message: str) -> None:
        self.path = path
        super().__init__(f"{path}: {message}" if path else message)


def applied(value: Any, operations: Iterable[Operation]) -> Any:
    """The value after the operations, in their order; raises `Refused`, and then nothing was done."""
    for operation in operations:
        value = _at(value, operation, 0)
    return value


def read_operations(value: Any) -> list[Operation]:
    """Operations from JSON; raises `DocumentInvalid`."""
    try:
        return msgspec.convert(value, list[Operation])
    except msgspec.ValidationError as error:
        raise DocumentInvalid([("operations", str(error))]) from error


def path_of(steps: Sequence[Step]) -> str:
    """The steps as people read them: `team[2].with.rule`."""
    path = ""
    for step in steps:
        path = item_at(path, step) if isinstance(step, int) else field_at(path, step)
    return path


def steps_of(path: str) -> list[Step]:
    """The steps of a path; as far as it can be read."""
    return [int(index) if index else json.loads(quoted) if quoted else name for name, index, quoted in _STEP.findall(path)]


def found_at(value: Any, steps: Iterable[Step], default: Any = None) -> Any:
    """What stands at a place, or the default."""
    for step in steps:
        fits = (isinstance(value, dict) and step in value) or (isinstance(value, list) and isinstance(step, int) and step < len(value))
        if not fits:
            return default
        value = value[step]
    return value


def _at(value: Any, operation: Operation, depth: int) -> Any:
    """A copy of `value` in which the operation was done; only what lies on its way is copied."""
    steps = operation.at
    if depth == len(steps):
        if operation.op != "set":
            raise Refused(path_of(steps), f"a whole document cannot be the place of '{operation.op}'")
        return operation.value
    step, is_last = steps[depth], depth == len(steps) - 1
    if isinstance(value, list) and isinstance(step, int):
        return _in_list(list(value), operation, step, depth, is_last=is_last)
    if isinstance(value, dict) and isinstance(step, str):
        return _in_object(dict(value), operation, step, depth, is_last=is_last)
    raise Refused(path_of(steps[: depth + 1]), "there is no such place")


def _in_list(items: list[Any], operation: Operation, index: int, depth: int, *, is_last: bool) -> list[Any]:
    inserting = operation.op == "insert" and is_last
    if not 0 <= index < len(items) + inserting:
        raise Refused(path_of(operation.at[: depth + 1]), f"there are {len(items)} here")
    if not is_last or operation.op == "set":
        items[index] = _at(items[index], operation, depth + 1)
    elif inserting:
        items.insert(index, operation.value)
    elif operation.op == "copy":
        items.insert(index + 1, items[index])
    else:
        item = items.pop(index)
        if operation.op == "move":
            items.insert(min(max(operation.to, 0), len(items)), item)
    return items


def _in_object(members: dict[str, Any], operation: Operation, name: str, depth: int, *, is_last: bool) -> dict[str, Any]:
    if is_last and operation.op == "remove":
        members.pop(name, None)
    elif is_last and operation.op != "set":
        raise Refused(path_of(operation.at), f"'{operation.op}' needs an item of a list")
    else:
        missing: Any = None if is_last else [] if isinstance(operation.at[depth + 1], int) else {}
        inner = members.get(name)
        members[name] = _at(missing if inner is None else inner, operation, depth + 1)
    return members


def problem_of(refused: Refused) -> Problem:
    """The refusal as a problem of a document."""
    return refused.path, str(refused).removeprefix(f"{refused.path}: ")
