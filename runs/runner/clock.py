"""The wall clock as a worker sees it: it may be set, or stand still while the machine sleeps."""

import time
from datetime import datetime

from django.utils import timezone

from runs.runner.claim import LEASE


class Clock:
    """Tells the time, and whether leases and deadlines can be judged by it.

    After a jump they cannot, for as long as a lease lasts: whoever lives renews theirs meanwhile, so that nothing is
    taken from a worker only because the time was set. The clock that counts seconds tells a jump from a long wait.
    """

    def __init__(self) -> None:
        self._wall, self._counted = timezone.now(), time.monotonic()
        self._settled_at = self._counted

    def now(self) -> datetime:
        """The time."""
        wall, counted = timezone.now(), time.monotonic()
        jump = (wall - self._wall).total_seconds() - (counted - self._counted)
        if abs(jump) > LEASE.total_seconds() / 3:
            self._settled_at = counted + LEASE.total_seconds()
        self._wall, self._counted = wall, counted
        return wall

    def is_settled(self) -> bool:
        """Whether it has not jumped for a while, up to this moment."""
        self.now()
        return self._counted >= self._settled_at
