"""What belongs to a run and is asked for through its tenant."""

from typing import Any, Self

from django.db import models

from runs.models.runs import Run
from runs.models.tenants import Actor


class OfRunQuerySet(models.QuerySet[Any]):
    """Rows of runs, by who looks."""

    def of(self, by: Actor) -> Self:
        """The rows of the runs of the actor's tenant."""
        return self.filter(run__tenant_id=by.tenant_id)


class OfRun(models.Model):
    """A row of a projection: the run's journal alone can rebuild it. Every child indexes its run itself."""

    run = models.ForeignKey(Run, models.CASCADE, db_index=False)

    objects = OfRunQuerySet.as_manager()

    class Meta:
        abstract = True
