"""Explanations for the drawer: why a fact is there, or why not."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from runs.pages.door import member_page
from runs.reading.members import Member
from runs.reading.provenance import NoFactName, fact_named, named, provenance_of
from runs.reading.runs import Run, run_of
from runs.reading.why import why
from runs.reading.why_not import why_not

#: Steps of an explanation that a page shows.
SHOWN = 40


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
