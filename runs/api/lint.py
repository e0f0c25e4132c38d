"""What a document says and yet will not do."""

import json
from typing import Any

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from runs.api.door import asked_of, member_of
from runs.api.shapes import AnyField
from runs.reading.lint import findings_of
from runs.suggestors.findings import SEVERITIES


class LintQuery(serializers.Serializer[Any]):
    """A document, as an object or as text in JSON or YAML."""

    tenant = serializers.SlugField(required=False, help_text="Needed by members of several tenants.")
    document = AnyField(help_text="The document itself, or its text in JSON or YAML.")


class FixShape(serializers.Serializer[Any]):
    """A mend that is clear."""

    label = serializers.CharField()  # type: ignore[assignment]
    operations = serializers.ListField(child=serializers.DictField(), help_text="Operations on the document: op, at, value, to.")


class FindingShape(serializers.Serializer[Any]):
    """Something that is wrong, or odd."""

    severity = serializers.ChoiceField(
        SEVERITIES, help_text="An error stops a run, a warning is a mistake nearly always, advice may be meant so."
    )
    path = serializers.CharField()
    says = serializers.CharField()
    fix = FixShape(allow_null=True)


class Lint(APIView):
    """Lint of a document."""

    @extend_schema(operation_id="lint", request=LintQuery, responses=FindingShape(many=True))
    def post(self, request: Request) -> Response:
        """All faults of the document; or, of one that can be run, everything odd about it in the tenant. Nothing is saved."""
        asked = asked_of(LintQuery, request.data)
        by, document = member_of(request, asked.get("tenant")), asked["document"]
        text = document if isinstance(document, str) else json.dumps(document)
        return Response(msgspec.to_builtins(findings_of(by, text)))
