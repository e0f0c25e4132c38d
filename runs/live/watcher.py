"""One client who watches one run."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from runs.live.tail import Tail

#: Frames that may be on their way to a client; past them it is left alone until it acknowledges one.
UNDER_WAY = 8

Send = Callable[[str], Awaitable[None]]


class Watcher:
    """Sends one client every envelope after its cursor, once and in order, at the client's own speed.

    The same loop backfills, follows and catches up: it asks the tail for the frame that begins at the cursor. A client
    that does not acknowledge costs its cursor and at most `UNDER_WAY` frames, and holds nobody up.
    """

    def __init__(self, tail: Tail, cursor: int, send: Send) -> None:
        self._tail = tail
        self._send = send
        self._cursor = cursor
        self._under_way: deque[int] = deque()
        self._edition = tail.edition
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look at the tail again."""
        self._woken.set()

    def acknowledge(self, seq: int) -> None:
        """The client has everything up to a place; raises `UnsentAcknowledged` for what it cannot have."""
        if seq > self._cursor:
            raise UnsentAcknowledged(f"{seq} was acknowledged, but nothing after {self._cursor} was sent")
        had_room = self._has_room
        while self._under_way and self._under_way[0] <= seq:
            self._under_way.popleft()
        if not had_room:
            self.wake()

    async def pump(self) -> None:
        """Send until the run is over and everything is sent."""
        self._tail.watchers.add(self)
        try:
            while not await self._is_over():
                await self._woken.wait()
        finally:
            self._tail.watchers.discard(self)

    async def _is_over(self) -> bool:
        """Send what there is and fits; say whether that was the end."""
        self._woken.clear()
        while self._has_room and self._cursor < self._tail.head:
            frame = await self._tail.frame_after(self._cursor)
            self._cursor = frame.to
            self._under_way.append(frame.to)
            await self._send(frame.text)
        if not self._has_room or self._cursor != self._tail.head:
            return False
        await self._tell_status()
        return await self._tell_end()

    async def _tell_status(self) -> None:
        if self._edition != self._tail.edition:
            self._edition = self._tail.edition
            await self._send(self._tail.status)

    async def _tell_end(self) -> bool:
        end = self._tail.end
        if end is None or self._cursor != self._tail.head:
            return False
        await self._send(end)
        return True

    @property
    def _has_room(self) -> bool:
        return len(self._under_way) < UNDER_WAY


class UnsentAcknowledged(ValueError):
    """A client claims to have what was never sent to it."""
