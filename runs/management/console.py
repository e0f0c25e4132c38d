"""What the commands share: a database that is ready, the actor at the keyboard, and stopping when told to."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import CommandError, CommandParser, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from runs.actions.tenants import UnableToChooseTenant, console


def add_tenant(parser: CommandParser) -> None:
    """The option that names the tenant."""
    parser.add_argument("--tenant", metavar="SLUG", help="the tenant; needed when there are several")


def at_console(tenant: str | None) -> Any:
    """The actor at the keyboard, in the tenant named or the only one; the embedded database is brought up to date."""
    ready_database()
    try:
        return console(tenant)
    except UnableToChooseTenant as error:
        raise CommandError(f"{error}.", returncode=2) from error


def ready_database() -> None:
    """Migrate the embedded database; another one is its keeper's business."""
    if is_up_to_date():
        return
    if connection.vendor != "sqlite":
        raise CommandError("The database is not up to date: run `manage.py migrate` first.")
    call_command("migrate", verbosity=0, interactive=False)


def is_up_to_date() -> bool:
    """Whether every migration was applied."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


@contextmanager
def told_to_stop() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set, while the block lasts."""
    stop = threading.Event()
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}

    for each in before:
        signal.signal(each, lambda *_: stop.set())
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
