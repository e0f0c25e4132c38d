"""Where async code waits for the database: threads of its own, so that nobody queues behind the pages."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import connection

P = ParamSpec("P")
T = TypeVar("T")

_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live-read")


async def read(reading: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a reading in a thread. Nothing but its arguments follows it there."""
    return await asyncio.get_running_loop().run_in_executor(_threads, lambda: _called(reading, *args, **kwargs))


def _called(reading: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    healthy = False
    try:
        answer = reading(*args, **kwargs)
        healthy = True
    finally:
        # A file stays open; PostgreSQL's connection goes back to the pool, and so does whatever broke.
        if not healthy or connection.vendor != "sqlite":
            connection.close()
    return answer
