"""A world of its own for a bench: a fresh database, a tenant, somebody signed in, runs to write to."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class World:
    """Where the database is, and the cookie of somebody who may see everything in it."""

    database: str
    cookie: str


@contextmanager
def world() -> Iterator[World]:
    """Make it, on SQLite unless `BENCH_DATABASE_URL` says otherwise; Django is set up from here on."""
    with tempfile.TemporaryDirectory() as folder:
        database = os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        os.environ |= {
            "DATABASE_URL": database,
            "STATE_DIR": folder,
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "organism_web.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield World(database, _signed_in())


def _signed_in() -> str:
    from django.test import Client

    from tests.house import a_member

    client = Client()
    client.force_login(a_member().user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return f"sessionid={client.cookies['sessionid'].value}"


def a_run_to_write() -> Any:
    """A run under way, with nothing in its journal."""
    from tests.house import a_run

    return a_run(status="running", lease="bench")
