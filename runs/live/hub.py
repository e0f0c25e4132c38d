"""What this process follows, and for whom: one tail for each watched run, one overview for each watched tenant, one bell."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.db import DatabaseError

from runs.live.bell import Bell
from runs.live.overview import Overview
from runs.live.reads import read
from runs.live.tail import SHORTEST, Tail
from runs.reading.following import Followed, standings_of

logger = logging.getLogger(__name__)
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
        self._rung = asyncio.Event()
        self._listening: ExitStack | None = None

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
        if run in self._tails:
            self._tails[run].thing.ring()
        elif run is None and len(self._tails) == 1:
            next(iter(self._tails.values())).thing.ring()
        elif run is None:
            self._rung.set()
        for held in self._overviews.values():
            held.thing.ring()

    async def _find_out(self) -> None:
        """After rings that name no run: one look for all tails, so that only those work whose run has moved."""
        while True:
            await self._rung.wait()
            self._rung.clear()
            tails = [held.thing for held in self._tails.values()]
            try:
                standings = await read(standings_of, [tail.followed for tail in tails])
            except DatabaseError:
                logger.exception("the hub could not read; it tries again")
                continue
            for tail in tails:
                if tail.differs_from(standings.get(tail.run.pk)):
                    tail.ring()
                else:
                    tail.rest()
            await asyncio.sleep(SHORTEST)

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
        if self._listening is None and not self.is_idle:
            self._listening = ExitStack()
            bell = self._listening.enter_context(closing(Bell(self.rung)))
            self._listening.callback(asyncio.ensure_future(self._find_out()).cancel)
            bell.start()
        elif self._listening is not None and self.is_idle:
            self._listening.close()
            self._listening = None


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of this loop; a web process has one."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
