"""One tenant, followed once for everybody in this process who looks at its runs."""

import asyncio
import logging
from typing import Any

from django.db import DatabaseError

from runs.live.frames import status_frame
from runs.live.reads import read
from runs.live.watcher import Send
from runs.reading.summaries import newest_run, runs_stirring, summary_of

#: Seconds between two looks at a busy tenant.
PAUSE = 0.25

logger = logging.getLogger(__name__)


class Onlooker:
    """One client who watches a tenant: holds the last status of each run that changed, until it is sent."""

    def __init__(self, overview: "Overview", send: Send) -> None:
        self._overview = overview
        self._send = send
        self._news: dict[int, str] = {}
        self._woken = asyncio.Event()

    def tell(self, run: int, text: str) -> None:
        """A run changed; what was not sent of it yet is of no interest any more."""
        self._news[run] = text
        self._woken.set()

    async def pump(self) -> None:
        """Send what changes, until cancelled."""
        self._overview.onlookers.add(self)
        try:
            while True:
                await self._woken.wait()
                self._woken.clear()
                while self._news:
                    await self._send(self._news.pop(next(iter(self._news))))
        finally:
            self._overview.onlookers.discard(self)


class Overview:
    """Knows how the unfinished runs of a tenant stand, and tells its onlookers of each that changes or is new."""

    def __init__(self, by: Any) -> None:
        self.by = by
        self.onlookers: set[Onlooker] = set()
        #: Set once it knows how the runs stand: what changes from then on is told.
        self.seen = asyncio.Event()
        self._newest = 0
        self._open: dict[int, str] = {}
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """There may be something new."""
        self._rung.set()

    async def follow(self) -> None:
        """Look whenever it rings, but not more often than the pause allows."""
        while True:
            await self._rung.wait()
            self._rung.clear()
            try:
                await self._look()
            except DatabaseError:
                logger.exception("the overview of tenant %s could not read; it tries again", self.by.tenant_id)
            await asyncio.sleep(PAUSE)

    async def _look(self) -> None:
        if not self.seen.is_set():
            self._newest = await read(newest_run, self.by)
        runs = await read(runs_stirring, self.by, known=tuple(self._open), newest=self._newest)
        for run in reversed(runs):
            text = status_frame(summary_of(self.by, run).as_json())
            if text != self._open.get(run.pk) and self.seen.is_set():
                self._tell(run.pk, text)
            self._open[run.pk] = text
            self._newest = max(self._newest, run.pk)
        self._open = {run.pk: self._open[run.pk] for run in runs if not run.is_finished}
        self.seen.set()

    def _tell(self, run: int, text: str) -> None:
        for onlooker in self.onlookers:
            onlooker.tell(run, text)
