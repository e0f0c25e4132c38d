"""The gate inbox, and deciding."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from runs.actions.gates import UnableToDecide, can_decide, decide_gate
from runs.pages.door import member_page, page
from runs.reading import gates as reading
from runs.reading.members import Member


def with_rights(views: Iterable[reading.GateView], member: Member) -> list[tuple[reading.GateView, bool]]:
    """Each gate with whether this member may decide it: a button shown is an action allowed."""
    return [(view, can_decide(view.gate, by=member)) for view in views]


@member_page
def gate_list(request: HttpRequest, member: Member) -> HttpResponse:
    """Everything in the tenant that waits for a decision."""
    cards = with_rights(reading.gates_waiting(member), member)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "gates/_list_alone.html", {"member": member, "cards": cards, "waiting": len(cards)})
    return page(request, "gates/list.html", member, "gates", cards=cards)


@require_POST
@member_page
def gate_decide(request: HttpRequest, member: Member, gate: int) -> HttpResponse:
    """Approve or reject; then back to where the next one waits."""
    asked = reading.gate_of(member, gate)
    try:
        decide_gate(by=member, gate=asked, verdict=request.POST.get("verdict", ""), reason=request.POST.get("reason", "").strip())
        messages.success(request, f"{asked.proposal_id}: your decision is recorded.")
    except UnableToDecide as refusal:
        messages.error(request, str(refusal))
    return redirect(_back(request, member))


def _back(request: HttpRequest, member: Member) -> Any:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("gate-list", args=[member.tenant.slug])
