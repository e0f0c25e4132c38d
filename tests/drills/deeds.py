"""What can befall a drill's process."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection, connections
from django.db.backends.signals import connection_created
from django.utils import timezone

from tests.drills.traps import Job

ROOMY = 2**30
HOUR = 3600.0


def deeds_of(job: Job, folder: Path) -> dict[str, Callable[[], None]]:
    """Every deed by its name."""
    clock = Clock(job.clock, folder)
    return {
        "kill": partial(signalled, signal.SIGKILL),
        "stall": partial(stall, folder / "stalled"),
        "freeze": partial(signalled, signal.SIGSTOP),
        "forwards": partial(clock.jump, HOUR),
        "backwards": partial(clock.jump, -HOUR),
        "full": Disk(folder).fill,
        "restart": restart,
        "lock": partial(lock, folder / "locked"),
        "cancel": cancel,
        "break": break_off,
    }


def signalled(number: int) -> None:
    """Send this process a signal. Another thread may be the one to take it: this one goes no further meanwhile."""
    os.kill(os.getpid(), number)
    time.sleep(0.1)


class Clock:
    """The wall clock, which can be set for all processes of a stage; what measures durations goes on as if nothing were."""

    def __init__(self, ahead: float, folder: Path) -> None:
        self._ahead, self._set = ahead, folder / "clock"
        real = timezone.now
        timezone.now = lambda: real() + timedelta(seconds=self._ahead + self._jumped())

    def _jumped(self) -> float:
        return float(self._set.read_text()) if self._set.exists() else 0.0

    def jump(self, seconds: float) -> None:
        """Set the clock."""
        beside = self._set.with_suffix(f".{os.getpid()}")
        beside.write_text(str(seconds))
        beside.rename(self._set)


class Disk:
    """As long as the file `full` is there, SQLite gets no further page in this process."""

    def __init__(self, folder: Path) -> None:
        self._full = folder / "full"
        from runs.journal import tables

        self._real, tables.insert = tables.insert, self._insert
        connection_created.connect(self._limit, weak=False)

    def fill(self) -> None:
        """No space is left."""
        self._full.touch()

    def _insert(self, *args: Any) -> None:
        self._limit()
        self._real(*args)

    def _limit(self, **_: Any) -> None:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            connection.connection.execute(f"PRAGMA max_page_count = {1 if self._full.exists() else ROOMY}")


def break_off() -> None:
    """The connection breaks in this moment, whatever became of what was last sent."""
    connection.close()
    raise OperationalError("the connection broke")


def stall(until: Path) -> None:
    """Whoever comes by stands still until the file is gone. Unlike `freeze` this holds no lock of SQLite by chance."""
    until.touch()
    while until.exists():
        time.sleep(0.01)


def lock(until: Path) -> None:
    """Somebody takes SQLite's lock for writing, and keeps it until the file is gone."""
    until.touch()
    taken = threading.Event()
    threading.Thread(target=_keep_lock, args=(until, taken), daemon=True).start()
    taken.wait()


def _keep_lock(until: Path, taken: threading.Event) -> None:
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, timeout=20)) as other:
        other.execute("BEGIN IMMEDIATE")
        taken.set()
        while until.exists():
            time.sleep(0.01)


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
