"""`manage.py work`: the worker."""

from typing import Any

from django.core.management import BaseCommand, CommandParser

from runs.management.console import ready_database, told_to_stop
from runs.runner import work


class Command(BaseCommand):
    """Conducts runs until SIGTERM or SIGINT; then it lets go of them at their next border."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "Take queued runs and conduct them, several side by side, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hands", type=int, default=4, help="runs conducted side by side (4)")

    def handle(self, *args: Any, **options: Any) -> None:
        ready_database()
        with told_to_stop() as stop:
            work(stop, hands=options["hands"])
