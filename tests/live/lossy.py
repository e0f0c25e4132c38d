"""A web server that hears nothing but a channel layer that loses 30 % of the rings, and a slow tick.

`POST /write/RUN/COMMITS/` makes it write to a run itself, because rings of such a layer stay within the process.
"""

import asyncio
import os
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "organism_web.settings")

from organism_web.asgi import application as house
from runs import doorbell
from runs.live import bell

LOST = 0.3


class LossyLayer:
    """As much of a channel layer as the doorbell needs."""

    def __init__(self) -> None:
        self._queues: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Queue[Any]]] = {}
        self._chance = random.Random(7)

    async def new_channel(self) -> str:
        """A channel that the loop of the caller listens on."""
        name = f"channel-{len(self._queues)}"
        self._queues[name] = asyncio.get_running_loop(), asyncio.Queue()
        return name

    async def group_add(self, group: str, channel: str) -> None:
        """There is one group."""

    async def group_discard(self, group: str, channel: str) -> None:
        """Leave."""
        del self._queues[channel]

    async def group_send(self, group: str, message: Any) -> None:
        """Tell everybody, or nobody."""
        for loop, queue in list(self._queues.values()):
            if self._chance.random() >= LOST:
                loop.call_soon_threadsafe(queue.put_nowait, message)

    async def receive(self, channel: str) -> Any:
        """The next message."""
        return await self._queues[channel][1].get()


@contextmanager
def hearing_nothing(listener: object) -> Iterator[None]:
    """In the place of the doorbell's reliable listeners."""
    yield


layer = LossyLayer()
doorbell.get_channel_layer = bell.get_channel_layer = lambda: layer  # type: ignore[assignment]
bell.listening = hearing_nothing  # type: ignore[assignment]
bell.POLL = bell.TICK = 0.5


def write(uuid: str, commits: int) -> None:
    """Append a row in each commit, then finish."""
    from runs.models import Run
    from tests.journaling import extend, finish

    run = Run.objects.select_related("tenant").get(uuid=uuid)
    for _ in range(commits):
        extend(run, 1)
    finish(run)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """The house, with one more address."""
    if not scope["path"].startswith("/write/"):
        await house(scope, receive, send)
        return
    _, _, uuid, commits, _ = scope["path"].split("/")
    threading.Thread(target=write, args=(uuid, int(commits)), daemon=True).start()
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})
