"""One run, followed once for all of its watchers in this process."""

import asyncio
import logging
import time
from collections import OrderedDict
from typing import Protocol

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError

from runs.live.frames import Frame, end_frame, envelopes_frame, hello_frame, status_frame
from runs.live.reads import read
from runs.reading.envelopes import JournalBroken, News, entries_after, news_after
from runs.reading.following import Followed, Standing, standing_of
from runs.reading.summaries import summary_of

#: Seconds between two looks at a busy run, more of them the more watchers there are to serve in between; the first event
#: after a quiet time is looked at without delay.
SHORTEST, LONGEST, PER_WATCHER = 0.02, 0.05, 0.0002
#: Seconds between two status frames that tell of counters only.
COUNTERS_EVERY = 1.0
#: Characters of recent frames that a tail keeps for its watchers, and seconds for which it does when nothing moves.
KEPT, KEPT_FOR = 2 * 1024 * 1024, 2.0
#: A frame of so few characters serves only those who are not so many envelopes behind.
CRUMB, BEHIND = 16 * 1024, 200

logger = logging.getLogger(__name__)


class Watches(Protocol):
    """Whoever wants to know that a tail has something new."""

    def wake(self) -> None:
        """Look at the tail again."""


class Tail:
    """Knows how far the journal of a run reaches, and makes the frames that its watchers ask for.

    Each frame is read and encoded once, by whoever asks first, and kept for the others. Watchers that have come to `head`
    stand at the same place and so share every frame from there on. Frames begin where they are asked to and hold
    neighbours only: following them leaves no gap and repeats nothing, whatever rings are lost.
    """

    def __init__(self, followed: Followed) -> None:
        self.followed = followed
        self.head = followed.run.head
        self.run = followed.run
        self.watchers: set[Watches] = set()
        self.status = status_frame(self._summary())
        self.edition = 0
        self._untold = False
        self._told_at = self._moved_at = time.monotonic()
        self._frames: OrderedDict[int, Frame] = OrderedDict()
        self._size = 0
        self._under_way: dict[int, asyncio.Future[Frame]] = {}
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """There may be something new."""
        self._rung.set()

    def differs_from(self, standing: Standing | None) -> bool:
        """Whether the watchers do not know yet that the run stands like this, or what its counters say."""
        return self._untold or standing != standing_of(self.run)

    def rest(self) -> None:
        """Nothing has moved: after a while, let go of the frames; whoever still wants one can have it made."""
        if self._frames and time.monotonic() - self._moved_at > KEPT_FOR:
            self._frames.clear()
            self._size = 0

    @property
    def hello(self) -> str:
        """The first frame for a watcher; what it does not tell yet comes with the next status."""
        return hello_frame(self._summary(), self.head)

    @property
    def end(self) -> str | None:
        """The last frame for a watcher who is at `head`, once the run is over."""
        return end_frame(self._summary(), self.head) if self.run.is_finished and self.head >= self.run.head else None

    async def follow(self) -> None:
        """Look whenever it rings, but not more often than the pause allows. Ends only when the run is not there any more."""
        while True:
            await self._rung.wait()
            self._rung.clear()
            try:
                await self._look()
            except ObjectDoesNotExist:
                return
            except (DatabaseError, JournalBroken):
                logger.exception("the tail of run %s could not read; it tries again", self.run.pk)
            await asyncio.sleep(min(LONGEST, SHORTEST + PER_WATCHER * len(self.watchers)))

    async def frame_after(self, place: int) -> Frame:
        """The frame that begins at a place before `head`."""
        kept = self._frames.get(place)
        if kept is not None and not self._is_crumb(kept):
            return kept
        if place not in self._under_way:
            self._under_way[place] = asyncio.ensure_future(self._made(place))
        return await asyncio.shield(self._under_way[place])

    async def _look(self) -> None:
        self._take(await read(news_after, self.followed.by, self.run, self.head))

    def _take(self, news: News) -> None:
        """Wake the watchers if the journal grew or the run stands differently."""
        urgent = standing_of(news.run)[1:] != standing_of(self.run)[1:]
        self.run = news.run
        if news.page.bodies:
            self._keep(envelopes_frame(news.page))
        before, self.head = self.head, max(self.head, news.page.to, news.run.head)
        if self.head > before:
            self._moved_at = time.monotonic()
        if self._tell(urgent) or self.head > before:
            for watcher in tuple(self.watchers):
                watcher.wake()
        else:
            self.rest()

    def _tell(self, urgent: bool) -> bool:
        """Make a new status frame; counters alone are told now and then only."""
        text = status_frame(self._summary())
        now = time.monotonic()
        self._untold = text != self.status and not (urgent or now - self._told_at >= COUNTERS_EVERY)
        if self._untold or text == self.status:
            return False
        self.status, self._told_at = text, now
        self.edition += 1
        return True

    async def _made(self, place: int) -> Frame:
        try:
            page = await read(entries_after, self.followed.by, self.run, place, until=self.head)
            if not page.bodies:
                raise JournalBroken(f"run {self.run.pk} has no envelope {place + 1}")
            return self._keep(envelopes_frame(page))
        finally:
            del self._under_way[place]

    def _is_crumb(self, frame: Frame) -> bool:
        """Whether whoever comes late should rather have one large frame than this one and many like it."""
        return len(frame.text) < CRUMB and frame.to < self.head and self.head - frame.after > BEHIND

    def _keep(self, frame: Frame) -> Frame:
        """Remember the frame, and forget the oldest ones for it."""
        replaced = self._frames.pop(frame.after, None)
        self._size += len(frame.text) - (len(replaced.text) if replaced else 0)
        self._frames[frame.after] = frame
        while self._size > KEPT and len(self._frames) > 1:
            self._size -= len(self._frames.popitem(last=False)[1].text)
        return frame

    def _summary(self) -> str:
        return summary_of(self.followed.by, self.run).as_json()
