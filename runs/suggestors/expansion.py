"""`{count:KEY}` in ids and texts: the number of facts under KEY in the context that a suggestor sees.

No other braces are special, those around an unknown key included.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from runs.engine import Context, ContextKey, Payload, Proposal

_COUNT = re.compile(r"\{count:(" + "|".join(ContextKey) + r")\}")


def is_constant(text: str) -> bool:
    """Tell whether nothing in `text` is ever replaced."""
    return _COUNT.search(text) is None


def expand(text: str, context: Context) -> str:
    """Replace every count."""
    return _COUNT.sub(lambda found: str(context.count(ContextKey(found[1]))), text)


def keys_counted(text: str) -> list[ContextKey]:
    """The keys whose facts `text` counts, in order of appearance."""
    return [ContextKey(name) for name in _COUNT.findall(text)]


def expand_values(value: Any, context: Context) -> Any:
    """Replace the counts in every string value inside `value`; the names of fields stay."""
    if isinstance(value, str):
        return expand(value, context)
    if isinstance(value, dict):
        return {name: expand_values(item, context) for name, item in value.items()}
    if isinstance(value, list):
        return [expand_values(item, context) for item in value]
    return value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def proposal_in(proposal: Proposal) -> Callable[[Context], Proposal] | None:
    """A maker of the proposal as it reads in a context; None if it is the same in all of them."""
    id, payload = proposal.id, proposal.payload
    payload_of = _payload_in(payload)
    if payload_of is None and is_constant(id):
        return None
    payload_of = payload_of or (lambda _: payload)
    return lambda context: replace(proposal, id=expand(id, context), payload=payload_of(context))


def _payload_in(payload: Payload) -> Callable[[Context], Payload] | None:
    if "{count:" not in payload.json or all(map(is_constant, _strings(payload.value))):
        return None
    family, value, version = payload.family, payload.value, payload.version
    return lambda context: Payload.of(family, expand_values(value, context), version)
