"""`manage.py decide GATE approve|reject|edit|answer|retry …`: say one's word at a gate, and go on with the run."""

import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any

import msgspec
from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from runs.actions.edits import EditInvalid
from runs.actions.gates import EDIT, VERDICTS, UnableToDecide, decide_gate
from runs.engine.questions import ANSWER
from runs.management.console import add_tenant, at_console, told_to_stop
from runs.management.telling import told
from runs.reading.named import gate_named
from runs.reading.report import exit_code_of, report_of
from runs.runner import LeaseLost, carry, claim_run


class Command(BaseCommand):
    """Decides as `console:<os user>`; when that was the last gate, this process conducts the run on."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = """Decide what waits at a gate; the run goes on when its last gate is closed.

  manage.py decide GATE approve [--reason TEXT]
  manage.py decide GATE reject --reason TEXT
  manage.py decide GATE edit --text TEXT        a text in the place of the proposed one, and approve it
  manage.py decide GATE edit --json PAYLOAD     the same for other families
  manage.py decide GATE answer --text TEXT      answer a question
  manage.py decide GATE answer --json VALUE
  manage.py decide GATE retry                   repeat an effect that may or may not have been done"""

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("gate", metavar="GATE", help="number or gate id")
        parser.add_argument("verdict", choices=VERDICTS)
        parser.add_argument("--reason", default="", help="why; needed for a rejection")
        said = parser.add_mutually_exclusive_group()
        said.add_argument("--text", help="the edit or the answer, as text")
        said.add_argument("--json", help="the edit or the answer, as JSON")
        add_tenant(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        by = at_console(options["tenant"])
        try:
            gate = gate_named(by, options["gate"])
            gate = decide_gate(by=by, gate=gate, verdict=options["verdict"], reason=options["reason"], **_said(options))
        except ObjectDoesNotExist as error:
            raise CommandError(f"There is no gate '{options['gate']}'.", returncode=2) from error
        except MultipleObjectsReturned as error:
            raise CommandError(f"Several runs wait at a gate '{options['gate']}'; use its number.", returncode=2) from error
        except (UnableToDecide, EditInvalid) as error:
            raise CommandError(f"{error}.") from error
        self.stdout.write(f"Gate {gate.gate_id} is {gate.status}.")
        _go_on(gate.run)
        report = report_of(gate.run)
        self.stdout.write(told(report))
        sys.exit(exit_code_of(report) if report["status"] not in ("queued", "running") else 0)


def _said(options: dict[str, Any]) -> dict[str, Any]:
    """The edit or the answer that was typed."""
    verdict, text, json = options["verdict"], options["text"], options["json"]
    if verdict not in (EDIT, ANSWER) or (text is None and json is None):
        return {}
    try:
        value = text if json is None else msgspec.json.decode(json)
    except msgspec.DecodeError as error:
        raise CommandError(f"--json is no JSON: {error}.", returncode=2) from error
    return {ANSWER: value} if verdict == ANSWER else {EDIT: {"payload": {"text": value} if json is None else value}}


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
