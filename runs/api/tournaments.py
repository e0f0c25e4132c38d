"""Tournaments: starting one, and how they stand."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from runs.actions.tournaments import MOST, UnableToStartTournament, start_tournament
from runs.api.door import allowed, asked_of, found, member_of
from runs.api.shapes import GatesQuery
from runs.reading.named import version_named
from runs.reading.tournaments import tournament_of, tournament_told, tournaments_of
from runs.suggestors.problems import DocumentInvalid


class CompetitorShape(serializers.Serializer[Any]):
    """A formation that is to compete."""

    formation = serializers.SlugField(help_text="The slug of the formation.")
    version = serializers.IntegerField(required=False, default=None, min_value=1, max_value=2**31 - 1, help_text="The newest when absent.")


class CompetitionShape(serializers.Serializer[Any]):
    """Who is to compete, and on what."""

    tenant = serializers.SlugField(required=False, default=None, help_text="Needed by members of several tenants.")
    formations = serializers.ListField(child=CompetitorShape(), min_length=1, max_length=MOST)
    seeds = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="A list in JSON or YAML, as in a document; else the seeds of the first."
    )


class EntrantShape(serializers.Serializer[Any]):
    """One line of the scoreboard."""

    number = serializers.IntegerField()
    place = serializers.IntegerField(allow_null=True)
    run = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    formation = serializers.CharField()
    run_status = serializers.CharField()
    score = serializers.FloatField(allow_null=True, help_text="Null until all runs are over, and for those that did not converge.")
    converged = serializers.BooleanField()
    cycles = serializers.IntegerField()
    criteria_met = serializers.IntegerField()
    criteria_total = serializers.IntegerField()
    error = serializers.CharField(help_text="Why it did not come through.")


class TournamentShape(serializers.Serializer[Any]):
    """A tournament, the best entrant first."""

    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    problem_class = serializers.CharField()
    started_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    winner = serializers.UUIDField(allow_null=True, help_text="The run that won.")
    entrants = EntrantShape(many=True)
    episode = serializers.DictField(allow_null=True)
    priors = serializers.ListField(child=serializers.DictField())


class Tournaments(APIView):
    """The tournaments of a tenant."""

    @extend_schema(operation_id="tournaments_list", parameters=[GatesQuery], responses=TournamentShape(many=True))
    def get(self, request: Request) -> Response:
        """The newest."""
        by = member_of(request, asked_of(GatesQuery, request.query_params.dict()).get("tenant"))
        return Response([tournament_told(board) for board in tournaments_of(by)])

    @extend_schema(operation_id="tournaments_start", request=CompetitionShape, responses={201: TournamentShape})
    def post(self, request: Request) -> Response:
        """Queue a run of each formation on the same seeds."""
        asked = asked_of(CompetitionShape, request.data)
        by = member_of(request, asked["tenant"])
        with found():
            versions = [version_named(by, one["formation"], one["version"]) for one in asked["formations"]]
        try:
            with allowed(UnableToStartTournament):
                tournament = start_tournament(by=by, versions=versions, seeds=asked["seeds"])
        except DocumentInvalid as error:
            raise ValidationError({"seeds": [str(error)]}) from error
        return Response(tournament_told(tournament_of(by, tournament.pk)), status=201)


class Tournament(APIView):
    """One tournament."""

    @extend_schema(operation_id="tournaments_retrieve", responses=TournamentShape)
    def get(self, request: Request, tenant: str, number: int) -> Response:
        """The scoreboard."""
        with found():
            return Response(tournament_told(tournament_of(member_of(request, tenant), number)))
