"""The palette: what fits a few words, as links."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from runs.pages.door import member_page, words
from runs.reading.finding import Found, found
from runs.reading.members import Member

#: Where one can go, by what it is called: the name of the page and its query.
PLACES = (
    ("Overview", "overview", ""),
    ("Runs", "run-list", ""),
    ("Runs that are running", "run-list", "?status=running"),
    ("Runs that finished today", "run-list", "?ended=today"),
    ("Runs with an alarm", "run-list", "?alarm=any"),
    ("Decide what waits (gates)", "gate-list", ""),
    ("Start a run: choose a formation", "formation-list", ""),
    ("Compare two runs", "run-compare", ""),
    ("Tournaments", "tournament-list", ""),
    ("Learning", "learning", ""),
)


@dataclass(frozen=True)
class Hit:
    """A line of the palette."""

    sort: str
    label: str
    note: str
    href: str


@member_page
def find(request: HttpRequest, member: Member) -> HttpResponse:
    """What fits the words: where to go, runs, formations, topics, facts."""
    asked = words(request, "q")
    hits = [*_places(member, asked), *(_hit(member, each) for each in found(member, asked, run=_run(words(request, "run"))))]
    return render(request, "_found.html", {"hits": hits, "asked": asked})


def _run(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _places(member: Member, asked: str) -> Iterator[Hit]:
    for label, name, query in PLACES:
        if asked.lower() in label.lower():
            yield Hit("action", label, "", reverse(name, args=[member.tenant.slug]) + query)


def _hit(member: Member, each: Found) -> Hit:
    tenant = member.tenant.slug
    if each.sort == "formation":
        return Hit("formation", each.label, each.note, reverse("formation-detail", args=[tenant, each.name]))
    address = reverse("run-detail", args=[tenant, each.run])
    query = {"topic": "?tab=huddle", "fact": f"?tab=context&selected=fact:{quote(each.name)}"}.get(each.sort, "")
    return Hit(each.sort, each.label, each.note, address + query)
