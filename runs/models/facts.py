"""Projections of what the cycles brought: facts, refusals, and who did what when."""

import json
from typing import Any

from django.db import models

from runs.models.children import OfRun


class Fact(OfRun):
    """A promoted fact, at the place in the journal where it was promoted."""

    seq = models.BigIntegerField()
    key = models.CharField(max_length=20)
    fact_id = models.TextField()
    family = models.TextField()
    version = models.IntegerField()
    payload = models.TextField()
    text = models.TextField(null=True)
    subject = models.TextField(null=True)
    promoted_by = models.CharField(max_length=40)
    suggestor = models.TextField(null=True)
    provenance = models.TextField()
    confidence = models.FloatField()
    cycle = models.IntegerField()
    stamp = models.BigIntegerField()
    approver = models.TextField(null=True)
    used = models.TextField(null=True)

    class Meta:
        default_related_name = "facts"
        constraints = [models.UniqueConstraint(fields=["run", "key", "seq"], name="fact_place_in_run")]
        indexes = [models.Index(fields=["run", "fact_id"], name="fact_by_id")]

    def __str__(self) -> str:
        return f"{self.key} {self.fact_id}"

    @property
    def value(self) -> Any:
        """The payload, decoded."""
        return json.loads(self.payload)

    @property
    def declared(self) -> list[tuple[str, str]]:
        """The facts that its suggestor declared as used, by key and id; without any, it may have used all that it saw."""
        return [(key, fact_id) for key, fact_id in json.loads(self.used or "[]")]

    @property
    def created_at(self) -> str:
        """The logical time, as the original writes it."""
        return f"lamport:{self.stamp}"


class Rejection(OfRun):
    """A proposal that was not promoted, and why."""

    seq = models.BigIntegerField()
    cycle = models.IntegerField()
    suggestor = models.TextField(null=True)
    key = models.CharField(max_length=20)
    proposal_id = models.TextField()
    reason = models.TextField()

    class Meta:
        default_related_name = "rejections"
        constraints = [models.UniqueConstraint(fields=["run", "seq"], name="rejection_place_in_run")]

    def __str__(self) -> str:
        return f"{self.key} {self.proposal_id}: {self.reason}"


class Cycle(OfRun):
    """One turn of the loop: a column of the cycle strip and a link of the digest chain."""

    number = models.IntegerField()
    eligible = models.IntegerField(null=True)
    ended_seq = models.BigIntegerField(null=True)
    facts_added = models.IntegerField(null=True)
    rejected = models.IntegerField(null=True)
    facts = models.IntegerField(null=True)
    dirty = models.TextField(null=True)
    digest = models.CharField(max_length=64, null=True)
    clock = models.BigIntegerField(null=True)
    duration_us = models.BigIntegerField(null=True)

    class Meta:
        default_related_name = "cycle_rows"
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="cycle_number_in_run")]

    def __str__(self) -> str:
        return f"cycle {self.number}"


class Activity(OfRun):
    """What one suggestor did in one cycle: a cell of the cycle strip."""

    cycle = models.IntegerField()
    suggestor = models.TextField()
    proposed = models.IntegerField(null=True)
    promoted = models.IntegerField(null=True)
    rejected = models.IntegerField(null=True)
    error = models.TextField(null=True)

    class Meta:
        default_related_name = "activity"
        constraints = [models.UniqueConstraint(fields=["run", "cycle", "suggestor"], name="activity_cell_in_run")]
        verbose_name_plural = "activity"

    def __str__(self) -> str:
        return f"{self.suggestor} in cycle {self.cycle}"
