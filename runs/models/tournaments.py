"""Tournaments: several formations on the same seeds, as runs of their own."""

import json
from typing import Any, Self

from django.db import models

from runs.models.runs import Run
from runs.models.tenants import Actor, Tenant


class TournamentQuerySet(models.QuerySet["Tournament"]):
    """Tournaments, by who looks."""

    def of(self, by: Actor) -> Self:
        """The tournaments of the actor's tenant, newest first."""
        return self.filter(tenant_id=by.tenant_id).order_by("-id")


class Tournament(models.Model):
    """A competition; over when the last of its runs is, and scored in the transaction that ends that one.

    `episode` and `calibrations` are what it taught, as JSON; without a winner nobody came through.
    """

    tenant = models.ForeignKey(Tenant, models.PROTECT, db_index=False)
    label = models.CharField(max_length=200)
    problem_class = models.CharField(max_length=40)
    started_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, default=None)
    winner = models.OneToOneField("Entrant", models.PROTECT, null=True, default=None, related_name="won")
    episode = models.TextField(blank=True, default="")
    calibrations = models.TextField(default="[]")

    objects = TournamentQuerySet.as_manager()

    class Meta:
        default_related_name = "tournaments"
        indexes = [models.Index(fields=["tenant", "-id"], name="tournament_by_tenant")]

    def __str__(self) -> str:
        return f"{self.label} #{self.pk}"

    @property
    def learnt(self) -> list[dict[str, Any]]:
        """The calibrations, decoded."""
        return list(json.loads(self.calibrations))


class Entrant(models.Model):
    """A run that competes; it has a score once the tournament is over, unless it did not come through."""

    tournament = models.ForeignKey(Tournament, models.CASCADE, db_index=False)
    run = models.OneToOneField(Run, models.CASCADE, related_name="entrant")
    number = models.PositiveIntegerField()
    score = models.FloatField(null=True, default=None)

    class Meta:
        default_related_name = "entrants"
        constraints = [models.UniqueConstraint(fields=["tournament", "number"], name="entrant_number_in_tournament")]

    def __str__(self) -> str:
        return f"{self.tournament_id}.{self.number}"
