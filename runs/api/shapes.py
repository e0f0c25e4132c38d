"""What the API takes and answers, for the schema and for checking what comes in."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from runs.actions.gates import VERDICTS
from runs.reading.envelopes import LIMIT

MOST_RUNS = 100
LARGEST = 2**63 - 1
STATUSES = ("queued", "running", "waiting", "converged", "exhausted", "failed", "cancelled")


@extend_schema_field({"description": "A stop reason: its name, or an object with its name and numbers; null while the run goes on."})
class StopReasonField(serializers.JSONField):
    """Whatever JSON a stop reason is."""


@extend_schema_field({"description": "Any JSON."})
class AnyField(serializers.JSONField):
    """Whatever JSON it is."""


class RunShape(serializers.Serializer[Any]):
    """Where a run is and what it came to."""

    uuid = serializers.UUIDField()
    tenant = serializers.SlugField()
    label = serializers.CharField()  # type: ignore[assignment]
    status = serializers.ChoiceField(STATUSES)
    stop_reason = StopReasonField(allow_null=True)
    message = serializers.CharField()
    head = serializers.IntegerField(help_text="The last place of the journal.")
    cycle = serializers.IntegerField()
    cycles = serializers.IntegerField()
    fact_count = serializers.IntegerField()
    max_cycles = serializers.IntegerField()
    max_facts = serializers.IntegerField()
    tokens = serializers.IntegerField()
    cost_microdollars = serializers.IntegerField()
    digest = serializers.CharField()
    merkle_root = serializers.CharField()
    clock_time = serializers.IntegerField()
    cancel_requested = serializers.BooleanField()
    correlation_id = serializers.CharField()
    started_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class RunsShape(serializers.Serializer[Any]):
    """A page of runs, newest first."""

    next = serializers.URLField(allow_null=True, help_text="Where the older ones are.")
    results = RunShape(many=True)


class RunsQuery(serializers.Serializer[Any]):
    """Which runs are asked for."""

    tenant = serializers.SlugField(required=False, help_text="Needed by members of several tenants.")
    status = serializers.ChoiceField(STATUSES, required=False, default="", help_text="Only runs that stand there.")
    before = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST, help_text="As in `next`.")
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=MOST_RUNS)


class EnvelopesQuery(serializers.Serializer[Any]):
    """Which part of a journal is asked for."""

    after = serializers.IntegerField(
        required=False, default=0, min_value=0, max_value=LARGEST, help_text="The place that the caller has reached."
    )
    limit = serializers.IntegerField(required=False, default=LIMIT, min_value=1, max_value=LIMIT)


class EnvelopesShape(serializers.Serializer[Any]):
    """Neighbours in a journal: places `after + 1` to `to`, none left out."""

    head = serializers.IntegerField(help_text="The last place of the journal.")
    after = serializers.IntegerField()
    to = serializers.IntegerField()
    envelopes = serializers.ListField(child=serializers.DictField())


class GridQuery(serializers.Serializer[Any]):
    """Which cycles of a grid are asked for."""

    after = serializers.IntegerField(
        required=False, default=-1, min_value=-1, max_value=LARGEST, help_text="The cycle that the caller has reached."
    )
    until = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST, help_text="The last cycle whose cells are wanted.")


class LineShape(serializers.Serializer[Any]):
    """A line of the grid: everybody, a group with as many seats after it as its size, or a seat."""

    name = serializers.CharField()
    kind = serializers.CharField(required=False)
    group = serializers.IntegerField(required=False, help_text="The place of the group among the lines.")
    size = serializers.IntegerField(required=False)


class GridShape(serializers.Serializer[Any]):
    """What every suggestor brought in a stretch of cycles.

    What stands in a cell: proposed, promoted, rejected, effects, gates, errors, milliseconds.
    """

    head = serializers.IntegerField(help_text="The last place of the journal.")
    last = serializers.IntegerField(help_text="The last cycle of the columns.")
    to = serializers.IntegerField(help_text="The last cycle whose cells are told.")
    most = serializers.ListField(
        child=serializers.IntegerField(), help_text="The longest bar in these columns: of all together, and of one seat."
    )
    columns = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), help_text="A cycle, and what all together brought."
    )
    cells = serializers.ListField(child=serializers.IntegerField(), help_text="Flat: cycle, line, and what stands in the cell.")
    lines = LineShape(many=True, allow_null=True, help_text="Told from the beginning only.")


class OutcomeShape(serializers.Serializer[Any]):
    """The outcome record of a run."""

    scope = serializers.DictField(help_text="plan_id, correlation_id, tenant_id, tournament_id, candidate_id.")
    template_id = serializers.CharField()
    template_kind = serializers.CharField()
    roster = serializers.ListField(child=serializers.DictField())
    provider_assignments = serializers.ListField(child=serializers.DictField())
    status = serializers.CharField(help_text="Planned, Converged, NeedsReview, CriteriaBlocked, BudgetExhausted or Failed.")
    stop_reason = serializers.CharField(allow_null=True)
    gate_triggers = serializers.ListField(child=serializers.CharField())
    quality_signal = serializers.DictField(allow_null=True, help_text="metric, score in basis points, evidence.")
    criteria = serializers.ListField(child=serializers.DictField())
    writeback_target = serializers.CharField(allow_null=True)


class StartShape(serializers.Serializer[Any]):
    """What is to be run."""

    tenant = serializers.SlugField(required=False, default=None, help_text="Needed by members of several tenants.")
    formation = serializers.SlugField(help_text="The slug of the formation.")
    version = serializers.IntegerField(required=False, default=None, min_value=1, max_value=2**31 - 1, help_text="The newest when absent.")
    pace = serializers.FloatField(required=False, default=0.0, help_text="Seconds to wait between two cycles.")
    anyway = serializers.BooleanField(required=False, default=False, help_text="Start it even if something that it needs is missing.")


class VoiceShape(serializers.Serializer[Any]):
    """What somebody said at a gate."""

    by = serializers.CharField()
    verdict = serializers.CharField()
    round = serializers.IntegerField(help_text="Which content it is about; an edit begins the round that it names.")
    reason = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class GateShape(serializers.Serializer[Any]):
    """A gate: what was asked for, and what became of it."""

    id = serializers.IntegerField()
    run = serializers.UUIDField()
    gate_id = serializers.CharField()
    kind = serializers.ChoiceField(["proposal", "interrupt", "doubt"])
    status = serializers.ChoiceField(["pending", "approved", "edited", "rejected", "expired", "cancelled"])
    cycle = serializers.IntegerField()
    suggestor = serializers.CharField(allow_null=True)
    request = serializers.DictField()
    proposal = serializers.DictField(allow_null=True, help_text="As it was proposed; an edit stands beside it.")
    question = serializers.DictField(allow_null=True)
    quorum = serializers.IntegerField()
    approvers = serializers.ListField(child=serializers.CharField())
    self_approval = serializers.BooleanField()
    round = serializers.IntegerField(help_text="Counts the edits; only voices of this round count.")
    edit = serializers.DictField(allow_null=True, help_text="What is voted on in the place of the proposal's payload.")
    edited_by = serializers.CharField(allow_null=True)
    answer = AnyField(allow_null=True)
    voices = VoiceShape(many=True)
    requested_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


class GatesQuery(serializers.Serializer[Any]):
    """Whose gates are asked for."""

    tenant = serializers.SlugField(required=False, help_text="Needed by members of several tenants.")


class DecisionShape(serializers.Serializer[Any]):
    """A verdict on a gate that waits."""

    gate_id = serializers.CharField()
    verdict = serializers.ChoiceField(VERDICTS)
    reason = serializers.CharField(required=False, default="", allow_blank=True, help_text="A rejection needs one.")
    edit = AnyField(required=False, help_text="With `edit` (or `approve`): an object with `payload`; family and version stay.")
    answer = AnyField(required=False, allow_null=True, help_text="With `answer`: JSON that fits the schema of the question.")
