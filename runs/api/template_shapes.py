"""What templates and the guru's advice look like, for the schema and for checking what is asked."""

from typing import Any

from rest_framework import serializers

from runs.api.shapes import AnyField

COSTS = ("low", "medium", "high")
CAPABILITIES = (
    *("llm_reasoning", "knowledge_retrieval", "analytics", "optimization"),
    *("policy_enforcement", "human_in_the_loop", "experience_learning"),
)


class TenantQuery(serializers.Serializer[Any]):
    """In which tenant."""

    tenant = serializers.SlugField(required=False, help_text="Needed by members of several tenants.")


class TemplateShape(serializers.Serializer[Any]):
    """A ready formation with parameters."""

    name = serializers.CharField()
    catalogue = serializers.ChoiceField(["standard", "vendor-selection", "more"])
    classes = serializers.ListField(child=serializers.CharField(), help_text="Classes of problems that it is meant for.")
    title = serializers.CharField()
    use = serializers.CharField(help_text="When it is the right one.")
    roles = serializers.ListField(child=serializers.CharField())
    capabilities = serializers.ListField(child=serializers.CharField())
    keywords = serializers.ListField(child=serializers.CharField())
    entities = serializers.ListField(child=serializers.CharField())
    flow = serializers.DictField(allow_null=True, help_text="Its place in a vendor selection.")
    cost_hint = serializers.ChoiceField(COSTS)
    example = serializers.DictField(help_text="Parameters that make sense.")
    parameters = serializers.DictField(help_text="JSON Schema of the parameters.")
    can_publish = serializers.BooleanField(help_text="Whether the caller may publish what it becomes.")


class FillShape(serializers.Serializer[Any]):
    """What a template is filled with."""

    tenant = serializers.SlugField(required=False)
    parameters = AnyField()


class FilledShape(serializers.Serializer[Any]):
    """A formation document."""

    document = serializers.DictField()
    warnings = serializers.ListField(child=serializers.CharField())


class GuruQuery(serializers.Serializer[Any]):
    """What is wanted, and what the host can do."""

    tenant = serializers.SlugField(required=False)
    intent = serializers.CharField(max_length=10_000, help_text="What is wanted, in words.")
    capability = serializers.ListField(
        child=serializers.ChoiceField(CAPABILITIES), required=False, help_text="What the host can do; several are named several times."
    )
    widely = serializers.BooleanField(default=False, help_text="Look beyond the five standard templates.")


class ScoreShape(serializers.Serializer[Any]):
    """What a template is worth for the intent."""

    template_id = serializers.CharField()
    catalog_rank = serializers.IntegerField()
    capability_surplus = serializers.IntegerField()
    cost_hint = serializers.ChoiceField(COSTS)
    composite = serializers.IntegerField()


class TraceShape(serializers.Serializer[Any]):
    """Everything that led to the choice."""

    problem_class = serializers.CharField()
    matched_keywords = serializers.ListField(child=serializers.CharField())
    defaulted = serializers.BooleanField()
    query_keywords = serializers.ListField(child=serializers.CharField())
    query_capabilities = serializers.ListField(child=serializers.CharField())
    considered = serializers.ListField(child=serializers.CharField())
    scores = ScoreShape(many=True)
    primary_id = serializers.CharField()
    primary_reason = serializers.CharField()


class AdviceShape(serializers.Serializer[Any]):
    """The template that fits, and why."""

    primary = serializers.CharField()
    alternates = serializers.ListField(child=serializers.CharField())
    classification = serializers.DictField()
    trace = TraceShape()
    can_publish = serializers.BooleanField(help_text="Whether the caller may publish what it becomes.")
