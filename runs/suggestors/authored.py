"""A document while it is written: its text in JSON or YAML, and the value that it stands for, valid or not."""

import json
from collections.abc import Iterable
from typing import Any

from runs.suggestors.document import SCHEMA
from runs.suggestors.operations import Operation, applied
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.storable import faults_of
from runs.suggestors.text import Format, parse
from runs.suggestors.yaml_text import dump_yaml

EMPTY: dict[str, Any] = {"schema": SCHEMA, "label": "A new formation", "description": "", "team": [], "seeds": []}


def format_of(text: str) -> Format:
    """In which notation a text is."""
    return "json" if text.lstrip()[:1] in ("{", "[") else "yaml"


def value_of(text: str) -> dict[str, Any]:
    """The object that a text stands for, however wrong; raises `DocumentInvalid` if it is none, or could not be written back."""
    value = parse(text)
    if not isinstance(value, dict):
        raise DocumentInvalid([("", "a formation is an object with label, team, seeds …")])
    if faults := list(faults_of(value)):
        raise DocumentInvalid(faults)
    return value


def text_of(value: Any, form: Format) -> str:
    """The text of a value; read again, it is the same value."""
    return dump_yaml(value) if form == "yaml" else json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def text_after(text: str, operations: Iterable[Operation], *, form: Format | None = None) -> str:
    """The text after operations, in its own notation unless told otherwise; raises `DocumentInvalid` and `Refused`."""
    return text_of(applied(value_of(text), operations), form or format_of(text))
