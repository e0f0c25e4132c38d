"""`manage.py rebuild RUN`."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management import BaseCommand, CommandError, CommandParser

from runs.actions.runs import rebuild_run
from runs.management.console import add_tenant, at_console
from runs.reading.named import run_named


class Command(BaseCommand):
    """Proves that the journal alone tells everything, or mends what did not agree with it."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "Rebuild the projections of a run from its journal; exits 1 when they were not equal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", metavar="RUN", help="uuid or number")
        add_tenant(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        by = at_console(options["tenant"])
        try:
            run = run_named(by, options["run"])
        except ObjectDoesNotExist as error:
            raise CommandError(f"There is no run '{options['run']}'.", returncode=2) from error
        differences = rebuild_run(by=by, run=run)
        if differences:
            raise CommandError("Not equal; rebuilt:\n" + "\n".join(f"  {each}" for each in differences))
        self.stdout.write(f"Equal: the {run.head} envelopes of run {run.uuid} tell everything that the tables say.")
