"""The first page of a tenant."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from runs.pages.door import member_page, page
from runs.pages.gates import cards_of
from runs.reading.gates import gates_waiting
from runs.reading.members import Member
from runs.reading.overview import Overview

#: Gates that are told with their deadline.
MOST_GATES = 6


@member_page
def overview(request: HttpRequest, member: Member) -> HttpResponse:
    """What goes on in the tenant; htmx asks for its body alone."""
    cards = cards_of(gates_waiting(member), member)
    shown = {"view": Overview(member), "cards": cards[:MOST_GATES], "mine": sum(card.is_mine for card in cards), "all_waiting": len(cards)}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "overview/_alone.html", shown | {"member": member, "waiting": len(cards)})
    return page(request, "overview/page.html", member, "overview", **shown)
