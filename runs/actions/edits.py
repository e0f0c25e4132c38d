"""Edits: what a person may put in the place of a proposal's payload, and what is wrong with the rest."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from runs.engine import Payload, Proposal
from runs.engine.convergence import STANDARD
from runs.engine.merge import refusal
from runs.engine.wire import NotCanonical, canonical
from runs.models import Gate
from runs.suggestors.forms import PayloadForm
from runs.suggestors.problems import Problem
from runs.suggestors.shape import fitted
from runs.suggestors.storable import faults_of

#: Characters of an edit or an answer as JSON, at most.
LONGEST = 200_000
_FIELDS = ("family", "version", "payload")


def edit_of(gate: Gate, value: Any) -> Payload:
    """The payload that `value` gives: `{"family", "version", "payload"}`, the first two being the proposal's where they are missing.

    Raises `EditInvalid` with everything that is wrong with it.
    """
    before = _standing(gate)
    problems = list(_faults(value, before)) or list(faults_of(value))
    if problems:
        raise EditInvalid([(below("edit", path), message) for path, message in problems])
    edit = Payload.of(before.family, value["payload"], before.version)
    _check_content(gate, edit)
    if edit.same_content(before):
        raise EditInvalid([("edit.payload", "it says what stands there already; approve instead")])
    return edit


def below(name: str, path: str) -> str:
    """A path that begins at the field of that name."""
    return f"{name}.{path}" if path and path[0] != "[" else f"{name}{path}"


def check_size(name: str, value: Any) -> None:
    """Raise `EditInvalid` for what no journal should hold."""
    try:
        length = len(canonical(value))
    except NotCanonical as error:
        raise EditInvalid([(name, f"cannot be stored: {error}")]) from error
    if length > LONGEST:
        raise EditInvalid([(name, f"has {length} characters; the most is {LONGEST}")])


def _standing(gate: Gate) -> Payload:
    """What is voted on now."""
    return Payload.from_json(gate.edit_value or json.loads(gate.proposal)["payload"])


def _faults(value: Any, before: Payload) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield "", "expected an object with the field payload"
        return
    for name in value:
        if name not in _FIELDS:
            yield str(name), f"unknown field; allowed: {', '.join(_FIELDS)}"
    if "payload" not in value:
        yield "payload", "is missing"
    if value.get("family", before.family) != before.family:
        yield "family", f"must stay {before.family}: an edit keeps key, id and family"
    if type(version := value.get("version", before.version)) is not int or version != before.version:
        yield "version", f"must stay {before.version}"


def _check_content(gate: Gate, edit: Payload) -> None:
    """What the family refuses: by its form, each fault with its path, and by the engine's own check."""
    check_size("edit.payload", edit.value)
    problems: list[Problem] = []
    form = PayloadForm.form_of(edit.family, edit.version)
    if form is not None:
        fitted(edit.value, form, "edit.payload", problems)
    if problems:
        raise EditInvalid(problems)
    proposal = msgspec.structs.replace(Proposal.from_json(json.loads(gate.proposal)), payload=edit)
    refused = refusal(STANDARD, proposal)
    if refused is not None:
        check, reason = refused
        raise EditInvalid([("edit.payload.text" if check == "content_not_empty" else "edit.payload", reason)])


class EditInvalid(ValueError):
    """`errors` are all its problems as (path, message)."""

    def __init__(self, errors: list[Problem]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{path}: {message}" for path, message in errors))
