"""What this process follows, and for whom: one tail for each watched run, one overview for each watched tenant, one bell."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

from runs.live.bell import Bell
from runs.live.overview import Overview
from runs.live.tail import Tail
from runs.reading.following import Followed

T = TypeVar("T", Tail, Overview)


class Held(Generic[T]):
    """Something that follows, the task in which it does, and how many need it."""

    def __init__(self, thing: T) -> None:
        self.thing: T = thing
        self.users = 0
        self.task = asyncio.ensure_future(thing.follow())


class Hub:
    """Starts what somebody watches and stops what nobody watches any more. Lives in one loop and is touched from no other."""

    def __init__(self) -> None:
        self._tails: dict[int, Held[Tail]] = {}
        self._overviews: dict[int, Held[Overview]] = {}
        self._bell: Bell | None = None

    def tail(self, followed: Followed) -> AbstractContextManager[Tail]:
        """The tail of a run, for as long as the block lasts."""
        return self._held(self._tails, followed.run.pk, lambda: Tail(followed))

    def overview(self, by: Any) -> AbstractContextManager[Overview]:
        """The overview of the member's tenant, for as long as the block lasts."""
        return self._held(self._overviews, by.tenant_id, lambda: Overview(by))

    @property
    def is_idle(self) -> bool:
        """Whether nobody watches anything."""
        return not (self._tails or self._overviews)

    def rung(self, run: int | None) -> None:
        """Have those look whom the ring may concern."""
        tails = self._tails.values() if run is None else [self._tails[run]] if run in self._tails else []
        for held in (*tails, *self._overviews.values()):
            cast(Held[Any], held).thing.ring()

    @contextmanager
    def _held(self, shelf: dict[int, Held[T]], key: int, make: Callable[[], T]) -> Iterator[T]:
        held = shelf.get(key) or shelf.setdefault(key, Held(make()))
        held.users += 1
        self._listen()
        held.thing.ring()  # whatever happened since the caller looked
        try:
            yield held.thing
        finally:
            held.users -= 1
            if not held.users:
                held.task.cancel()
                del shelf[key]
                self._listen()

    def _listen(self) -> None:
        """Have a bell exactly while somebody watches."""
        if self._bell is None and not self.is_idle:
            self._bell = Bell(self.rung)
            self._bell.start()
        elif self._bell is not None and self.is_idle:
            self._bell.stop()
            self._bell = None


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of this loop; a web process has one."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
