"""Reading the facts of a key as they come."""

from collections.abc import Callable
from typing import Generic, TypeVar

from runs.engine import Context, ContextKey, Fact

T = TypeVar("T")


class Growing(Generic[T]):
    """What can be gathered from the facts of one key, each of them read once however often one asks.

    A cache and not a memory: what it holds follows from the context alone, and another context starts it anew.
    """

    def __init__(self, key: ContextKey, empty: Callable[[], T], take: Callable[[T, Fact], None]) -> None:
        self._key = key
        self._empty = empty
        self._take = take
        self._context: Context | None = None
        self._read = 0
        self._gathered = empty()

    def of(self, context: Context) -> T:
        """Everything gathered from `context`."""
        if context is not self._context:
            self._context, self._read, self._gathered = context, 0, self._empty()
        facts = context.get(self._key)
        for fact in facts[self._read :]:
            self._take(self._gathered, fact)
        self._read = len(facts)
        return self._gathered
