"""`manage.py tournament FORMATION…`."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from runs.actions.tournaments import UnableToStartTournament, start_tournament
from runs.management.console import add_tenant, at_console, told_to_stop
from runs.reading.named import version_named
from runs.reading.tournaments import Scoreboard, tournament_of, tournament_told
from runs.runner import LeaseLost, carry, claim_run
from runs.suggestors.problems import DocumentInvalid

GLANCE = 0.2


class Command(BaseCommand):
    """Starts a tournament, and conducts what no worker takes."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "Let formations compete on the same seeds; exits 0 with a winner, 3 when people are needed, 1 when nobody came through."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("formations", metavar="FORMATION", nargs="+", help="slug, or slug:VERSION")
        parser.add_argument("--seeds", metavar="FILE", help="a list of seeds, JSON or YAML; - reads standard input")
        parser.add_argument("--queue", action="store_true", help="leave the runs to the workers")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        add_tenant(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        by = at_console(options["tenant"])
        try:
            versions = [_version(by, name) for name in options["formations"]]
            tournament = start_tournament(by=by, versions=versions, seeds=_text_of(options["seeds"]))
        except (UnableToStartTournament, DocumentInvalid) as error:
            raise CommandError(f"{error}", returncode=2) from error
        if not options["queue"]:
            _conduct(by, tournament.pk)
        board = tournament_of(by, tournament.pk)
        told = tournament_told(board)
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder) if options["json"] else _told(board))
        sys.exit(0 if board.winner or options["queue"] else 1 if board.is_over else 3)


def _version(by: Any, name: str) -> Any:
    slug, _, number = name.partition(":")
    try:
        return version_named(by, slug, int(number) if number else None)
    except (ObjectDoesNotExist, ValueError) as error:
        raise CommandError(f"There is no formation '{name}'.", returncode=2) from error


def _conduct(by: Any, number: int) -> None:
    """Carry the runs on, one after the other; those that a worker took are waited for."""
    with told_to_stop() as stop:
        while not stop.is_set():
            going = [line.run for line in tournament_of(by, number).lines if line.run.status in ("queued", "running")]
            taken = next((run for run in map(_taken, going) if run is not None), None)
            if taken is not None:
                _carry(taken, stop)
            elif going:
                time.sleep(GLANCE)
            else:
                return


def _taken(run: Any) -> Any:
    return claim_run(run, timezone.now())


def _carry(run: Any, stop: Any) -> None:
    try:
        carry(run, stop)
    except LeaseLost:
        return  # it goes on elsewhere


def _told(board: Scoreboard) -> str:
    tournament, winner = board.tournament, board.winner
    lines = [f"{tournament.label} — tournament {tournament.pk}"]
    lines += [_line(line) for line in board.lines]
    if winner is not None:
        lines.append(f"{winner.run.label} wins with {winner.entrant.score:.3f}.")
    elif board.is_over:
        lines.append("Nobody came through.")
    else:
        lines.append(f"{board.going} of its runs go on, {board.waiting} of them wait for people.")
    for prior in tournament.learnt:
        moved = f"{prior['prior_confidence']:.3f} -> {prior['posterior_confidence']:.3f}"
        lines.append(f"  prior {prior['assumption_type']}: {moved}, evidence {prior['evidence_count']}")
    return "\n".join(lines)


def _line(line: Any) -> str:
    score = f"{line.entrant.score:.3f}" if line.entrant.score is not None else "  –  "
    place = f"{line.place}." if line.place else "  "
    return f"  {place} {score}  {line.run.version}: {line.run.status}, {line.run.cycles} cycles" + (
        f" — {line.error}" if line.error else ""
    )


def _text_of(name: str | None) -> str:
    try:
        return "" if name is None else sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name} cannot be read: {error}.", returncode=2) from error
