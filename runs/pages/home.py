"""The first page: straight to the reader's tenant."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from runs.reading import members


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the overview of the first tenant; who has none is told what to do."""
    mine = members.memberships_of(request.user)  # type: ignore[arg-type]
    if not mine:
        return render(request, "no_tenant.html")
    return redirect("overview", tenant=mine[0].tenant.slug)
