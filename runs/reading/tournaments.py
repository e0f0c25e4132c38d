"""Tournaments as people and programs see them: the scoreboard, and what was learnt."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from runs.journal.tournaments import score_of
from runs.models import RUN, Actor, Entrant, Run, RunStatus, Tournament
from runs.reading.words import stop_reason
from runs.suggestors.learning.tournament import CONVERGENCE, CRITERIA, EFFICIENCY, FormationScore

PAGE = 50
#: The most that each part adds.
WEIGHTS = (CONVERGENCE, EFFICIENCY, CRITERIA)


@dataclass(frozen=True)
class EntrantView:
    """One line of the scoreboard."""

    entrant: Entrant
    run: Run
    place: int | None

    @property
    def score(self) -> FormationScore:
        """How its run did."""
        return score_of(self.run)

    @property
    def parts(self) -> list[tuple[str, float, float]]:
        """What adds up to its score: name, points, the most there is."""
        return list(zip(("convergence", "few cycles", "criteria"), self.score.parts, WEIGHTS, strict=True))

    @property
    def error(self) -> str:
        """Why it did not come through; nothing for one that did, or still may."""
        if self.run.status == RunStatus.CONVERGED or not self.run.is_finished:
            return ""
        said = stop_reason(self.run.stop_reason)
        return self.run.message if self.run.status == RunStatus.FAILED and self.run.message else said


class Scoreboard:
    """A tournament with its entrants: scored ones first, the best on top, then the others as they were named."""

    def __init__(self, tournament: Tournament, entrants: list[Entrant]) -> None:
        self.tournament = tournament
        self._entrants = entrants

    @cached_property
    def lines(self) -> list[EntrantView]:
        """The entrants."""
        scored = sorted((one for one in self._entrants if one.score is not None), key=lambda one: -(one.score or 0))
        others = [one for one in self._entrants if one.score is None]
        places = [*range(1, len(scored) + 1), *[None] * len(others)]
        return [EntrantView(one, one.run, place) for one, place in zip([*scored, *others], places, strict=True)]

    @property
    def is_over(self) -> bool:
        """Whether it is scored."""
        return self.tournament.finished_at is not None

    @property
    def winner(self) -> EntrantView | None:
        """Who won."""
        return self.lines[0] if self.tournament.winner_id is not None else None

    @property
    def going(self) -> int:
        """How many of its runs go on."""
        return sum(one.run.status not in RUN.final for one in self._entrants)

    @property
    def waiting(self) -> int:
        """How many wait for people."""
        return sum(one.run.status == RunStatus.WAITING for one in self._entrants)


def tournaments_of(by: Actor) -> list[Scoreboard]:
    """The newest tournaments of the actor's tenant."""
    found = list(Tournament.objects.of(by)[:PAGE])
    entrants: dict[int, list[Entrant]] = {tournament.pk: [] for tournament in found}
    for one in _entrants().filter(tournament__in=found):
        entrants[one.tournament_id].append(one)
    return [Scoreboard(tournament, entrants[tournament.pk]) for tournament in found]


def tournament_of(by: Actor, number: int) -> Scoreboard:
    """One tournament of the actor's tenant; raises `DoesNotExist` for what is not there or not theirs."""
    tournament = Tournament.objects.of(by).get(pk=number)
    return Scoreboard(tournament, list(_entrants().filter(tournament=tournament)))


def tournament_told(board: Scoreboard) -> dict[str, Any]:
    """The same as plain values."""
    tournament, winner = board.tournament, board.winner
    return {
        "id": tournament.pk,
        "label": tournament.label,
        "problem_class": tournament.problem_class,
        "started_by": tournament.started_by,
        "created_at": tournament.created_at,
        "finished_at": tournament.finished_at,
        "winner": None if winner is None else str(winner.run.uuid),
        "entrants": [_entrant(line) for line in board.lines],
        "episode": json.loads(tournament.episode) if tournament.episode else None,
        "priors": tournament.learnt,
    }


def _entrant(line: EntrantView) -> dict[str, Any]:
    run, score = line.run, line.score
    told: dict[str, Any] = {
        "number": line.entrant.number,
        "place": line.place,
        "run": str(run.uuid),
        "label": run.label,
        "formation": str(run.version),
    }
    told |= {
        "formation": str(run.version),
        "run_status": run.status,
        "score": line.entrant.score,
        "converged": score.converged,
        "cycles": run.cycles,
    }
    return told | {"criteria_met": score.criteria_met, "criteria_total": score.criteria_total, "error": line.error}


def _entrants() -> Any:
    return Entrant.objects.select_related("run__version__formation", "run__tenant").defer("run__version__document").order_by("number")
