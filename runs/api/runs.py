"""Runs and their journals."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from runs.api.shapes import EnvelopesQuery, EnvelopesShape, RunShape, RunsQuery, RunsShape
from runs.reading import members, runs
from runs.reading.envelopes import entries_after
from runs.reading.summaries import summary_of


class Runs(APIView):
    """The runs of a tenant."""

    @extend_schema(operation_id="runs_list", parameters=[RunsQuery], responses=RunsShape)
    def get(self, request: Request) -> Response:
        """A page of runs, newest first."""
        asked = asked_of(RunsQuery, request)
        by = member_of(request, asked.get("tenant"))
        found = runs.runs_of(by, status=asked["status"], before=asked.get("before"), limit=asked["limit"])
        results = [as_value(by, run) for run in found.runs]
        return Response({"next": _next(request, found.older), "results": results})


class Run(APIView):
    """One run."""

    @extend_schema(operation_id="runs_retrieve", responses=RunShape)
    def get(self, request: Request, uuid: str) -> Response:
        """Where the run is and what it came to."""
        return Response(as_value(*run_for(request, uuid)))


class Envelopes(APIView):
    """The journal of a run."""

    @extend_schema(operation_id="runs_envelopes_list", parameters=[EnvelopesQuery], responses=EnvelopesShape)
    def get(self, request: Request, uuid: str) -> HttpResponse:
        """The envelopes after a place, as they were written."""
        asked = asked_of(EnvelopesQuery, request)
        by, run = run_for(request, uuid)
        if asked["after"] > run.head:
            raise ValidationError({"after": f"{asked['after']} is in the future: the journal ends at {run.head}"}, code="future")
        page = entries_after(by, run, asked["after"], limit=asked["limit"])
        head = max(run.head, page.to)
        return HttpResponse(page.as_json(f'"head":{head}'), content_type="application/json")


def asked_of(shape: type[Any], request: Request) -> dict[str, Any]:
    """What the query says, checked."""
    query = shape(data=request.query_params.dict())
    query.is_valid(raise_exception=True)
    return dict(query.validated_data)


def member_of(request: Request, tenant: str | None) -> Any:
    """The caller's membership in the tenant, or in the only one that they have."""
    if tenant is None:
        every = members.memberships_of(user_of(request))
        if len(every) > 1:
            raise ValidationError({"tenant": "you are in several tenants: name one"}, code="required")
        if every:
            return every[0]
    try:
        return members.membership_of(user_of(request), tenant or "")
    except ObjectDoesNotExist as error:
        raise NotFound from error


def run_for(request: Request, uuid: str) -> tuple[Any, Any]:
    """The caller's membership where the run is, and the run; what is not theirs is not there."""
    try:
        by = members.member_for_run(user_of(request), UUID(uuid))
        return by, runs.run_of(by, uuid)
    except (ObjectDoesNotExist, ValueError) as error:
        raise NotFound from error


def user_of(request: Request) -> Any:
    """The caller; permissions have seen to it that there is one."""
    return request.user


def as_value(by: Any, run: Any) -> Any:
    """The run's summary, for the renderer."""
    return msgspec.json.decode(summary_of(by, run).as_json())


def _next(request: Request, older: int | None) -> str | None:
    if older is None:
        return None
    query = urlencode({**request.query_params.dict(), "before": older})
    return request.build_absolute_uri(f"{request.path}?{query}")
