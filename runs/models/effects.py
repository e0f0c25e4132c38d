"""The projection of side effects: two or more rows of the journal, one row here."""

from django.db import models

from runs.models.children import OfRun


class EffectPhase(models.TextChoices):
    """How far an effect has come; what may follow what is `lifecycle.EFFECT`."""

    REQUESTED = "requested"
    RESOLVED = "resolved"
    DENIED = "denied"
    IN_DOUBT = "in_doubt"


class Effect(OfRun):
    """A side effect that a suggestor asked for, and what came back."""

    identity = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    target = models.TextField()
    suggestor = models.TextField(null=True)
    cycle = models.IntegerField()
    ordinal = models.IntegerField()
    phase = models.CharField(max_length=12, choices=EffectPhase)
    requested_seq = models.BigIntegerField()
    resolved_seq = models.BigIntegerField(null=True)
    input = models.TextField()
    output = models.TextField(null=True)
    error = models.TextField(null=True)
    attempts = models.IntegerField(null=True)
    tokens = models.BigIntegerField(null=True)
    cost_microdollars = models.BigIntegerField(null=True)
    latency_ms = models.BigIntegerField(null=True)
    sealed = models.TextField(null=True)

    class Meta:
        default_related_name = "effects"
        constraints = [
            models.UniqueConstraint(fields=["run", "identity"], name="effect_identity_in_run"),
            models.CheckConstraint(condition=models.Q(phase__in=EffectPhase.values), name="effect_phase_is_known"),
        ]
        indexes = [models.Index(fields=["run", "requested_seq"], name="effect_by_place")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target} by {self.suggestor}"
