"""Forms made of what is to be said: the fields of a payload family, or of the schema of a question."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from runs.actions.edits import EditInvalid

#: Families whose edit has fields of its own, with those that may be changed; all others are edited as JSON.
FAMILIES: dict[str, tuple[str, ...]] = {
    "converge.text": ("text",),
    "converge.governance.vote": ("decision", "reason"),
    "converge.governance.disagreement": ("reason",),
    "converge.diagnostic": ("message",),
}
DECISIONS = ("yes", "no", "abstain")
PREFIX = "field-"


@dataclass(frozen=True)
class Field:
    """One field: `kind` is text, line, choice, number, check or json; the name of a lone field is empty."""

    name: str
    label: str
    kind: str
    value: Any = ""
    choices: tuple[Any, ...] = ()
    required: bool = True
    fixed: bool = False

    @property
    def posted(self) -> str:
        """Its name in the form."""
        return PREFIX + self.name

    @property
    def options(self) -> list[tuple[str, str]]:
        """What may be chosen: as it is posted, and in words."""
        return [(json.dumps(choice), choice if isinstance(choice, str) else json.dumps(choice)) for choice in self.choices]

    @property
    def chosen(self) -> str:
        """The option that stands."""
        return json.dumps(self.value) if self.value in self.choices else ""


def edit_fields(family: str, value: Any) -> list[Field]:
    """The fields in which a payload is edited, filled with how it stands."""
    if family not in FAMILIES or not isinstance(value, dict):
        return [Field("", "Payload as JSON", "json", json.dumps(value, indent=2, ensure_ascii=False))]
    return [_edit_field(name, given, family) for name, given in value.items()] + _absent(family, value)


def _edit_field(name: str, value: Any, family: str) -> Field:
    label, fixed = name.replace("_", " ").capitalize(), name not in FAMILIES[family]
    if name == "decision":
        return Field(name, label, "choice", value, DECISIONS)
    return Field(name, label, "text" if name in ("text", "message") else "line", value, fixed=fixed, required=name != "reason")


def _absent(family: str, value: Mapping[str, Any]) -> list[Field]:
    """A vote may have a reason that is not there yet."""
    return [Field("reason", "Reason", "line", "", required=False)] if "vote" in family and "reason" not in value else []


def answer_fields(schema: Any) -> list[Field]:
    """The fields in which a question is answered; without a schema, a text."""
    if not isinstance(schema, dict):
        return [Field("", "Your answer", "text")]
    if schema.get("type") == "object" and _is_flat(schema.get("properties")):
        needed = schema.get("required", [])
        return [replace(_field(name, part), required=name in needed) for name, part in schema["properties"].items()]
    return [_field("", schema)]


def _is_flat(properties: Any) -> bool:
    if not isinstance(properties, dict) or not properties:
        return False
    return all(isinstance(part, dict) and _kind(part) != "json" for part in properties.values())


def _kind(part: Mapping[str, Any]) -> str:
    if isinstance(part.get("enum"), list):
        return "choice"
    kinds = {"string": "line", "integer": "number", "number": "number", "boolean": "check"}
    return kinds.get(part.get("type", ""), "json") if isinstance(part.get("type", ""), str) else "json"


def _field(name: str, part: Mapping[str, Any]) -> Field:
    label = str(part.get("title") or (name.replace("_", " ").capitalize() if name else "Your answer"))
    kind = _kind(part)
    kind = "text" if kind == "line" and not name else kind
    return Field(name, label, kind, choices=tuple(part.get("enum", ())) if kind == "choice" else ())


def value_from(fields: list[Field], posted: Mapping[str, str], name: str) -> Any:
    """What was filled in: the value of the lone field, or an object; raises `EditInvalid` for what is no JSON or no number."""
    if len(fields) == 1 and not fields[0].name:
        return _value(fields[0], posted, name)
    return dict(_filled(fields, posted, name))


def _filled(fields: list[Field], posted: Mapping[str, str], name: str) -> Iterator[tuple[str, Any]]:
    for field in fields:
        said = posted.get(field.posted, "")
        if field.fixed:
            yield field.name, field.value
        elif field.required or field.kind == "check" or said.strip():
            yield field.name, _value(field, posted, f"{name}.{field.name}")


def _value(field: Field, posted: Mapping[str, str], path: str) -> Any:
    said = posted.get(field.posted, "").replace("\r\n", "\n")
    if field.kind == "check":
        return bool(said)
    if field.kind in ("text", "line"):
        return said
    try:
        return json.loads(said)
    except ValueError as error:
        words = {"number": "is no number", "choice": "nothing was chosen"}.get(field.kind, f"is no JSON: {error}")
        raise EditInvalid([(path, words)]) from error


def refilled(fields: list[Field], posted: Mapping[str, str]) -> list[Field]:
    """The fields with what was typed, so that nobody types it again."""
    return [field if field.fixed else replace(field, value=_typed(field, posted)) for field in fields]


def _typed(field: Field, posted: Mapping[str, str]) -> Any:
    said = posted.get(field.posted, "")
    if field.kind == "choice":
        return next((choice for choice in field.choices if json.dumps(choice) == said), "")
    return said
