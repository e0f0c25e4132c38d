"""The run page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from runs.actions.runs import UnableToCancelRun, can_cancel, cancel_run
from runs.pages import context, tabs, trust
from runs.pages.door import member_page, number, page
from runs.reading import runs as reading
from runs.reading.events import LIMIT, EventFilter, events_before
from runs.reading.gates import count_waiting
from runs.reading.grid import grid_of
from runs.reading.members import Member
from runs.reading.runs import Run


@member_page
def run_detail(request: HttpRequest, member: Member, uuid: str) -> HttpResponse:
    """One run: its head and one tab; htmx asks for either alone."""
    run = reading.run_of(member, uuid)
    elsewhere = context.moved(request.GET)
    if elsewhere is not None:
        return redirect(request.path + elsewhere)
    shown: dict[str, Any] = {"run": run} | tabs.shown(request, run)
    alone = PARTS.get(request.htmx.target or "")  # type: ignore[attr-defined]
    if alone is not None:
        template, read = alone
        return render(request, template, shown | {"member": member} | read(request, run, member))
    grid = grid_of(run, cells=False).as_json()
    shown |= _head(request, run, member) | _tab(request, run, member) | _moment(request, run, member)
    answer = page(request, "runs/detail.html", member, "runs", **shown, grid=grid)
    answer.status_code = 400 if shown.get("problem") else 200
    return answer


def _head(_: HttpRequest, run: Run, member: Member) -> dict[str, Any]:
    shown = {"head": reading.RunHead(run), "can_cancel": can_cancel(run, by=member), "waiting": count_waiting(member)}
    return shown | trust.verdict_shown(member, run)


def _tab(request: HttpRequest, run: Run, member: Member) -> dict[str, Any]:
    return tabs.contents(request, run, member)


def _moment(request: HttpRequest, run: Run, _: Member) -> dict[str, Any]:
    return context.moment(request, run)


#: The parts of the run page that a browser asks for alone, by the id of the element.
PARTS: dict[str, tuple[str, Callable[[HttpRequest, Run, Member], dict[str, Any]]]] = {
    "run-head": ("runs/_head_alone.html", _head),
    "tab-body": ("runs/_tab_alone.html", _tab),
    "facets": ("runs/_facets.html", lambda request, run, _: tabs.facets(request, run)),
    "moment": ("runs/_moment.html", _moment),
    "chosen": ("runs/_chosen.html", lambda *_: {}),
}


@member_page
def run_events(request: HttpRequest, member: Member, uuid: str) -> HttpResponse:
    """A page of the journal for the event list, newest first."""
    run = reading.run_of(member, uuid)
    limit = min(number(request.GET.get("limit")) or LIMIT, LIMIT)
    found = events_before(run, EventFilter.of(request.GET), before=number(request.GET.get("before")), limit=limit)
    return HttpResponse(found.as_json(run.head), content_type="application/json")


@require_POST
@member_page
def run_cancel(request: HttpRequest, member: Member, uuid: str) -> HttpResponse:
    """Ask a run to stop."""
    run = reading.run_of(member, uuid)
    try:
        cancel_run(by=member, run=run)
        messages.success(request, "The run is being cancelled.")
    except UnableToCancelRun as refusal:
        messages.error(request, str(refusal))
    return redirect("run-detail", tenant=member.tenant.slug, uuid=run.uuid)
