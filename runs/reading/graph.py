"""What rests on what: recorded edges only, in layers by cycle; put together where there is too much to draw, and nothing left out."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from runs.engine import ContextKey
from runs.models import Run
from runs.reading.context import chosen, context_at
from runs.reading.provenance import NoFactName, named

#: More nodes than this are put together.
MOST = 500
#: Nodes of an opened group that are drawn one by one.
MOST_OPENED = 300
ANCESTORS, DESCENDANTS = "ancestors", "descendants"
FACT, EFFECT, GATE, GROUP = "fact", "effect", "gate", "group"
ORDER = {str(key): place for place, key in enumerate(ContextKey)}
SWEEPS = 3


class Node(msgspec.Struct, gc=False):
    """A fact, an effect, a gate, or a group of them; `thing` is its name in the drawer, `layer` and `row` its place."""

    thing: str
    sort: str
    label: str
    key: str
    by: str
    cycle: int
    seq: int
    count: int = 1
    last: int = -1
    layer: int = 0
    row: int = 0


class Graph(msgspec.Struct):
    """Nodes, edges between their places in the list (from, to, how many), and counts: facts, edges, facts that declare nothing."""

    nodes: list[Node]
    edges: list[tuple[int, int, int]]
    facts: int
    recorded: int
    silent: int
    layers: list[str]
    is_grouped: bool = False
    focus: str = ""
    is_missing: bool = False

    def as_json(self) -> str:
        """The graph as JSON text."""
        return msgspec.json.encode(self).decode()


class Wish(msgspec.Struct, frozen=True):
    """What is to be drawn: up to which cycle, of which cycles and suggestor, around which fact in which direction, which group opened."""

    at: int | None = None
    cycle: str = ""
    suggestor: str = ""
    focus: str = ""
    way: str = ""
    opened: str = ""


Pair = tuple[int, int]


def graph_of(run: Run, wish: Wish = Wish()) -> Graph:  # noqa: B008  (it is frozen)
    """The graph of a run; of one fact's ancestors and descendants when it is in focus."""
    nodes, pairs, silent = _recorded(run, wish)
    facts, recorded = sum(node.sort == FACT for node in nodes), len(pairs)
    start = _place_of(nodes, wish.focus)
    if start is not None:
        nodes, pairs = _kept(nodes, pairs, _around(pairs, start, wish.way))
    drawn, edges = _grouped(nodes, pairs, wish.opened)
    layers = _laid(drawn, edges)
    focus, is_grouped = wish.focus if start is not None else "", any(node.sort == GROUP for node in drawn)
    return Graph(drawn, edges, facts, recorded, silent, layers, is_grouped, focus, bool(wish.focus) and not focus)


def _recorded(run: Run, wish: Wish) -> tuple[list[Node], list[Pair], int]:
    """Every node, every recorded edge, and how many facts declare nothing."""
    wanted = chosen(wish.cycle, wish.suggestor)
    columns = ("seq", "key", "fact_id", "cycle", "suggestor", "used")
    rows = list(context_at(run, wish.at, wanted=wanted).order_by("seq").values_list(*columns))
    nodes = [Node(f"fact:{key}/{id}", FACT, id, key, by or "", cycle, seq) for seq, key, id, cycle, by, _ in rows]
    places = {(row[1], row[2]): place for place, row in enumerate(rows)}
    used = [(place, row[3], msgspec.json.decode(row[5])) for place, row in enumerate(rows) if row[5]]
    found = [(places[tuple(name)], place, cycle) for place, cycle, names in used for name in names if tuple(name) in places]
    pairs = [(source, place) for source, place, cycle in found if nodes[source].cycle < cycle]
    pairs += _asked(run, wish, nodes) + _gated(run, wish, nodes, places)
    return nodes, pairs, len(rows) - len(used)


def _until(wish: Wish) -> dict[str, Any]:
    return chosen(wish.cycle, wish.suggestor) | ({"cycle__lte": wish.at} if wish.at is not None and not wish.cycle else {})


def _asked(run: Run, wish: Wish, nodes: list[Node]) -> list[Pair]:
    """Effects, each with an edge to what its suggestor put forward in the same cycle."""
    turns: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, node in enumerate(nodes):
        turns[node.cycle, node.by].append(place)
    pairs: list[Pair] = []
    rows = run.effects.filter(**_until(wish)).order_by("requested_seq")
    for identity, kind, target, cycle, by, seq in rows.values_list("identity", "kind", "target", "cycle", "suggestor", "requested_seq"):
        if by:
            pairs += [(len(nodes), place) for place in turns.get((cycle, by), ())]
        nodes.append(Node(f"effect:{identity}", EFFECT, target or kind, kind, by or "", cycle, seq))
    return pairs


def _gated(run: Run, wish: Wish, nodes: list[Node], places: dict[Any, int]) -> list[Pair]:
    """Gates, each with an edge to the fact that it let through, or to the note of its refusal."""
    pairs: list[Pair] = []
    rows = run.gates.filter(**_until(wish)).exclude(key="").order_by("seq")
    for gate, key, id, cycle, by, seq in rows.values_list("gate_id", "key", "proposal_id", "cycle", "decided_by", "seq"):
        for name in ((key, id), (str(ContextKey.DIAGNOSTIC), f"hitl-rejected:{id}")):
            if name in places and nodes[places[name]].cycle == cycle:
                pairs += [(len(nodes), places[name])]
        nodes.append(Node(f"event:{seq}", GATE, gate, "Gate", by or "", cycle, seq))
    return pairs


def _place_of(nodes: Sequence[Node], focus: str) -> int | None:
    try:
        key, id = named(focus)
    except NoFactName:
        return None
    return next((place for place, node in enumerate(nodes) if node.thing == f"fact:{key}/{id}"), None)


def _around(pairs: Iterable[Pair], start: int, way: str) -> set[int]:
    """Those before it, those after it, or both; and itself."""
    back, on = defaultdict(list), defaultdict(list)
    for source, target in pairs:
        back[target].append(source)
        on[source].append(target)
    ways = [back] if way == ANCESTORS else [on] if way == DESCENDANTS else [back, on]
    return {place for neighbours in ways for place in _reached(neighbours, start)}


def _reached(neighbours: dict[int, list[int]], start: int) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        fresh = [place for place in neighbours.get(waiting.pop(), ()) if place not in found]
        found.update(fresh)
        waiting += fresh
    return found


def _kept(nodes: list[Node], pairs: list[Pair], places: set[int]) -> tuple[list[Node], list[Pair]]:
    moved = {place: number for number, place in enumerate(sorted(places))}
    return [nodes[place] for place in sorted(places)], [(moved[one], moved[two]) for one, two in pairs if one in moved and two in moved]


#: Ever coarser groups that a node may stand in; the last puts stretches of so many cycles together.
COARSER: tuple[Callable[[Node, int], tuple[Any, ...]], ...] = (
    lambda node, _: (node.cycle, node.sort, node.by, node.key),
    lambda node, _: (node.cycle, node.sort, node.key),
    lambda node, _: (node.cycle,),
    lambda node, width: (node.cycle // width,),
)


def _grouped(nodes: list[Node], pairs: list[Pair], opened: str) -> tuple[list[Node], list[tuple[int, int, int]]]:
    """The nodes, put together as far as needed, and the edges between what is drawn, counted."""
    groups = _groups(nodes, opened)
    place_of = {member: place for place, members in enumerate(groups) for member in members}
    drawn = [_drawn([nodes[member] for member in members]) for members in groups]
    counts: dict[Pair, int] = defaultdict(int)
    for source, target in pairs:
        pair = place_of[source], place_of[target]
        if pair[0] != pair[1]:
            counts[pair] += 1
    return drawn, [(*pair, count) for pair, count in counts.items()]


def _groups(nodes: list[Node], opened: str) -> list[list[int]]:
    if len(nodes) <= MOST:
        return [[place] for place in range(len(nodes))]
    width = -(-(max(node.cycle for node in nodes) + 1) // MOST)
    for names in COARSER:
        groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for place, node in enumerate(nodes):
            groups[names(node, width)].append(place)
        if len(groups) <= MOST:
            break
    return [part for members in groups.values() for part in _opened(nodes, members, opened)]


def _opened(nodes: list[Node], members: list[int], opened: str) -> list[list[int]]:
    """A group, or its members one by one where it was opened; what is too many stays together."""
    if not opened or len(members) == 1 or _drawn([nodes[member] for member in members]).thing != f"group:{opened}":
        return [members]
    rest = members[MOST_OPENED:]
    return [[member] for member in members[:MOST_OPENED]] + ([rest] if rest else [])


def _drawn(members: list[Node]) -> Node:
    """What stands for these nodes: the one itself, or a group with the first of them for its name."""
    first = members[0]
    if len(members) == 1:
        return first
    by, key = _only(members, lambda node: node.by), _only(members, lambda node: node.key)
    last = max(node.cycle for node in members)
    return Node(f"group:{first.seq}", GROUP, by, key, by, min(node.cycle for node in members), first.seq, len(members), last)


def _only(members: list[Node], read: Callable[[Node], str]) -> str:
    """What all have in common, or nothing."""
    values = {read(node) for node in members}
    return values.pop() if len(values) == 1 else ""


def _laid(nodes: list[Node], edges: list[tuple[int, int, int]]) -> list[str]:
    """Give every node its layer (effects and gates stand before the facts of their cycle) and its row; tells the layers' cycles."""
    marks = [(node.cycle, node.sort not in (EFFECT, GATE)) for node in nodes]
    layers = {mark: place for place, mark in enumerate(sorted(set(marks)))}
    rows: list[list[int]] = [[] for _ in layers]
    for place, node in enumerate(nodes):
        node.layer = layers[marks[place]]
        rows[node.layer].append(place)
    for row in rows:
        row.sort(key=lambda place: (ORDER.get(nodes[place].key, len(ORDER)), nodes[place].by, nodes[place].seq))
    _untangle(nodes, edges, rows)
    return [str(cycle) if late else "" for cycle, late in layers]


def _untangle(nodes: list[Node], edges: list[tuple[int, int, int]], rows: list[list[int]]) -> None:
    """Order each layer by where the neighbours of its nodes stand, forth and back, so that fewer edges cross."""
    before, after = defaultdict(list), defaultdict(list)
    for source, target, _ in edges:
        before[target].append(source)
        after[source].append(target)
    _number(nodes, rows)
    for sweep in range(SWEEPS):
        neighbours, way = (after, reversed(rows)) if sweep % 2 else (before, iter(rows))
        for row in way:
            middle = {place: _middle(nodes, neighbours[place], nodes[place].row) for place in row}
            row.sort(key=middle.__getitem__)
            _number(nodes, [row])


def _middle(nodes: list[Node], places: list[int], otherwise: int) -> float:
    return sum(nodes[place].row for place in places) / len(places) if places else float(otherwise)


def _number(nodes: list[Node], rows: list[list[int]]) -> None:
    for row in rows:
        for number, place in enumerate(row):
            nodes[place].row = number
