"""The runs of a tenant as a table: filtered, kept up to date, taken away, and acted upon several at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from runs.actions.runs import UnableToCancelRun, cancel_run
from runs.actions.saved import UnableToSaveView, forget_view, save_view
from runs.actions.verifications import UnableToVerify, verify_run
from runs.pages.door import member_page, number, page
from runs.pages.taking import taken
from runs.reading import runs as reading
from runs.reading.gates import count_waiting
from runs.reading.members import Member
from runs.reading.named import formations_named
from runs.reading.rows import most_of, rows_of
from runs.reading.saved import saved_views_of
from runs.reading.wanted import RunFilter
from runs.reading.words import STATUSES, STOP_CHOICES, plural

#: Runs that one deed is done to, and rows of one export.
MOST_CHOSEN = 200
MOST_TAKEN = 5_000
#: The choices of filters, in words.
TIMES = (("1h", "in the last hour"), ("24h", "in the last 24 hours"), ("7d", "in the last 7 days"), ("30d", "in the last 30 days"))
GATE_CHOICES = (("waiting", "that wait"), ("any", "had some"), ("none", "had none"))
ALARM_CHOICES = (("any", "any alarm"), ("budget", "budget nearly spent"), ("stalled", "stalled"), ("diverged", "diverged"))


@dataclass(frozen=True)
class Deed:
    """What can be done to several runs: the action, how it refuses, and what becomes of a run."""

    act: Callable[..., Any]
    refusal: type[Exception]
    says: str


DEEDS = {
    "cancel": Deed(cancel_run, UnableToCancelRun, "being cancelled"),
    "verify": Deed(verify_run, UnableToVerify, "being verified"),
}


@member_page
def run_list(request: HttpRequest, member: Member) -> HttpResponse:
    """The runs of the tenant that the address asks for, newest first."""
    wanted = RunFilter.of(request.GET)
    found = reading.runs_of(member, wanted, before=number(request.GET.get("before")))
    rows = rows_of(found.runs)
    shown = {"found": found, "rows": rows, "most": most_of(rows), "wanted": wanted, "newest": _newest(found), "may_act": member.may("run")}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "runs/_list.html", shown | {"member": member})
    choices = {"statuses": STATUSES.values(), "formations": formations_named(member), "reasons": STOP_CHOICES.items()}
    choices |= {"times": TIMES, "gate_choices": GATE_CHOICES, "alarm_choices": ALARM_CHOICES, "saved": saved_views_of(member)}
    return page(request, "runs/list.html", member, "runs", **shown, **choices)


def _newest(found: reading.RunPage) -> int:
    return found.runs[0].pk if found.runs else 0


@member_page
def run_rows(request: HttpRequest, member: Member) -> HttpResponse:
    """Rows drawn again because their runs changed, and how many wanted runs are newer than the newest that is shown."""
    rows = rows_of(list(reading.runs_by_uuid(member, request.GET.getlist("run")[:MOST_CHOSEN])))
    newest = number(request.GET.get("newest"))
    wanted = RunFilter.of(request.GET)
    newer = reading.newer_than(member, newest, wanted) if newest is not None else 0
    most = max(most_of(rows), number(request.GET.get("most")) or 0)
    shown = {"member": member, "rows": rows, "most": most, "newer": newer, "wanted": wanted, "waiting": count_waiting(member)}
    return render(request, "runs/_rows_changed.html", shown)


@require_POST
@member_page
def runs_deed(request: HttpRequest, member: Member) -> HttpResponse:
    """Cancel or verify the chosen runs, each for itself; then back to the list as it was."""
    deed = DEEDS.get(request.POST.get("deed", ""))
    done, refused = _done(member, deed, request.POST.getlist("run")[:MOST_CHOSEN]) if deed else (0, [])
    _say(request, done, refused, deed)
    return redirect(_list_address(member, request.POST.get("back", "")))


def _done(member: Member, deed: Deed, chosen: list[str]) -> tuple[int, list[str]]:
    """How many runs it was done to, and what stood in the way of the others."""
    refused = []
    runs = list(reading.runs_by_uuid(member, chosen))
    for run in runs:
        try:
            deed.act(by=member, run=run)
        except deed.refusal as error:
            refused.append(f"{run.label} {str(run.uuid)[:8]}: {error}")
    return len(runs) - len(refused), refused


def _say(request: HttpRequest, done: int, refused: list[str], deed: Deed | None) -> None:
    if done and deed:
        messages.success(request, f"{plural(done, 'run')} {'is' if done == 1 else 'are'} {deed.says}.")
    if refused:
        messages.error(request, f"Not done: {'; '.join(refused[:5])}{' …' if len(refused) > 5 else ''}.")
    if not done and not refused:
        messages.warning(request, "Nothing was chosen.")


def _list_address(member: Member, query: str) -> str:
    wanted = RunFilter.of(_asked(query)).query
    return reverse("run-list", args=[member.tenant.slug]) + (f"?{wanted}" if wanted else "")


def _asked(query: str) -> QueryDict:
    return QueryDict(query.lstrip("?"))


@member_page
def runs_taken(request: HttpRequest, member: Member, form: str) -> HttpResponse:
    """The runs that are seen, or the chosen ones among them, to keep."""
    chosen = request.GET.getlist("run")[:MOST_CHOSEN]
    runs = (
        list(reading.runs_by_uuid(member, chosen)) if chosen else reading.runs_of(member, RunFilter.of(request.GET), limit=MOST_TAKEN).runs
    )
    return taken(reading.told(rows_of(runs)), "runs", form)


@require_POST
@member_page
def view_save(request: HttpRequest, member: Member) -> HttpResponse:
    """Keep the filter under a name."""
    query = RunFilter.of(_asked(request.POST.get("query", ""))).query
    try:
        view = save_view(by=member, name=request.POST.get("name", ""), query=query)
        messages.success(request, f"The view “{view.name}” is kept.")
    except UnableToSaveView as refusal:
        messages.error(request, f"{str(refusal).capitalize()}.")
    return redirect(_list_address(member, query))


@require_POST
@member_page
def view_forget(request: HttpRequest, member: Member) -> HttpResponse:
    """Forget a kept filter."""
    forget_view(by=member, name=request.POST.get("name", ""))
    messages.success(request, "The view is forgotten.")
    return redirect(_list_address(member, request.POST.get("query", "")))
