"""Conditions on a context: what `rule` asks before it speaks, and the `when` of others."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from runs.engine import Context, ContextKey
from runs.suggestors.expansion import expand, is_constant, keys_counted
from runs.suggestors.one_of import OneOf

Test = Callable[[Context], bool]
FactName = tuple[ContextKey, str]
Counted = tuple[ContextKey, Annotated[int, Meta(ge=0)]]


class Condition(OneOf, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that must hold of the context: an object with exactly one of these fields."""

    ONE_OF: ClassVar[tuple[str, ...]] = ("has", "absent", "count_at_least", "count_below", "has_fact", "lacks_fact")

    has: Annotated[ContextKey | UnsetType, Meta(description="There is at least one fact under this key.")] = UNSET
    absent: Annotated[ContextKey | UnsetType, Meta(description="There is no fact under this key.")] = UNSET
    count_at_least: Annotated[Counted | UnsetType, Meta(description="Key and the fewest facts under it.")] = UNSET
    count_below: Annotated[Counted | UnsetType, Meta(description="Key and a number that its facts stay below.")] = UNSET
    has_fact: Annotated[FactName | UnsetType, Meta(description="Key and id of a fact that exists; `{count:KEY}` is replaced.")] = UNSET
    lacks_fact: Annotated[FactName | UnsetType, Meta(description="Key and id that no fact has; `{count:KEY}` is replaced.")] = UNSET


Conditions = list[Annotated[Condition, Meta(extra_json_schema={"minProperties": 1, "maxProperties": 1})]]


def condition_of(data: Any) -> Condition:
    """Read the JSON form; raises `msgspec.ValidationError`."""
    return msgspec.convert(data, Condition)


def holds(conditions: Iterable[Condition], context: Context) -> bool:
    """Tell whether all of them hold."""
    return all(test_of(condition)(context) for condition in conditions)


def compiled(conditions: Iterable[Condition]) -> Test:
    """One quick question for all of them."""
    tests = tuple(test_of(condition) for condition in conditions)
    if len(tests) == 1:
        return tests[0]

    def all_hold(context: Context) -> bool:
        for test in tests:  # noqa: SIM110 -- asked in every cycle, and all() costs a generator
            if not test(context):
                return False
        return True

    return all_hold


def test_of(condition: Condition) -> Test:
    """The question that a condition asks."""
    name, said = condition.said()
    if name in ("has", "absent"):
        wanted = name == "has"
        return lambda context: context.has(said) is wanted
    key, operand = said
    if name == "count_at_least":
        return lambda context: context.count(key) >= operand
    if name == "count_below":
        return lambda context: context.count(key) < operand
    return _exists(key, operand) if name == "has_fact" else _is_missing(key, operand)


def _exists(key: ContextKey, id: str) -> Test:
    if is_constant(id):
        return lambda context: context.fact(key, id) is not None
    return lambda context: context.fact(key, expand(id, context)) is not None


def _is_missing(key: ContextKey, id: str) -> Test:
    exists = _exists(key, id)
    return lambda context: not exists(context)


def keys_of(conditions: Iterable[Condition]) -> list[ContextKey]:
    """The keys that the conditions name, each once, in order of appearance."""
    keys: list[ContextKey] = []
    for condition in conditions:
        name, said = condition.said()
        keys += [said] if isinstance(said, ContextKey) else [said[0]]
        if name in ("has_fact", "lacks_fact"):
            keys += keys_counted(said[1])
    return list(dict.fromkeys(keys))


def facts_waited_for(conditions: Sequence[Condition]) -> list[FactName]:
    """Facts without which the conditions cannot all hold: the constant ones of `has_fact`."""
    return _constant("has_fact", conditions)


def facts_named(conditions: Iterable[Condition], context: Context) -> tuple[FactName, ...]:
    """The facts that `has_fact` conditions name in a context, each once."""
    said = [condition.said() for condition in conditions]
    return tuple(dict.fromkeys((fact[0], expand(fact[1], context)) for name, fact in said if name == "has_fact"))


def facts_that_end(conditions: Sequence[Condition]) -> list[FactName]:
    """Facts after which the conditions never hold again: the constant ones of `lacks_fact`, as facts never vanish."""
    return _constant("lacks_fact", conditions)


def _constant(wanted: str, conditions: Sequence[Condition]) -> list[FactName]:
    said = [condition.said() for condition in conditions]
    return [fact for name, fact in said if name == wanted and is_constant(fact[1])]
