"""Two runs side by side."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from runs.pages.door import member_page, number, page
from runs.pages.taking import taken
from runs.reading import runs as reading
from runs.reading.comparing import LISTS, TABLES, Comparison
from runs.reading.members import Member
from runs.reading.rows import most_of, rows_of


@member_page
def run_compare(request: HttpRequest, member: Member) -> HttpResponse:
    """Run A against run B, named by the address; with one of them only, the list to choose the other from."""
    chosen = request.GET.getlist("run")[:2]
    if len(chosen) < 2:
        one = reading.run_of(member, chosen[0]) if chosen else None
        others = reading.runs_of(member).runs
        return page(request, "runs/compare_choose.html", member, "runs", one=one, others=[run for run in others if run != one])
    comparison = _asked(member, chosen)
    return page(request, "runs/compare.html", member, "runs", **_shown(request, comparison))


@member_page
def compare_taken(request: HttpRequest, member: Member, what: str, form: str) -> HttpResponse:
    """One list of a comparison, to keep."""
    chosen = request.GET.getlist("run")[:2]
    if what not in TABLES or len(chosen) < 2:
        raise Http404
    return taken(_asked(member, chosen).rows(what), f"compare-{what}", form)


def _asked(member: Member, chosen: list[str]) -> Comparison:
    return Comparison(*(reading.run_of(member, uuid) for uuid in chosen))


def _shown(request: HttpRequest, comparison: Comparison) -> dict[str, Any]:
    what = request.GET.get("show", "")
    what = what if what in LISTS else next((name for name in LISTS if comparison.counts[name]), "only-a")
    rows = rows_of([comparison.a, comparison.b])
    found = comparison.facts(what, number(request.GET.get("after")) or 0)
    lists = [(name, LABELS[name], comparison.counts[name]) for name in LISTS]
    return {"both": comparison, "rows": rows, "most": most_of(rows), "what": what, "lists": lists, "found": found}


LABELS = {"only-a": "Only in A", "only-b": "Only in B", "differing": "Different in both"}
