"""What the builder's controls ask for, as operations on the document."""

import json
from collections.abc import Callable
from typing import Any

from django.http import QueryDict

from runs.suggestors.authored import value_of
from runs.suggestors.catalogue import entry_of
from runs.suggestors.form_fields import typed
from runs.suggestors.operations import Operation, Refused, Step, found_at, read_operations
from runs.suggestors.pasting import pasted
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.registry import UnknownKind, kind_of
from runs.suggestors.skeletons import params_begun


def operations_of(said: QueryDict, text: str) -> list[Operation]:
    """The operations of a control; raises `Refused` or `ValueError` for what no control would send."""
    do = said.get("do", "")
    if do in _ON_THE_WHOLE:
        return _ON_THE_WHOLE[do](said, value_of(text))
    if do not in _AT_A_PLACE:
        raise Refused("", f"'{do}' is nothing that can be done")
    at = read_operations([{"op": "set", "at": json.loads(said.get("at", "[]"))}])[0].at
    return _AT_A_PLACE[do](said, at, value_of(text))


def selection_after(said: QueryDict, text: str) -> str:
    """What is selected after a change: what was added, moved or copied, else what was."""
    selected, do = said.get("selected", ""), said.get("do")
    try:
        team = found_at(value_of(text), ["team"], [])
        at = json.loads(said.get("at") or "[]")
    except (DocumentInvalid, ValueError):
        return selected
    if do == "seat":
        return f"seat-{len(team) - 1}"
    if len(at) == 2 and at[0] == "team":
        if do == "move":
            return f"seat-{min(max(int(said.get('to', 0)), 0), len(team) - 1)}"
        if do == "copy":
            return f"seat-{at[1] + 1}"
    if do == "append" and at == ["seeds"]:
        return f"seed-{len(found_at(value_of(text), ['seeds'], [])) - 1}"
    return "seeds" if do == "remove" and len(at) == 2 and at[0] == "seeds" else selected


def _field(said: QueryDict, at: list[Step]) -> Operation:
    """What was typed; an optional field that was emptied is taken away."""
    sort, values = said.get("sort", "line"), said.getlist("value")
    emptied = not "".join(values).strip() and sort != "check"
    if emptied and not said.get("required"):
        return Operation("remove", at)
    return Operation("set", at, typed(sort, values))


def _append(at: list[Step], value: Any, document: Any) -> Operation:
    there = found_at(document, at, [])
    if not isinstance(there, list) or not there:
        return Operation("set", at, [value])
    return Operation("insert", [*at, len(there)], value)


def _copied(at: list[Step], document: Any) -> list[Operation]:
    """A copy behind the item, under a name or an id of its own."""
    item, index = found_at(document, at), at[-1]
    assert isinstance(index, int)
    siblings = found_at(document, at[:-1], [])
    name = "id" if isinstance(item, dict) and "id" in item else "name"
    if not isinstance(item, dict) or "team" in item:
        return [Operation("copy", at)]
    taken = {str(each.get(name) or each.get("kind")) for each in siblings if isinstance(each, dict)}
    return [Operation("copy", at), Operation("set", [*at[:-1], index + 1, name], _free(str(item.get(name) or item.get("kind")), taken))]


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(f"{name}-{number}" for number in range(2, len(taken) + 3) if f"{name}-{number}" not in taken)


def _seat(kind: str, document: Any) -> Operation:
    """A new seat at the end, with what its kind needs."""
    try:
        known = kind_of(kind)
    except UnknownKind as error:
        raise Refused("kind", str(error)) from error
    team = found_at(document, ["team"], [])
    taken = {str(each.get("name") or each.get("kind")) for each in team if isinstance(each, dict)}
    entry: dict[str, Any] = {"kind": entry_of(known).kind}
    if kind in taken:
        entry["name"] = _free(kind, taken)
    return _append(["team"], entry | {"with": params_begun(known)}, document)


def _paste(said: QueryDict, document: Any) -> list[Operation]:
    """The good lines of a table, behind the seeds that are there."""
    seeds = pasted(said.get("table", ""), provenance=said.get("provenance", "").strip() or "operator").seeds
    there = found_at(document, ["seeds"], [])
    return [Operation("set", ["seeds"], [*(there if isinstance(there, list) else []), *seeds])]


_ON_THE_WHOLE: dict[str, Callable[[QueryDict, Any], list[Operation]]] = {
    "operations": lambda said, _: read_operations(json.loads(said.get("operations", ""))),
    "seat": lambda said, document: [_seat(said.get("kind", ""), document)],
    "paste": _paste,
}
_AT_A_PLACE: dict[str, Callable[[QueryDict, list[Step], Any], list[Operation]]] = {
    "field": lambda said, at, _: [_field(said, at)],
    "put": lambda said, at, _: [Operation("set", at, json.loads(said.get("value", "null")))],
    "append": lambda said, at, document: [_append(at, json.loads(said.get("value", "null")), document)],
    "name": lambda said, at, _: [Operation("set", [*at, said.get("value", "").strip() or "new"], json.loads(said.get("new", "null")))],
    "move": lambda said, at, _: [Operation("move", at, to=int(said.get("to", "0")))],
    "remove": lambda _, at, __: [Operation("remove", at)],
    "copy": lambda _, at, document: _copied(at, document),
}
