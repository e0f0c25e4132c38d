"""The doorbell: a hint, after a commit, that a run may have more to read. It carries no data and may be lost.

Whoever follows a run listens here, or in other processes to the tick (SQLite), NOTIFY (PostgreSQL) or the channel layer
(Redis), and then reads what lies after its cursor.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import Error, connection, transaction

CHANNEL = "organism_doorbell"
TICK = 0.05

Listener = Callable[[int], None]
_listeners: set[Listener] = set()


def ring_on_commit(run_id: int) -> None:
    """Ring for a run when the transaction is committed, and not at all when it is rolled back."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(run_id)])
    transaction.on_commit(partial(_ring, run_id))


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Have `listener` called with the run's id after every commit of this process, in the thread that committed."""
    _listeners.add(listener)
    try:
        yield
    finally:
        _listeners.discard(listener)


def _ring(run_id: int) -> None:
    for listener in tuple(_listeners):
        listener(run_id)
    layer = get_channel_layer()
    if layer is not None and not isinstance(layer, InMemoryChannelLayer):
        message = {"type": "doorbell.rung", "run": run_id}
        asyncio.run_coroutine_threadsafe(layer.group_send(CHANNEL, message), _loop())


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    """One loop in a thread of its own: a layer's connections live as long as their loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="doorbell", daemon=True).start()
    return loop


class Bell:
    """Sleeps until something may have happened in the database, for a thread that has nothing else to do."""

    def __init__(self) -> None:
        self._rung = threading.Event()
        self._version = -1

    def ring(self, run_id: int = 0) -> None:
        """Wake whoever waits."""
        self._rung.set()

    def wait(self, seconds: float) -> None:
        """Return when this process rang, when another one wrote, or when the time is over."""
        until = time.monotonic() + seconds
        while not self._rung.wait(min(TICK, max(0.0, until - time.monotonic()))):
            if self._has_changed() or time.monotonic() >= until:
                break
        self._rung.clear()

    def _has_changed(self) -> bool:
        """Whether another connection wrote since the last look; only SQLite can tell for nothing, and not while it is locked."""
        if connection.vendor != "sqlite":
            return False
        try:
            with connection.cursor() as cursor:
                (version,) = cursor.execute("PRAGMA data_version").fetchone()
        except Error:
            connection.close()
            return False
        before, self._version = self._version, version
        return before not in (-1, version)
