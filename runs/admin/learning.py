"""What runs taught."""

from django.contrib import admin

from runs.admin.reading import OfRunAdmin, ReadingAdmin
from runs.models import Beginning, Entrant, Episode, Prior, Tournament


@admin.register(Beginning)
class BeginningAdmin(OfRunAdmin):
    """What runs began with beside their documents."""

    list_display = ("id", "run", "problem_class")


@admin.register(Episode)
class EpisodeAdmin(OfRunAdmin):
    """What is remembered of runs."""

    list_display = ("id", "tenant", "problem_class", "run", "at")
    list_filter = ("tenant",)
    list_select_related = ("run", "tenant")  # type: ignore[assignment]


@admin.register(Prior)
class PriorAdmin(ReadingAdmin):
    """Priors by tenant and problem class."""

    list_display = ("id", "tenant", "problem_class", "assumption_type", "prior_confidence", "posterior_confidence", "evidence_count")
    list_filter = ("tenant",)
    list_select_related = ("tenant",)


@admin.register(Tournament)
class TournamentAdmin(ReadingAdmin):
    """Tournaments."""

    list_display = ("id", "tenant", "label", "problem_class", "started_by", "created_at", "finished_at")
    list_filter = ("tenant",)
    list_select_related = ("tenant",)


@admin.register(Entrant)
class EntrantAdmin(OfRunAdmin):
    """Who competed."""

    list_display = ("id", "tournament", "number", "run", "score")
    list_select_related = ("run", "tournament")  # type: ignore[assignment]
