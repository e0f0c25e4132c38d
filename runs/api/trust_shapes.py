"""What verdicts and explanations look like, for the schema and for checking what is asked."""

from typing import Any

from rest_framework import serializers

HOW = ("seed", "declared", "visible", "note")


class FactQuery(serializers.Serializer[Any]):
    """Which fact is asked about."""

    fact = serializers.CharField(max_length=600, trim_whitespace=False, help_text="KEY/ID, such as Hypotheses/h1.")


class VerificationShape(serializers.Serializer[Any]):
    """A verification: what it came to, and where the run did not come out again."""

    verdict = serializers.ChoiceField(["asked", "verified", "diverged", "failed"])
    head = serializers.IntegerField(help_text="The last place of the journal that was looked at.")
    by = serializers.CharField()
    asked_at = serializers.DateTimeField()
    at = serializers.DateTimeField(allow_null=True)
    cycle = serializers.IntegerField(allow_null=True)
    fact = serializers.CharField(allow_null=True)
    recorded = serializers.JSONField(allow_null=True)
    executed = serializers.JSONField(allow_null=True)


class StepShape(serializers.Serializer[Any]):
    """One fact of an explanation."""

    fact = serializers.CharField()
    cycle = serializers.IntegerField()
    suggestor = serializers.CharField(allow_null=True)
    how = serializers.ChoiceField(HOW)
    rests_on = serializers.ListField(child=serializers.CharField())
    unknown = serializers.ListField(child=serializers.CharField(), help_text="Declared, but no fact of an earlier cycle.")
    people = serializers.ListField(child=serializers.CharField())
    effects = serializers.ListField(child=serializers.DictField())
    seq = serializers.IntegerField()


class ExplanationShape(serializers.Serializer[Any]):
    """Why a fact is there."""

    fact = serializers.CharField()
    provenance = serializers.DictField()
    facts = serializers.IntegerField(help_text="Facts of the whole explanation.")
    left_out = serializers.IntegerField()
    is_cut = serializers.BooleanField()
    seeds = serializers.ListField(child=serializers.CharField())
    people = serializers.ListField(child=serializers.CharField())
    steps = StepShape(many=True)


class LackShape(serializers.Serializer[Any]):
    """What is missing, or in the way."""

    says = serializers.CharField()
    condition = serializers.DictField(allow_null=True)


class CandidateShape(serializers.Serializer[Any]):
    """Who could have proposed it, and has not."""

    suggestor = serializers.CharField()
    kind = serializers.CharField()
    blocker = serializers.CharField()
    lacks = LackShape(many=True)


class BlockerShape(serializers.Serializer[Any]):
    """Why a fact is not there."""

    fact = serializers.CharField()
    blocker = serializers.CharField()
    says = serializers.CharField()
    remedy = serializers.CharField()
    cycle = serializers.IntegerField(allow_null=True)
    suggestor = serializers.CharField(allow_null=True)
    seq = serializers.IntegerField(allow_null=True)
    gate_id = serializers.CharField(allow_null=True)
    who = CandidateShape(many=True)


class SleeperShape(serializers.Serializer[Any]):
    """A suggestor that never woke."""

    suggestor = serializers.CharField()
    kind = serializers.CharField()
    reads = serializers.ListField(child=serializers.CharField())
    lacks = LackShape(many=True)
