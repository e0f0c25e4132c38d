"""Formations: whether a run of one has what it needs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from runs.api.door import asked_of, found, member_of
from runs.reading.named import version_named
from runs.reading.readiness import SEVERITIES, readiness_of

SORTS = "feature, credential, budget, service, pack or people"


class ReadinessQuery(serializers.Serializer[Any]):
    """Which version is asked about."""

    tenant = serializers.SlugField(required=False, default=None, help_text="Needed by members of several tenants.")
    version = serializers.IntegerField(required=False, default=None, min_value=1, max_value=2**31 - 1, help_text="The newest when absent.")


class GapShape(serializers.Serializer[Any]):
    """Something that is missing."""

    severity = serializers.ChoiceField(SEVERITIES)
    kind = serializers.CharField(help_text=SORTS)
    path = serializers.CharField(help_text="Where the document needs it.")
    says = serializers.CharField()
    remedy = serializers.CharField(help_text="What to do.")


class ConfirmedShape(serializers.Serializer[Any]):
    """Something that is there."""

    kind = serializers.CharField(help_text=SORTS)
    says = serializers.CharField()


class ReadinessShape(serializers.Serializer[Any]):
    """Go or no go: nothing but a blocking gap is a no."""

    ready = serializers.BooleanField()
    confirmed = ConfirmedShape(many=True)
    gaps = GapShape(many=True)


class Readiness(APIView):
    """The readiness of a formation."""

    @extend_schema(operation_id="formations_readiness", parameters=[ReadinessQuery], responses=ReadinessShape)
    def get(self, request: Request, slug: str) -> Response:
        """Providers, keys, budgets, kinds, what is installed, people: what is there, and the gaps with what to do."""
        asked = asked_of(ReadinessQuery, request.query_params.dict())
        by = member_of(request, asked["tenant"])
        with found():
            version = version_named(by, slug, asked["version"])
        return Response(readiness_of(by, version).as_value())
