"""Tournaments: the list, starting one, the scoreboard."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from runs.actions.tournaments import UnableToStartTournament, can_start_tournaments, start_tournament
from runs.pages.door import member_page, page
from runs.reading import tournaments as reading
from runs.reading.formations import formations_of
from runs.reading.members import Member
from runs.reading.named import version_named
from runs.suggestors.problems import DocumentInvalid


@member_page
def tournament_list(request: HttpRequest, member: Member) -> HttpResponse:
    """The tournaments, and a form that starts one."""
    shown = {"boards": reading.tournaments_of(member), "can_start": can_start_tournaments(by=member)}
    return page(request, "tournaments/list.html", member, "tournaments", cards=formations_of(member), **shown)


@member_page
def tournament_detail(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """The scoreboard; htmx asks for it alone while runs go on."""
    board = reading.tournament_of(member, number)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "tournaments/_board.html", {"member": member, "board": board})
    return page(request, "tournaments/detail.html", member, "tournaments", board=board)


@require_POST
@member_page
def tournament_start(request: HttpRequest, member: Member) -> HttpResponse:
    """Let the chosen formations compete."""
    versions = [version_named(member, slug) for slug in request.POST.getlist("formation")[:100]]
    try:
        tournament = start_tournament(by=member, versions=versions, seeds=request.POST.get("seeds", ""))
    except (UnableToStartTournament, DocumentInvalid) as refusal:
        messages.error(request, str(refusal))
        return redirect("tournament-list", tenant=member.tenant.slug)
    return redirect("tournament-detail", tenant=member.tenant.slug, number=tournament.pk)
