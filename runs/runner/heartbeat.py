"""Keeping a lease while suggestors work and nothing is written."""

import threading
from types import TracebackType

from django.db import Error, connections
from django.utils import timezone

from runs.models import Run
from runs.runner.claim import LEASE, renew

BEAT = LEASE.total_seconds() / 3


class Heartbeat:
    """Renews the lease of a run from a thread of its own, until the block is left or the run is lost.

    It writes nothing else; whether the run is still ours is found out by the next flush.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{run.pk}", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._over.wait(BEAT):
                if not self._renewed():
                    return
        finally:
            connections.close_all()

    def _renewed(self) -> bool:
        """A database that is away for a moment is asked again at the next beat."""
        try:
            return renew(self._run, timezone.now())
        except Error:
            connections.close_all()
            return True
