"""Filters of the run list that a member keeps."""

from typing import Self

from django.db import models

from runs.models.tenants import Actor, Membership


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views, by who looks."""

    def of(self, by: Actor) -> Self:
        """Those of the member, by name; the console has none."""
        return self.filter(member_id=by.pk if isinstance(by, Membership) else None).order_by("name")


class SavedView(models.Model):
    """A filter of the run list under a name of the member's own; what it asks for stands in `query`, as in an address."""

    member = models.ForeignKey(Membership, models.CASCADE, db_index=False)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        default_related_name = "saved_views"
        constraints = [models.UniqueConstraint(fields=["member", "name"], name="saved_view_name_once_per_member")]

    def __str__(self) -> str:
        return self.name
