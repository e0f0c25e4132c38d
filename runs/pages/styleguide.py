"""The styleguide: every part that pages are made of, in every state."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from runs.reading.members import memberships_of
from runs.reading.words import STATUSES


@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """For everybody who signed in; it shows no data."""
    member = next(iter(memberships_of(request.user)), None)  # type: ignore[arg-type]
    return render(request, "styleguide.html", {"member": member, "room": "styleguide", "statuses": STATUSES})
