"""`manage.py test`: every lane whose needs are there, and a table at the end."""

import subprocess
import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand

from runs.management.lanes import LANES, ROOT, STATE, Lane, pytest

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass(frozen=True)
class Result:
    """How one lane ended."""

    lane: str
    outcome: str
    seconds: float = 0.0
    note: str = ""


class Command(BaseCommand):
    """In the place of Django's own command, because the tests are pytest's and more than tests must hold."""

    help = """Run every lane whose needs are there.

  manage.py test                         all lanes
  manage.py test --full                  the same; a lane that lacks something fails
  manage.py test --lane lint --lane types
  manage.py test tests/engine            pytest alone, with these paths
  manage.py test -- -k gate -x           pytest alone, with these options"""
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--full", action="store_true", help="fail where a lane lacks what it needs")
        parser.add_argument("--lane", action="append", choices=[lane.name for lane in LANES], help="only this lane; may be repeated")
        parser.add_argument("pytest", nargs="*", help="paths and options for pytest, which then runs alone")

    def handle(self, *args: Any, **options: Any) -> None:
        STATE.mkdir(parents=True, exist_ok=True)
        if options["pytest"]:
            sys.exit(subprocess.call(pytest(*options["pytest"]), cwd=ROOT, env=Lane("pytest", ()).variables()))
        chosen = [lane for lane in LANES if lane.name in (options["lane"] or [lane.name])]
        results = [self._run(lane, full=options["full"]) for lane in chosen]
        self._print_table(results)
        sys.exit(any(result.outcome == FAILED for result in results))

    def _run(self, lane: Lane, *, full: bool) -> Result:
        self._say(f"\n── {lane.name} " + "─" * (76 - len(lane.name)))
        if missing := lane.lacks():
            self._say(missing)
            return Result(lane.name, FAILED if full else SKIPPED, note=missing)
        begun = time.monotonic()
        variables = lane.variables()
        # All of them, even after one has failed: a list of everything that is wrong saves a round.
        codes = [subprocess.call(command, cwd=ROOT, env=variables) for command in lane.commands]
        return Result(lane.name, FAILED if any(codes) else PASSED, time.monotonic() - begun)

    def _print_table(self, results: list[Result]) -> None:
        self._say(f"\n{'lane':<12} {'outcome':<8} {'seconds':>7}")
        for each in results:
            self._say(f"{each.lane:<12} {each.outcome:<8} {each.seconds:>7.1f}  {each.note}".rstrip())
        outcomes = [each.outcome for each in results]
        self._say("\n" + ", ".join(f"{outcomes.count(kind)} {kind}" for kind in (PASSED, FAILED, SKIPPED)))

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
