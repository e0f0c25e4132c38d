"""The context after any cycle: counted by hand, and equal to that of a run that ended there."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runs.models import Membership
from runs.reading.context import context_at, facts_of, keys_of
from runs.reading.replay import step_of
from tests.conducted import HUDDLE, conducted, document, says
from tests.house import a_member


@pytest.fixture
def owner(db) -> Membership:
    return a_member()


def names(facts) -> list[tuple[str, str]]:
    return sorted(facts.values_list("key", "fact_id"))


def test_a_huddle_is_counted_cycle_by_cycle(owner):
    run = conducted(owner, HUDDLE)
    assert [context_at(run, cycle).count() for cycle in range(5)] == [2, 11, 16, 17, 17]
    assert keys_of(context_at(run, 0)) == [("Seeds", 2)]
    assert dict(keys_of(context_at(run, 1)))["Votes"] == 5


def test_pages_of_facts_follow_each_other_without_gap_or_overlap(owner):
    run = conducted(owner, HUDDLE)
    found, before = [], None
    while True:
        page = facts_of(context_at(run, 2), before=before, limit=5)
        found += [fact.seq for fact in page.facts]
        before = page.earlier
        if before is None:
            break
    assert found == sorted((fact.seq for fact in context_at(run, 2)), reverse=True)


def test_what_the_cycles_brought_adds_up_to_the_context(owner):
    run = conducted(owner, HUDDLE)
    for cycle in range(5):
        assert step_of(run, cycle).facts == context_at(run, cycle).count()
        assert {fact.seq for fact in step_of(run, cycle).added} == set(context_at(run, cycle).values_list("seq", flat=True)) - (
            set(context_at(run, cycle - 1).values_list("seq", flat=True))
        )


def test_texts_are_sought_in_ids_and_contents(owner):
    facts = [says("ada", "Signals", "warm-day", text="sun"), says("bob", "Signals", "b", text="It is WARM.")]
    run = conducted(owner, document("Search", facts))
    assert [fact.fact_id for fact in facts_of(context_at(run, text="warm")).facts] == ["b", "warm-day"]
    assert not context_at(run, 0, text="warm").exists()


WAITS = st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=1, max_size=6)


@given(waits=WAITS, cut=st.integers(1, 6))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_context_after_a_cycle_is_that_of_a_run_that_was_cut_there(owner, waits, cut):
    team = [
        says(f"s{at}", "Signals", f"f{at}", text="x", after=["Signals", f"f{wait}"] if wait is not None and wait < at else None)
        for at, wait in enumerate(waits)
    ]
    whole = conducted(owner, document(f"Whole {waits}", team))
    short = conducted(owner, document(f"Cut at {cut} {waits}", team, budget={"max_cycles": cut, "max_facts": 100}))
    assert names(context_at(whole, cut)) == names(context_at(short))
