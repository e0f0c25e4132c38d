"""What runs begin with beside their documents, what is remembered of them, and the priors of a tenant."""

import json
from typing import Any, Self

from django.db import models
from django.db.models import Q

from runs.models.immutable import ImmutableModel, ImmutableQuerySet
from runs.models.runs import Run
from runs.models.tenants import Actor, Tenant


class Beginning(ImmutableModel):
    """What a run begins with beside its document, fixed when it is started; a run without one begins with its document alone.

    `seeding` is the JSON of `suggestors.seeding.Seeding`. With a problem class the run is remembered when it is over.
    """

    run = models.OneToOneField(Run, models.CASCADE, related_name="beginning")
    problem_class = models.CharField(max_length=40, blank=True, default="")
    seeding = models.TextField()

    objects = ImmutableQuerySet.as_manager()

    def __str__(self) -> str:
        return f"beginning of {self.run_id}"


class EpisodeQuerySet(ImmutableQuerySet):
    """Episodes, by who looks."""

    def of(self, by: Actor) -> Self:
        """The episodes of the actor's tenant, newest first."""
        return self.filter(tenant_id=by.tenant_id).order_by("-id")


class Episode(ImmutableModel):
    """What is remembered of a run: written once, in the transaction that ends it.

    `body` is the JSON of a `LearningEpisode`; `signals`, `memories` and `calibrations` are lists. Without calibrations the
    machinery failed rather than the plan.
    """

    tenant = models.ForeignKey(Tenant, models.PROTECT, db_index=False)
    problem_class = models.CharField(max_length=40)
    run = models.OneToOneField(Run, models.CASCADE, related_name="episode")
    body = models.TextField()
    signals = models.TextField(default="[]")
    memories = models.TextField(default="[]")
    calibrations = models.TextField(default="[]")
    at = models.DateTimeField(auto_now_add=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        default_related_name = "episodes"
        indexes = [models.Index(fields=["tenant", "problem_class", "-id"], name="episode_by_class")]

    def __str__(self) -> str:
        return f"{self.problem_class}: run {self.run_id}"

    @property
    def value(self) -> dict[str, Any]:
        """The body, decoded."""
        return dict(json.loads(self.body))

    def listed(self, column: str) -> list[dict[str, Any]]:
        """`signals`, `memories` or `calibrations`, decoded."""
        return list(json.loads(getattr(self, column)))


class PriorQuerySet(models.QuerySet["Prior"]):
    """Priors, by who looks."""

    def of(self, by: Actor) -> Self:
        """The priors of the actor's tenant, by class, in the order in which they were first learnt."""
        return self.filter(tenant_id=by.tenant_id).order_by("problem_class", "id")


class Prior(models.Model):
    """How sure a tenant may be of a kind of assumption in problems of a class: before and after the last run, and by how many runs."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, db_index=False)
    problem_class = models.CharField(max_length=40)
    assumption_type = models.CharField(max_length=200)
    context = models.TextField(blank=True, default="")
    prior_confidence = models.FloatField()
    posterior_confidence = models.FloatField()
    evidence_count = models.PositiveIntegerField()
    changed_at = models.DateTimeField(auto_now=True)

    objects = PriorQuerySet.as_manager()

    class Meta:
        default_related_name = "priors"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "problem_class", "assumption_type"], name="prior_once_per_class"),
            models.CheckConstraint(
                condition=Q(prior_confidence__range=(0, 1), posterior_confidence__range=(0, 1)), name="prior_confidences_are_units"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.problem_class}: {self.assumption_type}"
