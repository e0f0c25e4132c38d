"""Projections of a huddle: rounds, votes, consensus outcomes, disagreements."""

from django.db import models

from runs.models.children import OfRun


class Round(OfRun):
    """A round: started, synthesised (or not, with an error), continued. Its notes are the facts whose id ends in `:N`."""

    number = models.IntegerField()
    started_seq = models.BigIntegerField(null=True)
    started_cycle = models.IntegerField(null=True)
    synthesis = models.TextField(null=True)
    synthesis_seq = models.BigIntegerField(null=True)
    synthesis_cycle = models.IntegerField(null=True)
    error = models.TextField(null=True)
    continued_seq = models.BigIntegerField(null=True)
    continued_cycle = models.IntegerField(null=True)

    class Meta:
        default_related_name = "rounds"
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="round_number_in_run")]

    def __str__(self) -> str:
        return f"round {self.number}"


class Vote(OfRun):
    """One vote as it was cast; a second vote of the same voter is a second row, and the last one counts."""

    seq = models.BigIntegerField()
    fact_id = models.TextField()
    topic = models.TextField()
    voter = models.TextField()
    decision = models.CharField(max_length=8)
    reason = models.TextField(null=True)
    cycle = models.IntegerField()

    class Meta:
        default_related_name = "votes"
        constraints = [
            models.UniqueConstraint(fields=["run", "topic", "seq"], name="vote_place_in_run"),
            models.CheckConstraint(condition=models.Q(decision__in=["yes", "no", "abstain"]), name="vote_decision_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.voter}: {self.decision} on {self.topic}"


class ConsensusOutcome(OfRun):
    """The verdict on a topic, with the tally it was made from."""

    seq = models.BigIntegerField()
    fact_id = models.TextField()
    topic = models.TextField()
    rule = models.CharField(max_length=20)
    yes_votes = models.IntegerField()
    no_votes = models.IntegerField()
    abstain_votes = models.IntegerField()
    total_voters = models.IntegerField()
    passes = models.BooleanField()
    cycle = models.IntegerField()

    class Meta:
        default_related_name = "outcomes"
        constraints = [models.UniqueConstraint(fields=["run", "topic", "seq"], name="outcome_place_in_run")]

    def __str__(self) -> str:
        return f"{self.topic} {'passes' if self.passes else 'fails'}"

    def as_payload(self) -> dict[str, object]:
        """The flat form in which the fact carries it."""
        return {
            "topic": self.topic,
            "rule": self.rule,
            "yesVotes": self.yes_votes,
            "noVotes": self.no_votes,
            "abstainVotes": self.abstain_votes,
            "totalVoters": self.total_voters,
            "passes": self.passes,
        }


class Disagreement(OfRun):
    """Somebody's dissent on a topic. Which topics are mapped is told by the facts of the disagreement mapper."""

    seq = models.BigIntegerField()
    fact_id = models.TextField()
    topic = models.TextField()
    dissenter = models.TextField()
    reason = models.TextField()
    cycle = models.IntegerField()

    class Meta:
        default_related_name = "disagreements"
        constraints = [models.UniqueConstraint(fields=["run", "topic", "seq"], name="disagreement_place_in_run")]

    def __str__(self) -> str:
        return f"{self.dissenter} on {self.topic}"
