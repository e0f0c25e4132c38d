"""Hears that something may have changed, from every side: this process, other processes, and the clock."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import DatabaseError, connection

from runs.doorbell import CHANNEL, listening

#: How often SQLite is asked whether another connection committed, and how often everybody looks regardless.
POLL = 0.02
TICK = 1.0

logger = logging.getLogger(__name__)
Rung = Callable[[int | None], None]


class Bell:
    """Calls `rung` in the loop: with the key of a run that may have more to read, or None when it could be any.

    One for each process, and only while somebody watches. It may ring for nothing and may miss a ring, but never
    stays silent longer than a tick.
    """

    def __init__(self, rung: Rung) -> None:
        self._rung = rung
        self._loop = asyncio.get_running_loop()
        self._over = threading.Event()
        self._sources = ExitStack()

    def start(self) -> None:
        """Begin to listen."""
        self._sources.enter_context(listening(self._ring))
        self._sources.enter_context(_hearing_layer(self._ring))
        threading.Thread(target=self._watch_database, name="live-bell", daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._over.set()
        self._sources.close()

    def _ring(self, run: int | None = None) -> None:
        with suppress(RuntimeError):  # the loop has closed before the thread noticed
            self._loop.call_soon_threadsafe(self._rung, run)

    def _watch_database(self) -> None:
        watch = self._hear_notifications if connection.vendor == "postgresql" else self._poll_version
        while not self._over.is_set():
            try:
                watch()
            except DatabaseError:
                logger.warning("the live bell lost its database; it tries again", exc_info=True)
                self._over.wait(TICK)
            finally:
                connection.close()

    def _poll_version(self) -> None:
        """SQLite tells for nothing whether another connection, in whatever process, has committed."""
        seen, rung_at = None, 0.0
        with connection.cursor() as cursor:
            while not self._over.wait(POLL):
                cursor.execute("PRAGMA data_version")
                version, now = cursor.fetchone(), time.monotonic()
                if version != seen or now - rung_at >= TICK:
                    seen, rung_at = version, now
                    self._ring()

    def _hear_notifications(self) -> None:
        """PostgreSQL sends a notification with each commit, on a connection that does nothing else."""
        import psycopg  # 12 MB that a process on SQLite does without

        with connection.wrap_database_errors, psycopg.connect(**connection.get_connection_params(), autocommit=True) as listener:
            listener.execute(f"LISTEN {CHANNEL}")
            while not self._over.is_set():
                for notice in listener.notifies(timeout=TICK):
                    self._ring(int(notice.payload))
                    if self._over.is_set():
                        return
                self._ring()


@contextmanager
def _hearing_layer(ring: Rung) -> Iterator[None]:
    """Hear the channel layer, when there is one that reaches further than this process."""
    layer = get_channel_layer()
    if layer is None or isinstance(layer, InMemoryChannelLayer):
        yield
        return
    hearing = asyncio.ensure_future(_hear(layer, ring))
    yield
    hearing.cancel()


async def _hear(layer: Any, ring: Rung) -> None:
    from redis import RedisError  # 8 MB that a process without Redis does without

    while True:
        try:
            await _hear_channel(layer, ring)
        except (OSError, RedisError):
            logger.warning("the live bell lost its channel layer; it tries again", exc_info=True)
            await asyncio.sleep(TICK)


async def _hear_channel(layer: Any, ring: Rung) -> None:
    channel = await layer.new_channel()
    await layer.group_add(CHANNEL, channel)
    try:
        while True:
            ring((await layer.receive(channel)).get("run"))
    finally:
        await layer.group_discard(CHANNEL, channel)
