"""Runs and their journals."""

from urllib.parse import urlencode

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from runs.actions.runs import UnableToCancelRun, UnableToStartRun, cancel_run, start_run
from runs.api.door import allowed, as_value, asked_of, found, member_of, run_for
from runs.api.shapes import EnvelopesQuery, EnvelopesShape, GridQuery, GridShape, OutcomeShape, RunShape, RunsQuery, RunsShape, StartShape
from runs.reading.envelopes import entries_after
from runs.reading.grid import grid_of
from runs.reading.named import version_named
from runs.reading.outcome import outcome_of
from runs.reading.readiness import NotReady, check_readiness
from runs.reading.runs import runs_of
from runs.reading.summaries import summary_of
from runs.reading.wanted import RunFilter


class Runs(APIView):
    """The runs of a tenant."""

    @extend_schema(operation_id="runs_list", parameters=[RunsQuery], responses=RunsShape)
    def get(self, request: Request) -> Response:
        """A page of runs, newest first."""
        asked = asked_of(RunsQuery, request.query_params.dict())
        by = member_of(request, asked.get("tenant"))
        page = runs_of(by, RunFilter(status=asked["status"]), before=asked.get("before"), limit=asked["limit"])
        return Response({"next": _next(request, page.older), "results": [as_value(summary_of(by, run)) for run in page.runs]})

    @extend_schema(operation_id="runs_start", request=StartShape, responses={201: RunShape})
    def post(self, request: Request) -> Response:
        """Queue a run of a formation; one that lacks what it needs is refused, unless it is to start `anyway`."""
        asked = asked_of(StartShape, request.data)
        by = member_of(request, asked["tenant"])
        with found():
            version = version_named(by, asked["formation"], asked["version"])
        with allowed(UnableToStartRun, NotReady):
            if not asked["anyway"]:
                check_readiness(by, version)
            run = start_run(by=by, version=version, pace=asked["pace"])
        return Response(as_value(summary_of(by, run)), status=201)


class Run(APIView):
    """One run."""

    @extend_schema(operation_id="runs_retrieve", responses=RunShape)
    def get(self, request: Request, uuid: str) -> Response:
        """Where the run is and what it came to."""
        return Response(as_value(summary_of(*run_for(request, uuid))))


class Cancellation(APIView):
    """The end of a run before its time."""

    @extend_schema(operation_id="runs_cancel", request=None, responses=RunShape)
    def post(self, request: Request, uuid: str) -> Response:
        """Cancel the run: one that is conducted ends at its next cycle, any other at once."""
        by, run = run_for(request, uuid)
        with allowed(UnableToCancelRun):
            return Response(as_value(summary_of(by, cancel_run(by=by, run=run))))


class Outcome(APIView):
    """The outcome record of a run."""

    @extend_schema(operation_id="runs_outcome", responses=OutcomeShape)
    def get(self, request: Request, uuid: str) -> Response:
        """What it was, who took part, whom they asked, how it ended and what that is worth."""
        return Response(outcome_of(run_for(request, uuid)[1]))


class Envelopes(APIView):
    """The journal of a run."""

    @extend_schema(operation_id="runs_envelopes_list", parameters=[EnvelopesQuery], responses=EnvelopesShape)
    def get(self, request: Request, uuid: str) -> HttpResponse:
        """The envelopes after a place, as they were written."""
        asked = asked_of(EnvelopesQuery, request.query_params.dict())
        by, run = run_for(request, uuid)
        if asked["after"] > run.head:
            raise ValidationError({"after": f"{asked['after']} is in the future: the journal ends at {run.head}"}, code="future")
        page = entries_after(by, run, asked["after"], limit=asked["limit"])
        head = max(run.head, page.to)
        return HttpResponse(page.as_json(f'"head":{head}'), content_type="application/json")


class Grid(APIView):
    """The cycle × suggestor grid of a run."""

    @extend_schema(operation_id="runs_grid", parameters=[GridQuery], responses=GridShape)
    def get(self, request: Request, uuid: str) -> HttpResponse:
        """What every suggestor brought in the cycles after one; ask again after `to` for more."""
        asked = asked_of(GridQuery, request.query_params.dict())
        _, run = run_for(request, uuid)
        grid = grid_of(run, after=asked["after"], until=asked.get("until"))
        return HttpResponse(grid.as_json(), content_type="application/json")


def _next(request: Request, older: int | None) -> str | None:
    if older is None:
        return None
    query = urlencode({**request.query_params.dict(), "before": older})
    return request.build_absolute_uri(f"{request.path}?{query}")
