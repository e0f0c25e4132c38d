"""What the runs of a tenant have taught."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from runs.api.door import asked_of, member_of
from runs.api.shapes import GatesQuery
from runs.reading.learning import priors_told


class PriorShape(serializers.Serializer[Any]):
    """A prior: before and after the last run."""

    assumption_type = serializers.CharField()
    context = serializers.CharField()  # type: ignore[assignment]
    prior_confidence = serializers.FloatField(min_value=0, max_value=1)
    posterior_confidence = serializers.FloatField(min_value=0, max_value=1)
    evidence_count = serializers.IntegerField(help_text="By how many runs.")
    changed_at = serializers.DateTimeField()


class EpisodeShape(serializers.Serializer[Any]):
    """What one run taught."""

    run = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField()
    episode = serializers.DictField(help_text="Outcomes, prediction error, lessons.")
    signals = serializers.ListField(child=serializers.DictField())
    calibrations = serializers.ListField(child=serializers.DictField(), help_text="What it did to the priors.")


class ClassShape(serializers.Serializer[Any]):
    """What is known about problems of a class."""

    problem_class = serializers.CharField()
    priors = PriorShape(many=True)
    episodes = EpisodeShape(many=True)


class Priors(APIView):
    """The priors of a tenant."""

    @extend_schema(operation_id="priors_list", parameters=[GatesQuery], responses=ClassShape(many=True))
    def get(self, request: Request) -> Response:
        """Class by class, with the newest runs that they come from."""
        return Response(priors_told(member_of(request, asked_of(GatesQuery, request.query_params.dict()).get("tenant"))))
