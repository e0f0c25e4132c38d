"""Keeping leases while suggestors work and nothing is written."""

import threading
import time
from types import TracebackType

from django.db import Error, connections
from django.utils import timezone

from runs.models import Run
from runs.runner.claim import LEASE, renew

BEAT = LEASE.total_seconds() / 3


class Heart:
    """Renews the leases of all runs that this process holds, from one thread, which lives while there are any.

    A thread for each run would cost more than a short run itself. It writes nothing else; whether a run is still ours
    is found out by its next flush.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, Run] = {}
        self._beats = False

    def hold(self, run: Run) -> None:
        """Renew this lease, too."""
        with self._lock:
            self._held[str(run.lease)] = run
            if self._beats:
                return
            self._beats = True
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()

    def release(self, lease: str) -> None:
        """Renew this lease no more."""
        with self._lock:
            self._held.pop(lease, None)

    def _beat(self) -> None:
        while True:
            time.sleep(BEAT)
            with self._lock:
                runs = [*self._held.values()]
                self._beats = bool(runs)
            if not runs:
                return
            _renew(runs)


def _renew(runs: list[Run]) -> None:
    """A database that is away for a moment is asked again at the next beat."""
    try:
        renew(*runs, now=timezone.now())
    except Error:
        return
    finally:
        connections.close_all()


HEART = Heart()


class Heartbeat:
    """Keeps the lease of a run until the block is left."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._lease = str(run.lease)

    def __enter__(self) -> "Heartbeat":
        HEART.hold(self._run)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        HEART.release(self._lease)
