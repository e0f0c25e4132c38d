"""Huddles: rounds, votes, outcomes, disagreements."""

from django.contrib import admin

from runs.admin.reading import OfRunAdmin, words
from runs.engine.governance import ConsensusRule, VoteDecision
from runs.models import ConsensusOutcome, Disagreement, Round, Vote


@admin.register(Round)
class RoundAdmin(OfRunAdmin):
    """Rounds."""

    list_display = ("id", "run", "number", "started_cycle", "synthesis_cycle", "continued_cycle", "error")


@admin.register(Vote)
class VoteAdmin(OfRunAdmin):
    """Votes, as they were cast."""

    list_display = ("id", "run", "seq", "topic", "voter", "decision", "cycle")
    list_filter = (words("decision", *VoteDecision),)
    search_fields = ("=topic", "=voter")


@admin.register(ConsensusOutcome)
class OutcomeAdmin(OfRunAdmin):
    """Verdicts with their tallies."""

    list_display = ("id", "run", "topic", "rule", "yes_votes", "no_votes", "abstain_votes", "total_voters", "passes")
    list_filter = ("passes", words("rule", *ConsensusRule))
    search_fields = ("=topic",)


@admin.register(Disagreement)
class DisagreementAdmin(OfRunAdmin):
    """Dissent."""

    list_display = ("id", "run", "seq", "topic", "dissenter", "reason", "cycle")
    search_fields = ("=topic", "=dissenter")
