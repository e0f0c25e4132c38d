"""The drawer: one selected thing of a run, by its sort and name."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from runs.pages.door import member_page, words
from runs.reading import things
from runs.reading.members import Member
from runs.reading.provenance import NoFactName
from runs.reading.runs import Run, run_of

#: What can be selected: `SORT:NAME` in the address; each has `templates/runs/things/_SORT.html`. Events are drawn in the browser.
THINGS: dict[str, Callable[[Run, str], Any]] = {
    "fact": things.fact_named_in,
    "refused": things.refused_in,
    "effect": things.effect_in,
    "vote": things.vote_in,
    "cell": things.cell_in,
}


@member_page
def run_thing(request: HttpRequest, member: Member, uuid: str) -> HttpResponse:
    """The thing that the address selects, for the drawer."""
    run = run_of(member, uuid)
    sort, _, name = words(request, "selected").partition(":")
    if sort not in THINGS:
        raise Http404
    try:
        thing = THINGS[sort](run, name)
    except (NoFactName, ValueError, OverflowError) as error:
        raise Http404 from error
    return render(request, f"runs/things/_{sort}.html", {"member": member, "run": run, "thing": thing})
