"""`when`: conditions that must hold before a suggestor of the huddle judges, and what follows from them for waking."""

from collections.abc import Sequence

from runs.engine import ContextKey, Suggestor
from runs.suggestors.conditions import Condition, Test, compiled, facts_that_end, facts_waited_for, keys_of
from runs.suggestors.registry import Keys


def await_conditions(suggestor: Suggestor, key: ContextKey, when: Sequence[Condition]) -> Test:
    """Let `suggestor` wake on `key` and on the keys of `when`, and return the question to ask."""
    suggestor.dependencies = keys_with(key, when)
    suggestor.waits_for = facts_waited_for(when)
    suggestor.done_when = facts_that_end(when)
    return compiled(when)


def keys_with(key: ContextKey, when: Sequence[Condition]) -> Keys:
    """`key` and those that the conditions name, each once."""
    return tuple(dict.fromkeys((key, *keys_of(when))))
