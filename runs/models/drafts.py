"""Drafts: what somebody is writing, as typed, with every step of the way."""

from typing import Self

from django.db import models

from runs.models.formations import Formation, FormationVersion
from runs.models.tenants import Actor, Tenant, User


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts, by who looks."""

    def of(self, by: Actor) -> Self:
        """The actor's own drafts in their tenant; those of others are not there."""
        return self.filter(tenant_id=by.tenant_id, owner__email=by.label)


class Draft(models.Model):
    """A document on its way: new, or the next version of a formation. It may be broken; publishing tells.

    `revision` grows with every change: whoever saves names the one that they saw. `step` is the step that stands now; those after
    it were undone.
    """

    tenant = models.ForeignKey(Tenant, models.PROTECT, db_index=False)
    owner = models.ForeignKey(User, models.CASCADE, db_index=False)
    formation = models.ForeignKey(Formation, models.CASCADE, null=True, db_index=False)
    base = models.ForeignKey(FormationVersion, models.PROTECT, null=True, db_index=False)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    step = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        default_related_name = "drafts"
        constraints = [models.UniqueConstraint(fields=["owner", "formation"], name="draft_once_per_owner_and_formation")]
        indexes = [models.Index(fields=["tenant", "owner", "-id"], name="draft_by_owner")]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def can_undo(self) -> bool:
        """Whether there is a step before."""
        return self.steps.filter(number__lt=self.step).exists()

    @property
    def can_redo(self) -> bool:
        """Whether a step was undone."""
        return self.steps.filter(number__gt=self.step).exists()


class DraftStep(models.Model):
    """How a draft stood after one of its changes."""

    draft = models.ForeignKey(Draft, models.CASCADE, db_index=False)
    number = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        default_related_name = "steps"
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="draft_step_once")]

    def __str__(self) -> str:
        return f"{self.draft} step {self.number}"
