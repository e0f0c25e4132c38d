"""What rests on what: counted by hand, put together where it is too much, and never left out."""

import pytest

from runs.models import Membership
from runs.reading import graph
from runs.reading.graph import Wish, graph_of
from tests.conducted import GATED, HUDDLE, conducted
from tests.house import a_member


@pytest.fixture
def owner(db) -> Membership:
    return a_member()


@pytest.fixture
def huddle(owner):
    return conducted(owner, HUDDLE)


def edges(found) -> set[tuple[str, str]]:
    return {(found.nodes[source].label, found.nodes[target].label) for source, target, _ in found.edges}


def test_edges_are_those_that_were_declared(huddle):
    found = graph_of(huddle)
    assert ("vote:lunch:ada", "outcome:lunch") in edges(found)
    assert ("vote:pizza:ada", "outcome:lunch") not in edges(found)
    assert found.recorded == sum(len(fact.declared) for fact in huddle.facts.exclude(used=None))
    assert found.facts == huddle.fact_count


def test_an_edge_leads_to_a_later_layer(huddle):
    found = graph_of(huddle)
    assert all(found.nodes[source].layer < found.nodes[target].layer for source, target, _ in found.edges)


def test_no_two_nodes_stand_in_one_place(huddle):
    found = graph_of(huddle)
    assert len({(node.layer, node.row) for node in found.nodes}) == len(found.nodes)


@pytest.mark.parametrize(
    ("way", "labels"),
    [
        ("ancestors", {"outcome:lunch", "vote:lunch:ada", "vote:lunch:bob", "vote:lunch:cleo"}),
        ("descendants", {"outcome:lunch"}),
    ],
)
def test_a_fact_in_focus_keeps_what_leads_to_it_or_from_it(huddle, way, labels):
    found = graph_of(huddle, Wish(focus="ConsensusOutcomes/outcome:lunch", way=way))
    assert {node.label for node in found.nodes} == labels


def test_it_is_the_graph_of_a_cycle_that_one_looks_back_to(huddle):
    assert {node.cycle for node in graph_of(huddle, Wish(at=1)).nodes} == {0, 1}


def test_a_gate_stands_before_its_fact(owner):
    found = graph_of(conducted(owner, GATED))
    assert [node.sort for node in found.nodes if node.cycle == 1] == ["gate"]


@pytest.mark.parametrize("most", [12, 6, 4])
def test_too_much_is_put_together_and_nothing_is_left_out(huddle, monkeypatch, most):
    whole = graph_of(huddle)
    monkeypatch.setattr(graph, "MOST", most)
    found = graph_of(huddle)
    assert found.is_grouped
    assert len(found.nodes) <= most + 1
    assert sum(node.count for node in found.nodes) == len(whole.nodes)
    (largest,) = sorted(found.nodes, key=lambda node: -node.count)[:1]
    opened = graph_of(huddle, Wish(opened=largest.thing.removeprefix("group:")))
    assert len(opened.nodes) == len(found.nodes) + largest.count - 1
