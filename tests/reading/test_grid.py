"""The grid: what every suggestor brought in every cycle."""

import pytest

from runs.models import Activity, Cycle
from runs.reading import grid
from runs.reading.grid import PARTS, Grid, grid_of
from runs.reading.team import lines_of
from tests.conducted import GATED, HUDDLE, conducted, document, says
from tests.house import a_member, a_run, a_version

WIDTH = len(PARTS) + 2


@pytest.fixture
def member(db):
    return a_member()


def cells_of(told: Grid) -> dict[tuple[int, int], list[int]]:
    """The cells by cycle and line."""
    rows = [told.cells[at : at + WIDTH] for at in range(0, len(told.cells), WIDTH)]
    return {(cycle, line): parts for cycle, line, *parts in rows}


def wide(cycles: int, names: list[str]):
    """A run in which everybody brings one fact a cycle."""
    team = [says(name, "Signals", name) for name in names]
    version = a_version(document=document_text(team))
    run = a_run(version=version, head=1)
    Cycle.objects.bulk_create(Cycle(run=run, number=number, facts_added=len(names), rejected=0) for number in range(cycles))
    rows = [(number, name) for number in range(cycles) for name in names]
    Activity.objects.bulk_create(Activity(run=run, cycle=cycle, suggestor=name, proposed=1, promoted=1) for cycle, name in rows)
    return run


def document_text(team: list[dict]) -> str:
    import json

    return json.dumps(document("Wide", team))


def test_columns_say_what_each_cycle_brought_in_all(member):
    run = conducted(member, HUDDLE)
    told = grid_of(run)
    assert sum(column[1 + PARTS.index("promoted")] for column in told.columns) == run.fact_count
    assert [column[0] for column in told.columns] == list(range(told.last + 1))


def test_a_cell_says_what_its_suggestor_brought(member):
    told = grid_of(conducted(member, HUDDLE))
    ada = next(number for number, line in enumerate(told.lines) if line.name == "ada-on-lunch")
    assert cells_of(told)[1, ada] == [1, 1, 0, 0, 0, 0, 0]


def test_gates_stand_where_they_were_asked_for(member):
    told = grid_of(conducted(member, GATED))
    assert [parts[PARTS.index("gates")] for (_, line), parts in cells_of(told).items() if line] == [1]


def test_neighbours_of_one_sort_are_a_group_and_its_line_is_their_sum(db):
    told = grid_of(wide(2, ["p-1", "p-2", "p-3", "alone"]))
    assert [(line.name, line.size, line.group) for line in told.lines] == [
        ("everybody", 0, None), ("p", 3, None), ("p-1", 0, 1), ("p-2", 0, 1), ("p-3", 0, 1), ("alone", 0, None),
    ]  # fmt: skip
    assert cells_of(told)[1, 1][:2] == [3, 3]


def test_skeptics_are_a_group_by_their_room_in_the_catalogue(db):
    kinds = ["assumption-breaker", "constraint-checker", "economic-skeptic"]
    version = a_version(document=document_text([{"kind": kind} for kind in kinds]))
    assert [line.name for line in lines_of(version)] == ["everybody", "skeptics", *kinds]


def test_lines_are_told_with_the_beginning_only(db):
    run = wide(3, ["a", "b"])
    told = grid_of(run, after=1)
    assert told.lines is None
    assert [column[0] for column in told.columns] == [2]
    assert {cycle for cycle, _ in cells_of(told)} == {2}


def test_a_stretch_ends_at_the_border_of_a_cycle_and_leads_on(db, monkeypatch):
    monkeypatch.setattr(grid, "MOST_CELLS", 5)
    run = wide(4, ["a", "b"])
    seen, after = [], -1
    while after < 3:
        told = grid_of(run, after=after)
        seen += cells_of(told)
        after = told.to
    assert seen == [(cycle, line) for cycle in range(4) for line in (1, 2)]


def test_fifty_thousand_envelopes_are_told_in_a_few_statements(db, django_assert_max_num_queries):
    run = wide(50, [f"s-{number}" for number in range(40)])
    with django_assert_max_num_queries(12):
        assert len(cells_of(grid_of(run))) == 50 * 41
