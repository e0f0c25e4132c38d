"""The catalogue as it is shown: every kind with what it reads, writes and takes, from its one declaration."""

from collections.abc import Callable
from typing import Any

import msgspec

from runs.engine import ContextKey
from runs.suggestors.forms import LARGEST
from runs.suggestors.registry import Kind, brought_by, kinds

_WORDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
    "array": "a list",
    "object": "an object",
}
_LIMITS = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most", "exclusiveMaximum": "less than"}


class Parameter(msgspec.Struct, frozen=True, omit_defaults=True):
    """One parameter of a kind; `default` is unset for one that must be given."""

    name: str
    type: str
    description: str
    required: bool = False
    default: Any = msgspec.UNSET


class Entry(msgspec.Struct, frozen=True):
    """One kind. `reads` and `writes` are null where they depend on parameters that must be given."""

    kind: str
    summary: str
    reads: list[ContextKey] | None
    writes: list[ContextKey] | None
    reaches_out: bool
    package: str | None
    missing: str | None
    parameters: list[Parameter]


def catalogue() -> list[Entry]:
    """Every kind, in alphabetical order."""
    return [entry_of(kind) for kind in kinds().values()]


def entry_of(kind: Kind[Any]) -> Entry:
    """A kind as it is shown."""
    usual = _usual(kind)
    keys = [_asked(ask, usual) for ask in (kind.reads, kind.writes)]
    reads, writes = (None if one is None else list(one) for one in keys)
    return Entry(
        kind.kind, kind.summary, reads, writes, kind.reaches_out, brought_by(kind.kind), _asked(kind.missing, usual), parameters(kind)
    )


def _usual(kind: Kind[Any]) -> Any:
    """The parameters when none is given; None where some must be."""
    return None if any(field.required for field in msgspec.structs.fields(kind.params)) else kind.params()


def _asked(ask: Callable[[Any], Any], usual: Any) -> Any:
    try:
        return ask(usual)
    except Exception:  # noqa: BLE001 -- it depends on parameters that are not there
        return None


def parameters(kind: Kind[Any]) -> list[Parameter]:
    """The parameters of a kind, in their order."""
    schema = msgspec.json.schema(kind.params)
    parts = schema["$defs"]
    form = parts[schema["$ref"].rpartition("/")[2]]
    needed = form.get("required", [])
    return [_parameter(name, field, name in needed, parts) for name, field in form["properties"].items()]


def _parameter(name: str, field: dict[str, Any], required: bool, parts: dict[str, Any]) -> Parameter:
    return Parameter(name, in_words(field, parts), field.get("description", ""), required, field.get("default", msgspec.UNSET))


def in_words(field: dict[str, Any], parts: dict[str, Any]) -> str:
    """The type of a field of a JSON Schema, in words."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        if name == ContextKey.__name__:
            return "a context key"
        return in_words(parts[name], parts) if "enum" in parts[name] else f"an object ({name})"
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(in_words(one, parts) for one in field["anyOf"]))
    if "enum" in field or "const" in field:
        return "one of " + ", ".join(map(str, field.get("enum", [field.get("const")])))
    if field.get("type") == "array" and isinstance(field.get("items"), dict):
        return f"a list of: {in_words(field['items'], parts)}" if field["items"] else "a list"
    limits = [f"{words} {field[name]}" for name, words in _LIMITS.items() if name in field and field[name] < LARGEST]
    return ", ".join([_WORDS.get(field.get("type", ""), "anything"), *limits])
