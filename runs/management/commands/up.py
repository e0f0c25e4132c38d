"""`manage.py up`: everything that an installation on one machine needs, in one command."""

import json
import os
import socket
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from runs.management import demo, supervisor
from runs.management.console import is_up_to_date, ready_database
from runs.management.forking import forked

MESSAGE = """
  Organism Web is at {address}
  Sign in as {email} with the password {password}

  Ctrl-C stops it.
"""


class Command(BaseCommand):
    """Prepares what is not there yet, saying so, and then becomes the supervisor of a web server and a worker."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "Set up what is missing, start web server and worker, and print the address and the password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help=f"port to listen on ({settings.PORT})")

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"]
        _check_free(settings.BIND, port)
        anew = self._prepare()
        plan = _plan(port)
        running = {} if anew else {name: forked(command) for name, command in plan["commands"].items()}
        os.execv(sys.executable, [sys.executable, "-I", "-S", supervisor.__file__, json.dumps(plan | {"running": running})])

    def _prepare(self) -> bool:
        """Make what is missing; whether something was."""
        anew = False
        if not is_up_to_date():
            anew = True
            self._say("Making the database …" if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else "Updating the database …")
            ready_database()
        if settings.PRODUCTION:
            self._say("Collecting static files …")
            call_command("collectstatic", verbosity=0, interactive=False)
            anew = True
        if not demo.is_there():
            self._say("Making the demo: formations to look at, and runs of them …")
            from runs.management.demo.making import make  # all of the house: only when it is needed

            make()
            anew = True
        self._say("Starting the web server and the worker …")
        return anew

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _plan(port: int) -> dict[str, Any]:
    """What the supervisor is told."""
    root = Path(settings.BASE_DIR)
    host = settings.BIND
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1") else host  # noqa: S104
    address = f"http://{shown}:{port}/"
    web = [sys.executable, "-m", "daphne", "-b", host, "-p", str(port), "-v", "0", "organism_web.asgi:application"]
    return {
        "commands": {"web server": web, "worker": [sys.executable, str(root / "manage.py"), "work"]},
        "folder": str(root),
        "host": "127.0.0.1" if host == "0.0.0.0" else host,  # noqa: S104
        "port": port,
        "message": MESSAGE.format(address=address, email=demo.EMAIL, password=demo.password()),
    }


def _check_free(host: str, port: int) -> None:
    """Say in words that somebody else is listening."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(f"Port {port} of {host} cannot be used ({error}); choose another with --port.") from error
