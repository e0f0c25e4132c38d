"""What is authored: formations and their immutable versions."""

from typing import Self

from django.db import models

from runs.models.immutable import ImmutableModel, ImmutableQuerySet
from runs.models.tenants import Actor, Tenant


class FormationQuerySet(models.QuerySet["Formation"]):
    """Formations, by who looks."""

    def of(self, by: Actor) -> Self:
        """The formations of the actor's tenant."""
        return self.filter(tenant_id=by.tenant_id)


class Formation(models.Model):
    """A team, its seeds, budget and gates under one name; what it says stands in its versions."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, db_index=False)
    slug = models.SlugField(max_length=100, db_index=False)
    label = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FormationQuerySet.as_manager()

    class Meta:
        default_related_name = "formations"
        constraints = [models.UniqueConstraint(fields=["tenant", "slug"], name="formation_slug_once_per_tenant")]
        indexes = [models.Index(fields=["tenant", "-id"], name="formation_by_tenant")]

    def __str__(self) -> str:
        return self.label

    @property
    def latest(self) -> "FormationVersion":
        """The version that was published last."""
        return self.versions.latest("number")


class FormationVersionQuerySet(ImmutableQuerySet):
    """Versions, by who looks."""

    def of(self, by: Actor) -> Self:
        """The versions of the actor's tenant."""
        return self.filter(formation__tenant_id=by.tenant_id)


class FormationVersion(ImmutableModel):
    """A formation document as it was published: never changed, so that a run can always say what it ran."""

    formation = models.ForeignKey(Formation, models.PROTECT, db_index=False)
    number = models.PositiveIntegerField()
    document = models.TextField()
    content_hash = models.CharField(max_length=64)
    author = models.CharField(max_length=200)
    note = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FormationVersionQuerySet.as_manager()

    class Meta:
        default_related_name = "versions"
        constraints = [models.UniqueConstraint(fields=["formation", "number"], name="version_number_once_per_formation")]

    def __str__(self) -> str:
        return f"{self.formation} v{self.number}"
