"""Compares a JSON value with a msgspec type and tells everything that does not fit, each with its path.

msgspec itself stops at the first fault; it is asked first, as it is quick, and what this page says follows the same types.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar, cast

import msgspec
from msgspec import inspect

from runs.suggestors.forms import NOT_BLANK
from runs.suggestors.one_of import exactly_one
from runs.suggestors.problems import Problem, field_at, item_at

T = TypeVar("T")
_NAMES = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a whole number", float: "a number"}


def fitted(value: Any, type: type[T], path: str, problems: list[Problem]) -> T | None:
    """Return `value` as `type`; or add to `problems` what does not fit, and return None."""
    try:
        return msgspec.convert(value, type)
    except (ValueError, RecursionError) as error:  # ValueError: also lone surrogates where a name is expected
        found = _Look()
        found.at(_type_info(cast(Any, type)), value, path)
        problems.extend(found.problems or [(path, _without_place(error))])
        return None


@cache
def _type_info(type: Any) -> inspect.Type:
    return inspect.type_info(type)


def _without_place(error: Exception) -> str:
    return re.sub(r" - at `[^`]*`$", "", str(error))


def name_of(value: Any) -> str:
    """What a JSON value is, in words."""
    return "null" if value is None else _NAMES.get(type(value), type(value).__name__)


def listed(values: Iterable[Any]) -> str:
    """Allowed values, with commas between."""
    return ", ".join(map(str, values))


class _Look:
    """Collects problems."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def say(self, path: str, message: str) -> None:
        self.problems.append((path, message))

    def at(self, expected: inspect.Type, value: Any, path: str) -> None:
        """Compare `value` with the expected type, and everything inside it."""
        expected = _plain(expected, value)
        if isinstance(expected, inspect.AnyType):
            return
        if _is_tagged(expected) and isinstance(value, dict):
            self.tagged(cast(inspect.UnionType, expected), value, path)
            return
        if not _is_of(expected, value):
            self.say(path, f"expected {_words(expected)}, not {name_of(value)}")
            return
        look = _LOOKS.get(type(expected))
        if look is not None:
            look(self, expected, value, path)

    def number(self, expected: inspect.IntType | inspect.FloatType, value: float, path: str) -> None:
        if expected.ge is not None and value < expected.ge:
            self.say(path, f"must be at least {expected.ge}, not {value}")
        if expected.gt is not None and value <= expected.gt:
            self.say(path, f"must be more than {expected.gt}, not {value}")
        if expected.le is not None and value > expected.le:
            self.say(path, f"must be at most {expected.le}, not {value}")

    def text(self, expected: inspect.StrType, value: str, path: str) -> None:
        if expected.min_length is not None and len(value) < expected.min_length:
            self.say(path, "must not be empty")
        elif expected.pattern is not None and not re.search(expected.pattern, value):
            self.say(path, "must not be blank" if expected.pattern == NOT_BLANK else f"'{value}' is not of the form {expected.pattern}")
        if expected.max_length is not None and len(value) > expected.max_length:
            self.say(path, f"must have at most {expected.max_length} characters, not {len(value)}")

    def choice(self, expected: inspect.EnumType | inspect.LiteralType, value: Any, path: str) -> None:
        if value not in _choices(expected):
            self.say(path, f"unknown value '{value}'; allowed: {listed(_choices(expected))}")

    def items(self, expected: inspect.ListType, value: list[Any], path: str) -> None:
        if expected.max_length is not None and len(value) > expected.max_length:
            self.say(path, f"must have at most {expected.max_length} items, not {len(value)}")
        if expected.min_length is not None and len(value) < expected.min_length:
            self.say(path, f"must have at least {expected.min_length} items, not {len(value)}")
        for index, item in enumerate(value):
            self.at(expected.item_type, item, item_at(path, index))

    def entries(self, expected: inspect.DictType, value: dict[str, Any], path: str) -> None:
        for name, item in value.items():
            self.at(expected.value_type, item, field_at(path, name))

    def tuple(self, expected: inspect.TupleType, value: list[Any], path: str) -> None:
        if len(value) != len(expected.item_types):
            self.say(path, f"must have {len(expected.item_types)} items, not {len(value)}")
            return
        for index, (item_type, item) in enumerate(zip(expected.item_types, value, strict=True)):
            self.at(item_type, item, item_at(path, index))

    def mapping(self, expected: inspect.DictType, value: dict[str, Any], path: str) -> None:
        if expected.max_length is not None and len(value) > expected.max_length:
            self.say(path, f"must have at most {expected.max_length} items, not {len(value)}")
        for name, item in value.items():
            self.at(expected.key_type, name, field_at(path, name))
            self.at(expected.value_type, item, field_at(path, name))

    def struct(self, expected: inspect.StructType, value: dict[str, Any], path: str) -> None:
        before = len(self.problems)
        fields = {field.encode_name: field for field in expected.fields}
        for name, item in value.items():
            if name in fields:
                self.at(fields[name].type, item, field_at(path, name))
            elif expected.forbid_unknown_fields and name != expected.tag_field:
                self.say(field_at(path, name), f"unknown field; allowed: {listed(fields)}")
        for name, field in fields.items():
            if field.required and name not in value:
                self.say(field_at(path, name), "is required" + _allowed(field.type))
        self.alternatives(expected, value, path)
        for name, message in getattr(expected.cls, "faults_in", _none)(value):
            self.say(field_at(path, name), message)
        self.inside(expected, value, path)
        if len(self.problems) == before:
            self.whole(expected, value, path)

    def tagged(self, expected: inspect.UnionType, value: dict[str, Any], path: str) -> None:
        """An object that says itself which of several it is."""
        members = {member.tag: member for member in expected.types if isinstance(member, inspect.StructType)}
        field = next(iter(members.values())).tag_field or ""
        member = members.get(value.get(field)) if isinstance(value.get(field), str) else None
        if member is None:
            self.say(field_at(path, field), f"must be one of {listed(members)}")
        else:
            self.struct(member, value, path)

    def alternatives(self, expected: inspect.StructType, value: dict[str, Any], path: str) -> None:
        names: tuple[str, ...] = getattr(expected.cls, "ONE_OF", ())
        if names and sum(name in value for name in names) != 1:
            self.say(path, exactly_one(names))

    def inside(self, expected: inspect.StructType, value: dict[str, Any], path: str) -> None:
        """Content whose form depends on what stands beside it."""
        form_of = getattr(expected.cls, "form_of", None)
        form = None if form_of is None else form_of(value.get("family"), value.get("version", 1))
        if form is not None and "payload" in value:
            self.at(_type_info(form), value["payload"], field_at(path, "payload"))

    def whole(self, expected: inspect.StructType, value: dict[str, Any], path: str) -> None:
        """What a Struct demands beyond the types of its fields."""
        try:
            msgspec.convert(value, expected.cls)
        except ValueError as error:
            self.say(path, _without_place(error))


_Handler = Callable[[_Look, Any, Any, str], None]
_LOOKS: dict[type[inspect.Type], _Handler] = {
    inspect.IntType: _Look.number,
    inspect.FloatType: _Look.number,
    inspect.StrType: _Look.text,
    inspect.EnumType: _Look.choice,
    inspect.LiteralType: _Look.choice,
    inspect.ListType: _Look.items,
    inspect.DictType: _Look.entries,
    inspect.TupleType: _Look.tuple,
    inspect.DictType: _Look.mapping,
    inspect.StructType: _Look.struct,
}
_PYTHON: dict[type[inspect.Type], tuple[type, ...]] = {
    inspect.NoneType: (type(None),),
    inspect.BoolType: (bool,),
    inspect.IntType: (int,),
    inspect.FloatType: (int, float),
    inspect.StrType: (str,),
    inspect.EnumType: (str,),
    inspect.LiteralType: (str,),
    inspect.ListType: (list,),
    inspect.TupleType: (list,),
    inspect.DictType: (dict,),
    inspect.StructType: (dict,),
}


def _none(_: Any) -> tuple[Problem, ...]:
    return ()


def _plain(expected: inspect.Type, value: Any) -> inspect.Type:
    """Without annotations; of a union the member that such a value could be, or the union if there is none."""
    while isinstance(expected, inspect.Metadata):
        expected = expected.type
    if isinstance(expected, inspect.UnionType) and not _is_tagged(expected):
        members = (_plain(member, value) for member in expected.types)
        return next((member for member in members if _is_of(member, value)), expected)
    return expected


def _is_tagged(expected: inspect.Type) -> bool:
    """Whether it is a union of objects that say themselves which of them they are."""
    return isinstance(expected, inspect.UnionType) and all(isinstance(one, inspect.StructType) and one.tag_field for one in expected.types)


def _is_of(expected: inspect.Type, value: Any) -> bool:
    if isinstance(value, bool):
        return isinstance(expected, inspect.BoolType | inspect.AnyType)
    return isinstance(expected, inspect.AnyType) or isinstance(value, _PYTHON.get(type(expected), ()))


def _choices(expected: inspect.EnumType | inspect.LiteralType) -> list[Any]:
    return [member.value for member in expected.cls] if isinstance(expected, inspect.EnumType) else list(expected.values)


def _words(expected: inspect.Type) -> str:
    if _is_tagged(expected):
        return "an object"
    if isinstance(expected, inspect.UnionType):
        return " or ".join(_words(_plain(member, None)) for member in expected.types)
    if isinstance(expected, inspect.EnumType | inspect.LiteralType):
        return f"one of {listed(_choices(expected))}"
    return "null" if isinstance(expected, inspect.NoneType) else _NAMES[_PYTHON[type(expected)][-1]]


def _allowed(expected: inspect.Type) -> str:
    plain = _plain(expected, "")
    return f"; allowed: {listed(_choices(plain))}" if isinstance(plain, inspect.EnumType | inspect.LiteralType) else ""
