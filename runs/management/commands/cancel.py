"""`manage.py cancel RUN`."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management import BaseCommand, CommandError, CommandParser

from runs.actions.runs import UnableToCancelRun, cancel_run
from runs.management.console import add_tenant, at_console
from runs.reading.named import run_named


class Command(BaseCommand):
    """Cancels as `console:<os user>`."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "Cancel a run: at once when it is queued or waits, at its next cycle when it is running."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", metavar="RUN", help="uuid or number")
        add_tenant(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        by = at_console(options["tenant"])
        try:
            run = cancel_run(by=by, run=run_named(by, options["run"]))
        except ObjectDoesNotExist as error:
            raise CommandError(f"There is no run '{options['run']}'.", returncode=2) from error
        except UnableToCancelRun as error:
            raise CommandError(f"{error}.") from error
        self.stdout.write(f"Run {run.uuid} {'is cancelled' if run.is_finished else 'ends at its next cycle'}.")
