"""What keeps a suggestor from speaking in a context, in words: conditions are data, so the one that fails can be named."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, runtime_checkable

import msgspec

from runs.engine import Context, ContextKey, Suggestor
from runs.engine.wire import decode
from runs.suggestors.conditions import Condition, test_of
from runs.suggestors.expansion import expand


class Lack(msgspec.Struct, frozen=True):
    """One thing that is missing, or in the way: in words, and the condition of the document where it is one."""

    says: str
    condition: dict[str, Any] | None = None


@runtime_checkable
class Telling(Protocol):
    """A suggestor that can tell itself what it lacks, beyond its dependencies and the facts it waits for."""

    def lacks(self, context: Context, /) -> Iterable[Lack]:
        """What is missing, or in the way."""


def lacking(suggestor: Suggestor, context: Context) -> list[Lack]:
    """Everything that keeps it from speaking; nothing if it would speak."""
    lacks = list(_unwoken(suggestor, context))
    lacks += suggestor.lacks(context) if isinstance(suggestor, Telling) else []
    told = {lack.says for lack in lacks}
    lacks += (lack for lack in _facts(suggestor, context) if lack.says not in told)
    if not lacks and not _accepts(suggestor, context):
        lacks.append(Lack("it found nothing to do"))
    return list({lack.says: lack for lack in lacks}.values())


def failing(conditions: Iterable[Condition], context: Context) -> Iterator[Lack]:
    """The conditions that do not hold."""
    for condition in conditions:
        if not test_of(condition)(context):
            yield Lack(_words(condition, context), decode(msgspec.json.encode(condition)))


def _unwoken(suggestor: Suggestor, context: Context) -> Iterator[Lack]:
    keys = tuple(dict.fromkeys(suggestor.dependencies))
    if keys and not any(context.has(key) for key in keys):
        yield Lack(f"no fact under {' or '.join(keys)}, which would wake it")


def _facts(suggestor: Suggestor, context: Context) -> Iterator[Lack]:
    for key, id in suggestor.waits_for:
        if context.fact(key, id) is None:
            yield Lack(f"{key}/{id} is missing")
    for key, id in suggestor.done_when:
        if context.fact(key, id) is not None:
            yield Lack(f"{key}/{id} is there already")


def _accepts(suggestor: Suggestor, context: Context) -> bool:
    try:
        return suggestor.accepts(context)
    except Exception:  # noqa: BLE001 -- the engine would ask it to speak, and note its failure
        return True


def _words(condition: Condition, context: Context) -> str:
    name, said = condition.said()
    if name == "has":
        return f"there is no fact under {said}"
    if name == "absent":
        return f"there are facts under {said}"
    key, operand = said
    if name in ("has_fact", "lacks_fact"):
        return f"{key}/{expand(operand, context)} is {'missing' if name == 'has_fact' else 'there already'}"
    return _count_words(key, context.count(key), name, operand)


def _count_words(key: ContextKey, count: int, name: str, wanted: int) -> str:
    limit = f"at least {wanted} are needed" if name == "count_at_least" else f"fewer than {wanted} are needed"
    return f"{key} has {counted(count)}, {limit}"


def counted(facts: int) -> str:
    """`1 fact`, `2 facts`."""
    return f"{facts} fact{'' if facts == 1 else 's'}"
