"""`manage.py verify RUN | --all`."""

import sys
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management import BaseCommand, CommandError, CommandParser

from runs.actions.verifications import UnableToVerify, can_verify, verify_run
from runs.management.console import add_tenant, at_console
from runs.management.telling import sides_of
from runs.reading.named import run_named
from runs.reading.runs import every_run_of
from runs.runner import carry_out, new_lease


class Command(BaseCommand):
    """Keeps the verdict beside the run, as the button on its page does."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "Execute runs again, each in a fresh process, and hold them against their journals; exits 1 when one diverged."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("run", metavar="RUN", nargs="?", help="uuid or number")
        which.add_argument("--all", action="store_true", help="every run of the tenant, oldest first")
        add_tenant(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        by = at_console(options["tenant"])
        verdicts = [self._verify(by, run, alone=not options["all"]) for run in _wanted(by, options["run"])]
        if options["all"]:
            good = verdicts.count("verified")
            self.stdout.write(f"{good} verified, {len(verdicts) - good} not.")
        sys.exit(any(verdict != "verified" for verdict in verdicts))

    def _verify(self, by: Any, run: Any, *, alone: bool) -> str:
        try:
            told = carry_out(verify_run(by=by, run=run, lease=new_lease()))
        except UnableToVerify as error:
            raise CommandError(f"{error}.", returncode=2) from error
        self.stdout.write(str(told) if alone else f"{run.uuid} {told}")
        for line in sides_of(told):
            self.stdout.write(f"  {line}")
        self.stdout.flush()
        return str(told.verdict)


def _wanted(by: Any, name: str | None) -> Iterator[Any]:
    if name is None:
        yield from (run for run in every_run_of(by) if can_verify(run, by=by))
        return
    try:
        yield run_named(by, name)
    except ObjectDoesNotExist as error:
        raise CommandError(f"There is no run '{name}'.", returncode=2) from error
