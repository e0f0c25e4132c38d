"""The formations of a tenant: looked at and run."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from runs.actions.runs import UnableToStartRun, can_start, start_run
from runs.pages.door import member_page, page
from runs.reading import formations as reading
from runs.reading.charters import charter_of
from runs.reading.drafts import drafts_of
from runs.reading.lint import findings_in_tenant
from runs.reading.members import Member
from runs.reading.readiness import NotReady, check_readiness, readiness_of
from runs.reading.seats import seats_of


@member_page
def formation_list(request: HttpRequest, member: Member) -> HttpResponse:
    """What can be run here."""
    cards = reading.formations_of(member)
    shown = {"cards": cards, "can_start": member.may("run"), "can_author": member.may("author"), "drafts": drafts_of(member)}
    return page(request, "formations/list.html", member, "formations", **shown)


@member_page
def formation_detail(request: HttpRequest, member: Member, formation: str) -> HttpResponse:
    """One formation, to be read: team, seeds, budget, gates."""
    card = reading.formation_of(member, formation)
    document = json.dumps(card.document, indent=2, ensure_ascii=False)
    shown = {"card": card, "seats": seats_of(card.document), "document": document}
    shown |= {"can_start": can_start(card.version, by=member), "findings": findings_in_tenant(member, card.version.document)}
    shown |= {"can_author": member.may("author")}
    shown |= {"charter": charter_of(card.version.document)}
    shown |= {"readiness": readiness_of(member, card.version)}
    return page(request, "formations/detail.html", member, "formations", **shown)


@require_POST
@member_page
def formation_run(request: HttpRequest, member: Member, formation: str) -> HttpResponse:
    """Start a run of the newest version and go and watch it; `anyway` also starts one that lacks what it needs."""
    card = reading.formation_of(member, formation)
    try:
        if not request.POST.get("anyway"):
            check_readiness(member, card.version)
        run = start_run(by=member, version=card.version)
    except (UnableToStartRun, NotReady) as refusal:
        messages.error(request, f"Not started: {refusal}")
        return redirect("formation-detail", tenant=member.tenant.slug, formation=formation)
    return redirect("run-detail", tenant=member.tenant.slug, uuid=run.uuid)
