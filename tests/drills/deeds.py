"""What can befall a drill's process."""

import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.db import connection, connections
from django.db.backends.signals import connection_created
from django.utils import timezone

from tests.drills.cast import note
from tests.drills.traps import Job

ROOMY = 2**30
HOUR = 3600.0


def deeds_of(job: Job, folder: Path) -> dict[str, Callable[[], None]]:
    """Every deed by its name."""
    clock = Clock(job.clock)
    return {
        "kill": partial(os.kill, os.getpid(), signal.SIGKILL),
        "freeze": partial(os.kill, os.getpid(), signal.SIGSTOP),
        "forwards": partial(clock.jump, HOUR),
        "backwards": partial(clock.jump, -HOUR),
        "full": Disk(folder).fill,
        "restart": restart,
        "cancel": cancel,
    }


class Clock:
    """The wall clock of this process, which can be set; what measures durations goes on as if nothing were."""

    def __init__(self, ahead: float) -> None:
        self._ahead, self._real = timedelta(seconds=ahead), timezone.now
        timezone.now = lambda: self._real() + self._ahead

    def jump(self, seconds: float) -> None:
        """Set the clock."""
        self._ahead += timedelta(seconds=seconds)


class Disk:
    """As long as the file `full` is there, SQLite gets no further page in this process."""

    def __init__(self, folder: Path) -> None:
        self._full, self._failures = folder / "full", folder / "failures"
        from runs.journal import tables

        self._real, tables.insert = tables.insert, self._insert
        connection_created.connect(self._limit, weak=False)

    def fill(self) -> None:
        """No space is left."""
        self._full.touch()

    def _insert(self, *args) -> None:
        self._limit()
        try:
            self._real(*args)
        except Exception as error:
            note(self._failures, str(error))
            raise

    def _limit(self, **_) -> None:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            connection.connection.execute(f"PRAGMA max_page_count = {1 if self._full.exists() else ROOMY}")


def restart() -> None:
    """What a restart of PostgreSQL means to its clients: every connection to this database but our own breaks."""
    import psycopg

    here = connection.settings_dict
    to = {"dbname": here["NAME"], "user": here["USER"], "password": here["PASSWORD"], "host": here["HOST"], "port": here["PORT"]}
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(**{name: value for name, value in to.items() if value}) as one:
        one.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


def cancel() -> None:
    """Somebody cancels whatever run there is, through the action, on a connection of their own."""
    thread = threading.Thread(target=_cancel)
    thread.start()
    thread.join()


def _cancel() -> None:
    from runs.actions.runs import UnableToCancelRun, cancel_run
    from runs.models import Membership, Run

    try:
        member = Membership.objects.filter(role="admin").latest("pk")
        cancel_run(by=member, run=Run.objects.of(member).latest("pk"))
    except UnableToCancelRun:
        pass
    finally:
        connections.close_all()
