"""Forms made of the registry: the fields in which a part of a document is written, from its JSON Schema."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal, cast

import msgspec

from runs.suggestors.document import DocumentForm
from runs.suggestors.operations import Step, path_of
from runs.suggestors.registry import UnknownKind, kind_of

Sort = Literal["line", "text", "number", "check", "choice", "several", "lines", "json", "object", "list", "map", "one_of"]
DEEPEST = 7
#: Names of texts that are longer than a line.
LONG = ("text", "prompt", "question", "description", "system", "policies", "reason")
Schema = Mapping[str, Any]


class Field(msgspec.Struct):
    """A field and those within: `at` is its place, `new` what an item, or the field itself, begins with when it is added."""

    at: list[Step]
    label: str
    sort: Sort
    help: str = ""
    value: Any = None
    default: Any = None
    choices: list[Any] = []
    is_required: bool = False
    is_absent: bool = False
    fields: list["Field"] = []
    new: Any = None
    told: list[Any] = []
    starts: dict[str, Any] = {}

    @property
    def begins(self) -> str:
        """What is new, as JSON."""
        return json.dumps(self.new, ensure_ascii=False)

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """The choices: value, words, and whether it is chosen."""
        chosen = self.value if isinstance(self.value, list) else [self.value if self.value is not None else self.default]
        return [(str(choice), str(choice).replace("_", " "), choice in chosen) for choice in self.choices]

    @property
    def ways(self) -> list[tuple[str, str, bool]]:
        """Of one of several: what each way begins with, its name, and whether it is said so."""
        return [(json.dumps({name: self.starts.get(name)}), name, name in (self.value or {})) for name in self.choices]

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list that may grow, rather than a member of an object."""
        return isinstance(self.at[-1], int) and self.is_required

    @property
    def path(self) -> str:
        """Its place as errors name it."""
        return path_of(self.at)

    @property
    def id(self) -> str:
        """Its id in a page."""
        return "f-" + "-".join(str(step).replace(" ", "_") for step in self.at)

    @property
    def steps(self) -> str:
        """Its place as JSON."""
        return json.dumps(self.at)

    @property
    def shown(self) -> str:
        """Its value as it stands in a field."""
        if self.sort == "json":
            return "" if self.is_absent else json.dumps(self.value, indent=2, ensure_ascii=False)
        if self.sort == "lines" and isinstance(self.value, list):
            return "\n".join(map(str, self.value))
        return "" if self.value is None else self.value if isinstance(self.value, str) else json.dumps(self.value, ensure_ascii=False)

    def every(self) -> Iterator["Field"]:
        """This field and all within."""
        yield self
        for field in self.fields:
            yield from field.every()


def fields_of_kind(kind: str, given: Any, at: Sequence[Step]) -> list[Field]:
    """The parameters of a kind, filled with what was given; none of a kind that is not known here."""
    try:
        schema = _schema_of(cast(Any, kind_of(kind).params))
    except UnknownKind:
        return []
    return _Maker(schema["$defs"]).members(_resolved(schema, schema["$defs"]), given, list(at), 0)


def fields_of_part(name: str, value: Any, at: Sequence[Step] = ()) -> Field:
    """A member of the document, such as `budget`; or an item of it, where `at` leads into it."""
    schema = _schema_of(DocumentForm)
    maker = _Maker(schema["$defs"])
    part = _resolved(schema, schema["$defs"])["properties"][name]
    part = maker.plain(part, value)["items"] if at else part
    return maker.field(part, value, [name, *at], name, 0, is_absent=value is None)


def begun(name: str) -> Any:
    """What a new item of a list of the document begins with."""
    schema = _schema_of(DocumentForm)
    part = _resolved(schema, schema["$defs"])["properties"][name]
    return _Maker(schema["$defs"]).begun(part["items"])


@cache
def _schema_of(form: type[msgspec.Struct]) -> dict[str, Any]:
    return msgspec.json.schema(form)


def _resolved(schema: Schema, defs: Schema) -> Schema:
    while "$ref" in schema:
        schema = {**defs[schema["$ref"].rpartition("/")[2]], **{name: each for name, each in schema.items() if name != "$ref"}}
    return schema


class _Maker:
    """Makes fields from a schema with these definitions."""

    def __init__(self, defs: Schema) -> None:
        self._defs = defs

    def plain(self, schema: Schema, value: Any) -> Schema:
        """Without references; of alternatives the one that the value could be, else the first that is not null."""
        schema = _resolved(schema, self._defs)
        if "anyOf" not in schema:
            return schema
        options = [option for option in (self.plain(one, value) for one in schema["anyOf"]) if option.get("type") != "null"]
        fitting = [option for option in options if _fits(option, value)] or options
        chosen: Schema = {**fitting[0], **{name: each for name, each in schema.items() if name != "anyOf"}}
        return chosen

    def field(
        self, schema: Schema, value: Any, at: list[Step], name: str, depth: int, *, is_required: bool = False, is_absent: bool = False
    ) -> Field:
        """The field for a value of this schema."""
        part = self.plain(schema, value)
        sort = (
            _sort(part, name)
            if depth < DEEPEST and (is_absent or _fits(part, value))
            else "json"
            if not _is_simple(part, value)
            else "line"
        )
        field = Field(at, name.replace("_", " "), sort, part.get("description", ""), value, part.get("default"), is_required=is_required)
        field.is_absent, field.new = is_absent, self.begun(part)
        self._fill(field, part, depth)
        return field

    def _fill(self, field: Field, part: Schema, depth: int) -> None:
        if field.sort == "choice":
            field.choices = part.get("enum", [part.get("const")])
        elif field.sort == "several":
            field.choices = _resolved(part["items"], self._defs)["enum"]
        elif field.sort == "one_of":
            field.choices = list(part["properties"])
            field.starts = {name: self.begun(each) for name, each in part["properties"].items()}
            said = {name: each for name, each in (field.value or {}).items() if name in part["properties"]}
            field.fields = [self.field(part["properties"][name], each, [*field.at, name], name, depth + 1) for name, each in said.items()]
        elif field.sort == "object" and not field.is_absent:
            field.fields = self.members(part, field.value, field.at, depth)
        elif field.sort == "list" and not field.is_absent:
            field.fields = [self._item(part, each, [*field.at, index], depth) for index, each in enumerate(field.value)]
            field.new = None if "prefixItems" in part else self.begun(part["items"])
        elif field.sort == "map" and not field.is_absent:
            inner = part["additionalProperties"]
            field.fields = [self.field(inner, each, [*field.at, name], name, depth + 1) for name, each in field.value.items()]
            field.new = self.begun(inner)

    def members(self, part: Schema, value: Any, at: list[Step], depth: int) -> list[Field]:
        """The fields of an object."""
        given, needed = value if isinstance(value, dict) else {}, part.get("required", [])
        names = [name for name in part.get("properties", {}) if name in given or not self._is_other_way(part, name, given)]
        return [
            self.field(
                part["properties"][name],
                given.get(name),
                [*at, name],
                name,
                depth + 1,
                is_required=name in needed,
                is_absent=name not in given,
            )
            for name in names
        ]

    def _is_other_way(self, part: Schema, name: str, given: Mapping[str, Any]) -> bool:
        """Whether this is one of two ways of saying something that is said the other way."""
        ways = {"text", "payload"}
        return name in ways and ways <= set(part["properties"]) and bool((ways - {name}) & set(given))

    def _item(self, part: Schema, value: Any, at: list[Step], depth: int) -> Field:
        index = at[-1]
        assert isinstance(index, int)
        schema = part["prefixItems"][index] if index < len(part.get("prefixItems", [])) else part["items"]
        return self.field(schema, value, at, f"{index + 1}", depth + 1, is_required=True)

    def begun(self, schema: Schema) -> Any:
        """What a new value of this schema begins with: no more than it needs."""
        part = self.plain(schema, None)
        if "default" in part and part["default"] not in (None, [], {}):
            return part["default"]
        if "enum" in part or "const" in part:
            choices = part.get("enum", [part.get("const")])
            return "Hypotheses" if "Hypotheses" in choices else choices[0]
        if "prefixItems" in part:
            return [self.begun(each) for each in part["prefixItems"]]
        if part.get("maxProperties") == 1:
            name, each = next(iter(part["properties"].items()))
            return {name: self.begun(each)}
        if part.get("type") == "object":
            made = {name: self.begun(part["properties"][name]) for name in part.get("required", [])}
            return made | ({"text": ""} if {"text", "payload"} <= set(part.get("properties", {})) else {})
        empty: dict[str, Any] = {"array": [], "string": "", "boolean": False}
        return empty.get(part.get("type", ""), part.get("minimum", 0) if part.get("type") in ("integer", "number") else "")


def _sort(part: Schema, name: str) -> Sort:
    kind = part.get("type")
    if "enum" in part or "const" in part:
        return "choice"
    if kind == "object":
        return "one_of" if part.get("maxProperties") == 1 else "object" if "properties" in part else _map(part)
    if kind == "array":
        return _list(part)
    if kind == "string":
        return "text" if name in LONG else "line"
    return "number" if kind in ("integer", "number") else "check" if kind == "boolean" else "json"


def _map(part: Schema) -> Sort:
    return "map" if isinstance(part.get("additionalProperties"), dict) and part["additionalProperties"] else "json"


def _list(part: Schema) -> Sort:
    items = part.get("items")
    if "prefixItems" in part:
        return "list"
    if not isinstance(items, dict) or not items:
        return "json"
    return "several" if items.get("$ref", "").endswith("/ContextKey") else "lines" if items.get("type") == "string" else "list"


_PYTHON: dict[str, tuple[type, ...]] = {"object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,)}


def _fits(part: Schema, value: Any) -> bool:
    """Whether a field of this schema can show the value, be it right or wrong."""
    if "enum" in part or "const" in part:
        return not isinstance(value, dict | list)
    if part.get("type") in ("integer", "number"):
        return not isinstance(value, dict | list | bool)
    return isinstance(value, _PYTHON.get(part.get("type", ""), (object,)))


def _is_simple(part: Schema, value: Any) -> bool:
    return part.get("type") in ("string", "boolean") and not isinstance(value, dict | list)


def typed(sort: str, said: list[str]) -> Any:
    """The value of what was typed into a field; what is no number stays text, so that it is judged and not lost."""
    one = (said[0] if said else "").replace("\r\n", "\n")
    if sort == "check":
        return bool(said)
    if sort == "several":
        return said
    if sort == "lines":
        return [line for line in one.split("\n") if line.strip()]
    if sort == "json":
        return json.loads(one)
    if sort == "number":
        try:
            return json.loads(one)
        except ValueError:
            return one
    return one
