"""How a page is entered and left: who is asking, in which tenant, and what the frame around every page shows."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from runs.reading import gates, members
from runs.reading.audit import can_audit

View = Callable[..., HttpResponse]


def member_page(view: View) -> View:
    """A page of a tenant: signed in, and a member; for everybody else it is not there, like what it does not find."""

    @login_required
    @wraps(view)
    def entered(request: HttpRequest, tenant: str, **given: Any) -> HttpResponse:
        try:
            return view(request, members.membership_of(request.user, tenant), **given)  # type: ignore[arg-type]
        except (ObjectDoesNotExist, ValidationError) as error:
            raise Http404 from error

    return entered


def page(request: HttpRequest, template: str, member: Any, room: str, **shown: Any) -> HttpResponse:
    """A whole page in its frame."""
    frame = {"member": member, "room": room, "waiting": gates.count_waiting(member), "can_audit": can_audit(member)}
    tenants = [each.tenant for each in members.memberships_of(request.user)]  # type: ignore[arg-type]
    return render(request, template, frame | {"tenants": tenants} | shown)


def words(request: HttpRequest, name: str) -> str:
    """A text from an address, as the database can look for it."""
    return request.GET.get(name, "").replace("\x00", "").strip()


def number(text: str | None) -> int | None:
    """A number from an address; whatever else stands there is as if nothing did."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
