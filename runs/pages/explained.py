"""Explanations on the run page: why a fact is there, why another is not, and who never woke."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from runs.pages.door import member_page
from runs.reading.members import Member
from runs.reading.provenance import NoFactName, fact_named, named, provenance_of
from runs.reading.refused import refusals_of
from runs.reading.runs import Run, run_of
from runs.reading.waiting import waiting
from runs.reading.why import why
from runs.reading.why_not import why_not

#: Steps of an explanation that a page shows.
SHOWN = 40


def shown(run: Run, asked: str) -> dict[str, Any]:
    """What the tab shows: the fact that was asked about, what was refused, who sleeps."""
    return {"asked": asked, "refused": refusals_of(run), "sleepers": waiting(run)} | (answer(run, asked) if asked else {})


def answer(run: Run, asked: str) -> dict[str, Any]:
    """Why it is there, or why not."""
    try:
        name = named(asked)
    except NoFactName as error:
        return {"puzzled": str(error)}
    blocker = why_not(run, name)
    return {"blocker": blocker} if blocker.kind != "there" else _reasons(run, asked)


def _reasons(run: Run, asked: str) -> dict[str, Any]:
    fact = fact_named(run, named(asked))
    return {"fact": fact, "provenance": provenance_of(run, fact), "explanation": why(run, fact, most=SHOWN)}


@member_page
def run_why(request: HttpRequest, member: Member, uuid: str) -> HttpResponse:
    """Why a fact is there, or why not, for its row."""
    run = run_of(member, uuid)
    return render(request, "runs/_why.html", {"member": member, "run": run} | answer(run, request.GET.get("fact", "")))
