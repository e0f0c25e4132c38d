"""`manage.py selftest tenancy`: whether anybody gets at what is not theirs."""

import logging
from typing import Any

from django.core.management import BaseCommand, CommandParser

from runs.management.console import ready_database
from runs.management.walk import Tried, walk


class Command(BaseCommand):
    """Walks every page, API route, export, socket and admin view; exits with 1 when something leaks."""

    help = "Knock at every address as nobody, as a stranger, by a stranger's token and in each role; keep nothing of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["tenancy"])

    def handle(self, *args: Any, **options: Any) -> None:
        ready_database()
        before = logging.root.manager.disable
        logging.disable(logging.CRITICAL)  # refusals are what is wanted here
        try:
            tried = walk()
        finally:
            logging.disable(before)
        self._tell(tried)
        if tried.leaks:
            raise SystemExit(1)

    def _tell(self, tried: Tried) -> None:
        self.stdout.write(f"{tried.addresses} addresses; {tried.shown} show an admin of the tenant what is theirs")
        self.stdout.write(f"{'who':<18} {'tried':>6} {'refused':>8}")
        for who, count in tried.tries.items():
            self.stdout.write(f"{who:<18} {count:>6} {tried.refusals[who]:>8}")
        self.stdout.write(f"{'in all':<18} {tried.tries.total():>6} {tried.refusals.total():>8}")
        for leak in tried.leaks:
            self.stdout.write(f"LEAK  {leak}")
        self.stdout.write("nothing leaks" if not tried.leaks else f"{len(tried.leaks)} leaks")
