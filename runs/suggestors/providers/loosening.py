"""A JSON Schema with less in it, for those who guarantee answers only by a part of what schemas can say."""

from collections.abc import Iterator
from typing import Any

#: What Anthropic's structured outputs understand of a schema; the rest is checked when the answer is there.
KNOWN = {
    "type",
    "properties",
    "required",
    "items",
    "enum",
    "const",
    "anyOf",
    "allOf",
    "$ref",
    "$defs",
    "definitions",
    "description",
    "title",
}
#: How many fields that may be left out, and how many choices between forms, are guaranteed together.
MOST_OPTIONAL, MOST_UNIONS = 24, 16
_SCHEMAS, _LISTS = ("properties", "$defs", "definitions"), ("anyOf", "allOf")


def loosened(schema: Any) -> Any:
    """The schema without what is not understood; its objects are closed, which is demanded."""
    if not isinstance(schema, dict):
        return schema
    kept = {name: _part(name, value) for name, value in schema.items() if name in KNOWN}
    if "oneOf" in schema and "anyOf" not in kept:
        kept["anyOf"] = _part("anyOf", schema["oneOf"])
    if kept.get("type") == "object":
        kept["additionalProperties"] = False
    return kept


def _part(name: str, value: Any) -> Any:
    if name in _SCHEMAS and isinstance(value, dict):
        return {inner: loosened(one) for inner, one in value.items()}
    if name in _LISTS and isinstance(value, list):
        return [loosened(one) for one in value]
    return loosened(value) if name == "items" else value


def is_simple(schema: Any) -> bool:
    """Whether there is little enough in the schema for answers to be guaranteed by it."""
    parts = list(_objects_in(schema))
    optional = sum(
        len(set(part["properties"]) - set(part.get("required", ()))) for part in parts if isinstance(part.get("properties"), dict)
    )
    unions = sum("anyOf" in part or "oneOf" in part or isinstance(part.get("type"), list) for part in parts)
    return optional <= MOST_OPTIONAL and unions <= MOST_UNIONS


def _objects_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects_in(inner)
