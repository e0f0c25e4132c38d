"""`manage.py run_formation FILE`: run a formation document here and now."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from runs.actions.formations import save_document
from runs.actions.runs import UnableToStartRun, start_run
from runs.management.console import add_tenant, at_console, told_to_stop
from runs.management.telling import as_json, followed, told
from runs.reading.readiness import readiness_of
from runs.reading.report import exit_code_of, report_of
from runs.runner import LeaseLost, carry, held, new_lease
from runs.suggestors.problems import DocumentInvalid


class Command(BaseCommand):
    """Publishes the document if it is new, and conducts a run of it in this process."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "Run a formation document (JSON or YAML); exits 0 converged, 3 needs a human, 4 budget spent, 5 cancelled, 1 failed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the document; - reads standard input")
        add_tenant(parser)
        parser.add_argument("--follow", action="store_true", help="show how the run goes, in one live line")
        parser.add_argument("--pace", type=float, default=0.0, metavar="S", help="wait S seconds between cycles")
        parser.add_argument("--anyway", action="store_true", help="start it even if something it needs is missing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        document = _text_of(options["file"])
        by = at_console(options["tenant"])
        lease = new_lease()
        try:
            version = save_document(by=by, document=document)
            self._check_readiness(readiness_of(by, version), anyway=options["anyway"])
            run = held(start_run(by=by, version=version, pace=options["pace"], lease=lease).pk, lease)
        except DocumentInvalid as error:
            raise CommandError(f"{options['file']} is no formation document that can be run:\n{error}", returncode=2) from error
        except UnableToStartRun as error:
            raise CommandError(f"{error}.", returncode=2) from error
        with ExitStack() as stack:
            stop = stack.enter_context(told_to_stop())
            if options["follow"]:
                stack.enter_context(followed(run))
            _carry(run, stop)
        report = report_of(run)
        self.stdout.write(as_json(report) if options["json"] else told(report))
        sys.exit(exit_code_of(report))

    def _check_readiness(self, readiness: Any, *, anyway: bool) -> None:
        """Tell the gaps; refuse to start with one that blocks."""
        for gap in readiness.gaps:
            self.stderr.write(f"{gap.severity}: {gap.path}: {gap.says} {gap.remedy}")
        if not (readiness.is_ready or anyway):
            raise CommandError("Not started: what blocks stands above; --anyway starts it nevertheless.", returncode=2)


def _carry(run: Any, stop: Any) -> None:
    try:
        carry(run, stop)
    except LeaseLost as error:
        raise CommandError("Another worker has taken the run over; it goes on there.") from error
    if stop.is_set() and run.status == "queued":
        raise CommandError(f"Stopped. A worker (`manage.py work`) goes on with run {run.uuid}; `manage.py cancel` ends it.", returncode=130)


def _text_of(name: str) -> str:
    try:
        return sys.stdin.buffer.read().decode() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.", returncode=2) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not UTF-8: {error.reason} at byte {error.start}.", returncode=2) from error
