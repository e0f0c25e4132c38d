"""Scoring a tournament when the last of its runs has ended: exactly once, whoever ends it, in the transaction that does."""

import json

import msgspec
from django.utils import timezone

from runs.journal.learning import recalibrate
from runs.models import RUN, Entrant, Run, RunStatus, Tournament
from runs.suggestors.learning.tournament import FormationScore, tournament_episode


def entered(run: Run) -> Tournament | None:
    """The tournament that a run is in, locked: of two that end at once the later one sees the earlier."""
    entrant = Entrant.objects.filter(run=run).only("tournament_id").first()
    return None if entrant is None else Tournament.objects.select_for_update(of=("self",)).get(pk=entrant.tournament_id)


def conclude(tournament: Tournament) -> None:
    """Score it, if no run of it goes on any more."""
    entrants = list(tournament.entrants.select_related("run").order_by("number"))
    if tournament.finished_at is not None or not all(one.run.status in RUN.final for one in entrants):
        return
    through = sorted((one for one in entrants if one.run.status == RunStatus.CONVERGED), key=lambda one: -score_of(one.run).score)
    for one in through:
        one.score = score_of(one.run).score
        one.save(update_fields=["score"])
    if through:
        _crown(tournament, through)
    tournament.finished_at = timezone.now()
    tournament.save(update_fields=["finished_at", "winner", "episode", "calibrations"])


def _crown(tournament: Tournament, through: list[Entrant]) -> None:
    name = str(tournament.pk)
    episode = tournament_episode(name, tournament.label, name, [score_of(one.run) for one in through])
    learnt = recalibrate(tournament.tenant_id, tournament.problem_class, episode)
    tournament.winner = through[0]
    tournament.episode, tournament.calibrations = (msgspec.json.encode(told).decode() for told in (episode, learnt))


def score_of(run: Run) -> FormationScore:
    """How a run that is over did."""
    results = [outcome["result"] for outcome in json.loads(run.criteria or "[]")]
    met = sum(isinstance(result, dict) and "Met" in result for result in results)
    return FormationScore(run.label, run.status == RunStatus.CONVERGED, run.cycles, met, len(results))
