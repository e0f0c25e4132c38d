"""Runs and what their journals hold."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from runs.admin.reading import OfRunAdmin, ReadingAdmin, words
from runs.engine.effects import EFFECTS
from runs.engine.events import ExperienceEventKind
from runs.engine.facts import ContextKey
from runs.models import Effect, Envelope, Fact, Gate, Rejection, Run

PROGRESS = (
    *("RunStarted", "CycleStarted", "SuggestorFinished", "CycleParked", "CycleEnded", "GateRequested", "GateVoted"),
    *("GateExpired", "RunResumed", "RunFinished"),
)


@admin.register(Run)
class RunAdmin(ReadingAdmin):
    """Runs, with the way to what belongs to one."""

    list_display = ("id", "label", "tenant", "status", "cycle", "fact_count", "head", "started_by", "created_at", "journal")
    list_filter = ("status", "tenant")
    list_select_related = ("tenant",)
    search_fields = ("=uuid", "label")

    @admin.display(description="journal")
    def journal(self, run: Any) -> str:
        """The run's envelopes."""
        return format_html('<a href="{}?run={}">envelopes</a>', reverse("admin:runs_envelope_changelist"), run.pk)


@admin.register(Envelope)
class EnvelopeAdmin(OfRunAdmin):
    """The journal, row by row."""

    list_display = ("id", "run", "seq", "family", "kind", "cycle", "suggestor", "attempt", "occurred_at")
    list_filter = (words("family", "experience", "progress", "effect"), words("kind", *ExperienceEventKind, *PROGRESS, *EFFECTS))


@admin.register(Fact)
class FactAdmin(OfRunAdmin):
    """Promoted facts."""

    list_display = ("id", "run", "seq", "key", "fact_id", "suggestor", "cycle", "confidence", "approver")
    list_filter = (words("key", *ContextKey),)
    search_fields = ("=fact_id",)


@admin.register(Rejection)
class RejectionAdmin(OfRunAdmin):
    """Proposals that did not pass."""

    list_display = ("id", "run", "seq", "key", "proposal_id", "suggestor", "cycle", "reason")
    list_filter = (words("key", *ContextKey),)


@admin.register(Effect)
class EffectAdmin(OfRunAdmin):
    """Side effects and what came back."""

    list_display = ("id", "run", "kind", "target", "suggestor", "cycle", "phase", "tokens", "cost_microdollars", "latency_ms")
    list_filter = ("phase", words("kind", *EFFECTS))


@admin.register(Gate)
class GateAdmin(OfRunAdmin):
    """Gates, waiting and closed."""

    list_display = ("id", "tenant", "run", "gate_id", "status", "due_at", "decided_by", "decided_at")
    list_filter = ("status", "tenant")
    list_select_related = ("run", "tenant")  # type: ignore[assignment]
