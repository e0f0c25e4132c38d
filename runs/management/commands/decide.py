"""`manage.py decide GATE approve|reject --reason …`: close a gate, and go on with the run."""

import sys
from typing import Any

from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from runs.actions.gates import VERDICTS, UnableToDecide, decide_gate
from runs.management.console import add_tenant, at_console, told_to_stop
from runs.management.telling import told
from runs.reading.named import gate_named
from runs.reading.report import exit_code_of, report_of
from runs.runner import LeaseLost, carry, claim_run


class Command(BaseCommand):
    """Decides as `console:<os user>`; when that was the last gate, this process conducts the run on."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "Approve or reject what waits at a gate; the run goes on when its last gate is closed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("gate", metavar="GATE", help="number or gate id")
        parser.add_argument("verdict", choices=VERDICTS)
        parser.add_argument("--reason", default="", help="why; needed for a rejection")
        add_tenant(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        by = at_console(options["tenant"])
        try:
            gate = decide_gate(by=by, gate=gate_named(by, options["gate"]), verdict=options["verdict"], reason=options["reason"])
        except ObjectDoesNotExist as error:
            raise CommandError(f"There is no gate '{options['gate']}'.", returncode=2) from error
        except MultipleObjectsReturned as error:
            raise CommandError(f"Several runs wait at a gate '{options['gate']}'; use its number.", returncode=2) from error
        except UnableToDecide as error:
            raise CommandError(f"{error}.") from error
        self.stdout.write(f"Gate {gate.gate_id} is {gate.status}.")
        _go_on(gate.run)
        report = report_of(gate.run)
        self.stdout.write(told(report))
        sys.exit(exit_code_of(report) if report["status"] not in ("queued", "running") else 0)


def _go_on(run: Any) -> None:
    """Conduct the run, if it is free and no worker was quicker."""
    taken = claim_run(run, timezone.now())
    if taken is None:
        return
    with told_to_stop() as stop:
        try:
            carry(taken, stop)
        except LeaseLost as error:
            raise CommandError("Another worker has taken the run over; it goes on there.") from error
