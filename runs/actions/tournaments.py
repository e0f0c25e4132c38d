"""Letting formations compete."""

import json
from collections.abc import Sequence

from django.db import transaction

from runs.actions.audit import note
from runs.actions.runs import UnableToStartRun, start_run
from runs.models import Actor, Entrant, FormationVersion, Tournament
from runs.suggestors.classifier import class_of_seeds
from runs.suggestors.forms import ProposalForm
from runs.suggestors.seeding import forms_of, read_seeds

#: Formations of one tournament.
MOST = 20
LONGEST_LABEL = 200


def can_start_tournaments(*, by: Actor) -> bool:
    """Whether the actor may let formations compete."""
    return by.may("run")


@transaction.atomic
def start_tournament(*, by: Actor, versions: Sequence[FormationVersion], seeds: str = "", label: str = "") -> Tournament:
    """Queue a run of each version on the same seeds: all of them, or none.

    `seeds` is a list in JSON or YAML, as a document has it; without one all begin with the seeds of the first version.
    Raises `UnableToStartTournament`, and `DocumentInvalid` for seeds that are none.
    """
    _check(by, versions)
    given = read_seeds(seeds) if seeds.strip() else forms_of(json.loads(versions[0].document))
    label = label.strip() or " against ".join(dict.fromkeys(version.formation.label for version in versions))
    tournament = Tournament.objects.create(
        tenant=by.tenant,
        label=label[:LONGEST_LABEL],
        problem_class=class_of_seeds([form.proposal() for form in given]),
        started_by=by.label,
    )
    for number, version in enumerate(versions, start=1):
        _enter(by, tournament, number, version, given)
    note(by=by, action="start_tournament", subject=tournament.pk, after={"formations": [str(version) for version in versions]})
    return tournament


def _check(by: Actor, versions: Sequence[FormationVersion]) -> None:
    if not can_start_tournaments(by=by):
        raise UnableToStartTournament("your role does not allow to start tournaments")
    if not 1 <= len(versions) <= MOST:
        raise UnableToStartTournament(f"name from 1 to {MOST} formations, not {len(versions)}")


def _enter(by: Actor, tournament: Tournament, number: int, version: FormationVersion, seeds: list[ProposalForm]) -> None:
    try:
        run = start_run(by=by, version=version, seeds=seeds)
    except UnableToStartRun as error:
        raise UnableToStartTournament(f"{version}: {error}") from error
    Entrant.objects.create(tournament=tournament, run=run, number=number)


class UnableToStartTournament(Exception):
    """Not allowed, or one of the formations cannot be run."""
