"""Ready formations: looked at, filled in, and chosen for an intent."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from runs.api.door import Refused, asked_of, member_of
from runs.api.template_shapes import AdviceShape, FilledShape, FillShape, GuruQuery, TemplateShape, TenantQuery
from runs.reading.templates import advice_for, filled_for, template_for, templates_for
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.templates import NoMatch, UnknownTemplate


class Templates(APIView):
    """The templates."""

    @extend_schema(operation_id="templates_list", parameters=[TenantQuery], responses=TemplateShape(many=True))
    def get(self, request: Request) -> Response:
        """All templates, with their parameters and an example of each."""
        asked = asked_of(TenantQuery, request.query_params.dict())
        return Response(templates_for(member_of(request, asked.get("tenant"))))


class Template(APIView):
    """One template."""

    @extend_schema(operation_id="templates_retrieve", parameters=[TenantQuery], responses=TemplateShape)
    def get(self, request: Request, name: str) -> Response:
        """What it is for, what it asks for, and an example."""
        asked = asked_of(TenantQuery, request.query_params.dict())
        try:
            return Response(template_for(member_of(request, asked.get("tenant")), name))
        except UnknownTemplate as error:
            raise NotFound from error


class Filling(APIView):
    """A template on its way to being a document."""

    @extend_schema(operation_id="templates_fill", request=FillShape, responses=FilledShape)
    def post(self, request: Request, name: str) -> Response:
        """The document that the template becomes with these parameters; nothing is saved."""
        asked = asked_of(FillShape, request.data)
        by = member_of(request, asked.get("tenant"))
        try:
            return Response(filled_for(by, name, asked["parameters"]))
        except UnknownTemplate as error:
            raise NotFound from error
        except DocumentInvalid as error:
            faults: dict[str, list[str]] = {}
            for path, message in error.errors:
                faults.setdefault(path or "parameters", []).append(message)
            raise ValidationError(faults) from error


class Guru(APIView):
    """Advice on which template to take."""

    @extend_schema(operation_id="guru", parameters=[GuruQuery], responses=AdviceShape)
    def get(self, request: Request) -> Response:
        """The template that fits an intent, up to two that fit as well, and the trace of the choice."""
        asked = asked_of(GuruQuery, request.query_params)
        by = member_of(request, asked.get("tenant"))
        try:
            return Response(advice_for(by, asked["intent"], asked.get("capability"), widely=asked["widely"]))
        except NoMatch as error:
            raise Refused(str(error)) from error
