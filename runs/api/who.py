"""Who calls."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from runs.api.door import actors_of
from runs.reading.tokens import rights_of


class TokenScheme(OpenApiAuthenticationExtension):
    """How the description of the API names it."""

    target_class = "runs.api.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer"}


class WhoShape(serializers.Serializer[Any]):
    """Who calls."""

    email = serializers.EmailField()
    token = serializers.CharField(allow_null=True, help_text="Name of the token; null for a session.")
    tenants = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="What may be done in each tenant."
    )


class Who(APIView):
    """The caller."""

    @extend_schema(operation_id="who", responses=WhoShape)
    def get(self, request: Request) -> Response:
        """Who is calling, and what they may do where: to try a token."""
        user: Any = request.user
        tenants = {by.tenant.slug: rights_of(by) for by in actors_of(request)}
        return Response({"email": user.email, "token": getattr(request.auth, "name", None), "tenants": tenants})
