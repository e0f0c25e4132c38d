"""How a call is entered and left: who is asking, what they ask for, and how a refusal sounds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec
from django.core.exceptions import ObjectDoesNotExist
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.request import Request

from runs.reading import members, runs


def asked_of(shape: type[Any], given: Any) -> dict[str, Any]:
    """What a query or a body says, checked."""
    asked = shape(data=given)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def member_of(request: Request, tenant: str | None) -> Any:
    """The caller as actor in the tenant, or in the only one that they have."""
    every = actors_of(request)
    if tenant is None and len(every) > 1:
        raise ValidationError({"tenant": "you are in several tenants: name one"}, code="required")
    for by in every:
        if tenant in (None, by.tenant.slug):
            return by
    raise NotFound


def actors_of(request: Request) -> list[Any]:
    """What the caller is where: the token that they show, else all memberships of the one who is signed in."""
    return [request.auth] if request.auth else members.memberships_of(_user_of(request))


def run_for(request: Request, uuid: str) -> tuple[Any, Any]:
    """The caller as actor where the run is, and the run."""
    with found():
        by: Any = request.auth or members.member_for_run(_user_of(request), UUID(uuid))
        return by, runs.run_of(by, uuid)


@contextmanager
def found() -> Iterator[None]:
    """What is not theirs, or no name at all, is not there."""
    try:
        yield
    except (ObjectDoesNotExist, ValueError) as error:
        raise NotFound from error


@contextmanager
def allowed(*refusals: type[Exception]) -> Iterator[None]:
    """What the house refuses to do is told in its own words."""
    try:
        yield
    except refusals as refusal:
        raise Refused(str(refusal)) from refusal


def as_value(summary: Any) -> Any:
    """A summary, for the renderer."""
    return msgspec.json.decode(summary.as_json())


def _user_of(request: Request) -> Any:
    """The caller; permissions have seen to it that there is one."""
    return request.user


class Refused(APIException):
    """The call is understood, but as things stand it cannot be done by this caller."""

    status_code = 409
    default_code = "refused"
