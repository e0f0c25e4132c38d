"""Formations: what can be run, and how it went before."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, QuerySet

from runs.models import Actor, Formation, FormationVersion, Run
from runs.reading.runs import runs_without_documents
from runs.suggestors.seats import plain_entries

LAST = 5


@dataclass
class FormationCard:
    """A formation in the list: its newest version, what that is made of, and the last runs."""

    formation: Formation
    version: FormationVersion
    document: dict[str, Any]
    runs: list[Run] = field(default_factory=list)

    @property
    def team(self) -> list[dict[str, Any]]:
        """The seats, those of ready teams one by one."""
        return [plain for entry in self.document.get("team") or [] for plain in plain_entries(entry)]

    @property
    def seeds(self) -> list[dict[str, Any]]:
        """The facts it begins with."""
        return list(self.document.get("seeds") or [])


def formations_of(by: Actor) -> list[FormationCard]:
    """The formations of the tenant by name, each with its newest version and its last runs."""
    newest = {version.formation_id: version for version in _newest(by)}
    last = _last_runs(by)
    formations = Formation.objects.of(by).order_by("label")
    cards = [_card(formation, newest[formation.pk]) for formation in formations if formation.pk in newest]
    for card in cards:
        card.runs = last[card.formation.pk]
    return cards


def formation_of(by: Actor, slug: str) -> FormationCard:
    """One formation of the tenant; raises `DoesNotExist` for what is not there or not theirs."""
    formation = Formation.objects.of(by).get(slug=slug)
    card = _card(formation, formation.latest)
    card.runs = list(runs_without_documents(by).filter(version__formation=formation)[:LAST])
    return card


def _newest(by: Actor) -> QuerySet[FormationVersion]:
    last = FormationVersion.objects.of(by).order_by().values("formation").annotate(last=Max("pk")).values("last")
    return FormationVersion.objects.filter(pk__in=last)


def _card(formation: Formation, version: FormationVersion) -> FormationCard:
    return FormationCard(formation, version, json.loads(version.document))


def _last_runs(by: Actor) -> dict[int, list[Run]]:
    found: dict[int, list[Run]] = defaultdict(list)
    for run in runs_without_documents(by)[:500]:
        runs = found[run.version.formation_id]
        if len(runs) < LAST:
            runs.append(run)
    return found
