"""Taking away what is seen: tables as CSV and JSON, drawings as SVG in light colours."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from runs.pages import dissent
from runs.pages.door import member_page
from runs.pages.huddle import asked_of
from runs.pages.matrix import dissent_strip, matrix_of, triangle_of
from runs.pages.taking import as_csv
from runs.reading import disagreements, tables
from runs.reading import runs as reading
from runs.reading.members import Member
from runs.reading.runs import Run
from runs.reading.topics import topics_of

#: The light look, in colours that every program that draws SVG knows.
FILLS = {
    "yes": "#0072b2",
    "no": "url(#no)",
    "abstain": "#8a9095",
    "dot": "#646b73",
    "over-no": "url(#over)",
    "heat-1": "#efecfb",
    "heat-2": "#d3caf5",
    "heat-3": "#af9ee4",
    "heat-4": "#876cca",
    "heat-5": "#613ea6",
}
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "svg": "image/svg+xml"}
ROW, TEXT, FIGURE, TOP = 26, 300, 70, 64
LONGEST = 52


@member_page
def run_table(request: HttpRequest, member: Member, uuid: str, what: str, form: str) -> HttpResponse:
    """A table or a drawing of a run, to keep; a question that cannot be asked is refused."""
    run = reading.run_of(member, uuid)
    question, problem = asked_of(request)
    if problem is not None:
        return HttpResponse(f"{problem}\n", status=400, content_type="text/plain; charset=utf-8")
    if form == "svg" and what in DRAWINGS:
        return _kept(DRAWINGS[what](run), run, what, form)
    if what not in tables.TABLES or form not in ("csv", "json"):
        raise Http404
    rows = tables.rows_of(run, what, question)
    return _kept(as_csv(rows) if form == "csv" else json.dumps(rows, ensure_ascii=False), run, what, form)


def _kept(content: str, run: Run, what: str, form: str) -> HttpResponse:
    name = f"{str(run.uuid)[:8]}-{what}.{form}"
    return HttpResponse(content, content_type=TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _dissent(run: Run) -> str:
    found = disagreements.disagreements_of(run)
    matrix = matrix_of(found.people, found.agreement.groups, dissent.WIDE)
    rows = [_row(split.topic, dissent_strip(matrix, split), place) for place, split in enumerate(found.splits)]
    return _drawn("Dissent, the most split topics first; the darker, the larger the share of votes against; hatched: said no", matrix, rows)


def _votes(run: Run) -> str:
    topics = topics_of(run)
    matrix, strips = dissent.vote_rows(topics, topics)
    rows = [_row(topic, strip, place) for place, (topic, strip) in enumerate(strips)]
    return _drawn("Votes, the clearest yes first: blue yes, hatched no, grey abstain", matrix, rows)


def _row(topic: Any, strip: Any, place: int) -> dict[str, Any]:
    text = topic.text or topic.name
    y = TOP + 60 + place * ROW
    paths = [(FILLS.get(name, "none"), path) for name, path in strip.paths]
    return {"text": text if len(text) <= LONGEST else f"{text[:LONGEST]}…", "figure": f"{topic.yes} : {topic.no}", "y": y, "paths": paths}


def _drawn(title: str, matrix: Any, rows: list[dict[str, Any]]) -> str:
    shape = {"wide": TEXT + FIGURE + matrix.width + 24, "tall": TOP + 60 + len(rows) * ROW + 12, "left": TEXT + FIGURE}
    names = [(name, TEXT + FIGURE + x) for name, x in matrix.head.names]
    return render_to_string("runs/matrix.svg", {"title": title, "rows": rows, "names": names, "head": TOP + 54} | shape)


def _agreement(run: Run) -> str:
    triangle = triangle_of(disagreements.disagreements_of(run), 640)
    paths = [(FILLS.get(name, "none"), path) for name, path in triangle.paths]
    return render_to_string(
        "runs/triangle.svg", {"triangle": triangle, "paths": paths, "wide": triangle.wide + 32, "tall": triangle.tall + TOP}
    )


DRAWINGS = {"dissent": _dissent, "votes": _votes, "agreement": _agreement}
