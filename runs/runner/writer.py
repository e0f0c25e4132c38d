"""Between the engine and the journal: gathers rows, and flushes them not too often and not too late."""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from runs.engine.wire import Row
from runs.journal import Batch, append
from runs.models import Run, RunStatus
from runs.runner.claim import LEASE

#: Cycles of one flush lie at most this many seconds apart.
PERIOD = 0.05
#: How long a run is held back that cannot go on as things stand.
HELD_BACK = timedelta(seconds=30)
#: Seconds between two tries while the database is away, locked or without space.
AGAIN = 0.1

log = structlog.get_logger(__name__)


class Writer:
    """Writes the journal of a run that we hold. What is not flushed has not happened."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._batches: list[Batch] = []
        self._flushed_at = time.monotonic()

    @property
    def is_due(self) -> bool:
        """Whether the last flush, or the beginning, is long enough ago."""
        return time.monotonic() - self._flushed_at >= PERIOD

    def add(self, rows: Sequence[Row]) -> None:
        """Take rows, as of now."""
        if rows:
            self._batches.append((timezone.now(), rows))

    def flush(self, **columns: Any) -> None:
        """Commit what was gathered, and `columns` of the run with it; this renews the lease. Raises `LeaseLost`.

        A database that fails is tried again for as long as a lease lasts: the answers of providers are only here. Rows
        whose commit went through unheard are not written twice, because the run's head has moved on.
        """
        until = time.monotonic() + LEASE.total_seconds()
        while not self._has_appended(columns, last=time.monotonic() >= until):
            time.sleep(AGAIN)
        self._batches = []
        self._flushed_at = time.monotonic()

    def _has_appended(self, columns: Mapping[str, Any], *, last: bool) -> bool:
        renewed: dict[str, Any] = {"lease_until": timezone.now() + LEASE, **columns}
        try:
            append(self.run, self._batches, lease=self.run.lease, columns=renewed)
        except (OperationalError, InterfaceError) as error:
            if last or connection.in_atomic_block:
                raise
            log.warning("database-away", run=self.run.pk, error=str(error))
            connection.close()
            return False
        return True

    def let_go(self, status: str) -> None:
        """Flush and give the run out of our hands."""
        self.flush(status=status, lease=None, lease_until=None)

    def hold_back(self, why: str) -> None:
        """Give the run out of our hands; nobody takes it for a while, and people are told why."""
        self.flush(status=RunStatus.QUEUED, lease=None, lease_until=timezone.now() + HELD_BACK, message=why)
