"""The graph tab: what rests on what, as a drawing, as a table, and to keep."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from runs.pages.door import member_page, number, words
from runs.reading.graph import Graph, Node, Wish, graph_of
from runs.reading.members import Member
from runs.reading.runs import Run, run_of

#: Rows of the table that one answer holds.
PAGE = 100
#: Of what a node rests on, so much is named.
NAMED = 5
COLUMN, WIDE, ROW, TALL, TOP = 232, 184, 32, 24, 72
FILLS = {"fact": "#ffffff", "group": "#efecfb", "effect": "#eef6ee", "gate": "#fdf3e0"}
TYPES = {"json": "application/json", "svg": "image/svg+xml"}


def wish_of(request: HttpRequest) -> Wish:
    """What the address asks to be drawn."""
    cycle, suggestor, focus, way, opened = (words(request, name) for name in ("cycle", "suggestor", "focus", "way", "open"))
    return Wish(number(words(request, "at")), cycle, suggestor, focus, way, opened)


@member_page
def run_graph(request: HttpRequest, member: Member, uuid: str, form: str) -> HttpResponse:
    """The graph as JSON for the browser, as a drawing or JSON to keep, or as a page of its table."""
    run = run_of(member, uuid)
    if form not in FORMS:
        raise Http404
    return FORMS[form](request, run, graph_of(run, wish_of(request)))


def _json(request: HttpRequest, run: Run, graph: Graph) -> HttpResponse:
    return _kept(request, run, graph.as_json(), "json")


def _svg(request: HttpRequest, run: Run, graph: Graph) -> HttpResponse:
    return _kept(request, run, render(request, "runs/graph.svg", drawing_of(graph)).content.decode(), "svg")


def _kept(request: HttpRequest, run: Run, content: str, form: str) -> HttpResponse:
    name = f"{str(run.uuid)[:8]}-graph.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'} if "keep" in request.GET else {}
    return HttpResponse(content, content_type=TYPES[form], headers=headers)


def drawing_of(graph: Graph) -> dict[str, Any]:
    """Where everything stands, in light colours."""
    boxes = [(node, *_corner(node), FILLS[node.sort], label_of(node)) for node in graph.nodes]
    curves = " ".join(_curve(graph.nodes[source], graph.nodes[target]) for source, target, _ in graph.edges)
    wide = COLUMN * len(graph.layers) + 24
    tall = TOP + ROW * (1 + max((node.row for node in graph.nodes), default=0)) + 12
    heads = [(24 + COLUMN * place, f"cycle {cycle}") for place, cycle in enumerate(graph.layers) if cycle]
    return {"graph": graph, "boxes": boxes, "curves": curves, "heads": heads, "wide": max(wide, 480), "tall": tall}


def _corner(node: Node) -> tuple[int, int]:
    return 24 + COLUMN * node.layer, TOP + ROW * node.row


def _curve(source: Node, target: Node) -> str:
    (left, top), (right, end) = _corner(source), _corner(target)
    from_x, from_y, to_y = left + WIDE, top + TALL // 2, end + TALL // 2
    bend = (from_x + right) // 2
    return f"M{from_x} {from_y}C{bend} {from_y} {bend} {to_y} {right} {to_y}"


def label_of(node: Node, longest: int = 26) -> str:
    """What is written on a node."""
    text = node.label if node.count == 1 else " · ".join(filter(None, (f"{node.count} {node.key or 'nodes'}", node.label)))
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _table(request: HttpRequest, run: Run, graph: Graph) -> HttpResponse:
    """The nodes in the order of cycles, each with what it rests on."""
    since = number(words(request, "from")) or 0
    order = sorted(range(len(graph.nodes)), key=lambda place: (graph.nodes[place].layer, graph.nodes[place].row))
    rests: dict[int, list[Node]] = {}
    bears: dict[int, int] = {}
    for source, target, _ in graph.edges:
        rests.setdefault(target, []).append(graph.nodes[source])
        bears[source] = bears.get(source, 0) + 1
    shown = [(graph.nodes[place], rests.get(place, []), bears.get(place, 0)) for place in order[since : since + PAGE]]
    rows = [(node, those[:NAMED], len(those) - NAMED, bearing) for node, those, bearing in shown]
    later = since + PAGE if since + PAGE < len(order) else None
    return render(request, "runs/_graph_table.html", {"run": run, "rows": rows, "later": later, "since": since, "all": len(order)})


FORMS = {"json": _json, "svg": _svg, "table": _table}
