"""The silent role."""

import pytest

from runs.engine import ContextKey
from runs.suggestors.stall import RoleStall
from tests.suggestors.teams import context_of, ids, run, text, vote

WATCHED, DIAGNOSTIC = ContextKey.STRATEGIES, ContextKey.DIAGNOSTIC


def signals(count: int) -> list:
    return [text(ContextKey.SIGNALS, f"s{number}") for number in range(count)]


def test_it_reports_a_silent_role_once():
    (fact,) = run([RoleStall(WATCHED, "planning")], *signals(4)).context.get(DIAGNOSTIC)
    assert (fact.id, fact.provenance) == ("stall:planning", "organism-runtime")
    assert fact.text == (
        '{"agent":"role-stall","role":"planning","watched_key":"Strategies","progress_elsewhere":4,'
        '"recommendation":"consider an alternate descriptor for role `planning`; nothing under Strategies after 4 facts elsewhere",'
        '"severity":"stall"}'
    )


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (signals(2), []),
        (signals(3), ["stall:r"]),
        ([*signals(3), text(WATCHED, "x")], []),
        ([*signals(2), vote("t", "a")], ["stall:r"]),
        ([*signals(2), text(ContextKey.SEEDS, "x"), text(ContextKey.COMPETITORS, "x")], []),
    ],
)
def test_progress_counts_elsewhere_but_for_seeds_and_competitors(facts, expected):
    assert ids(run([RoleStall(WATCHED, "r")], *facts), DIAGNOSTIC) == expected


def test_the_threshold_is_a_parameter():
    assert ids(run([RoleStall(WATCHED, "r", min_progress=1)], *signals(1)), DIAGNOSTIC) == ["stall:r"]


def test_it_wakes_on_seven_keys_but_the_watched_one():
    assert len(RoleStall(ContextKey.VOTES, "r").dependencies) == 7
    assert WATCHED not in RoleStall(WATCHED, "r").dependencies


def test_it_remembers_nothing_and_looks_at_the_context():
    assert not RoleStall(WATCHED, "r").accepts(context_of(*signals(5), text(DIAGNOSTIC, "stall:r")))
