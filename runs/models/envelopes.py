"""The journal's table."""

from typing import Self

from django.db import models

from runs.models.immutable import ImmutableModel, ImmutableQuerySet
from runs.models.runs import Run
from runs.models.tenants import Actor


class EnvelopeQuerySet(ImmutableQuerySet):
    """Envelopes, by who looks and where they stand."""

    def of(self, by: Actor) -> Self:
        """The envelopes of the runs of the actor's tenant."""
        return self.filter(run__tenant_id=by.tenant_id)

    def after(self, run: Run, seq: int) -> Self:
        """What a run's journal holds after a place, in order."""
        return self.filter(run=run, seq__gt=seq).order_by("seq")


class Envelope(ImmutableModel):
    """One row of a run's journal: `body` is the whole envelope as JSON text, the columns are for finding it."""

    run = models.ForeignKey(Run, models.CASCADE, db_index=False)
    seq = models.BigIntegerField()
    family = models.CharField(max_length=16)
    kind = models.CharField(max_length=40)
    cycle = models.IntegerField()
    suggestor = models.TextField(null=True)
    attempt = models.IntegerField()
    event_id = models.TextField(null=True)
    occurred_at = models.DateTimeField()
    body = models.TextField()

    objects = EnvelopeQuerySet.as_manager()

    class Meta:
        default_related_name = "envelopes"
        constraints = [models.UniqueConstraint(fields=["run", "seq"], name="envelope_place_in_run")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"
