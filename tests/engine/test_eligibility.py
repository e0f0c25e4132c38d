"""Who is asked in a cycle; the wait index changes nothing but the time it takes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runs.engine import Context, ContextKey, EffectsWanted, Suggestor
from runs.engine.eligibility import Eligibility, seats_of
from tests.engine.teams import HYPOTHESES, SEEDS, SIGNALS, Asks, Does, Once, drive, text
from tests.engine.test_facts import fact

KEYS = (SEEDS, HYPOTHESES, SIGNALS)
names = st.tuples(st.sampled_from(KEYS), st.sampled_from("abcd"))
wishes = st.lists(names, max_size=2)


class Waits(Suggestor):
    """Says something once what it waits for is there, until its end; with or without telling the engine."""

    def __init__(self, number, says, waits_for, done_when, keys, hints):
        self.name, self.says, self.dependencies = f"w{number}", says, keys
        self.needs, self.ends = waits_for, [*done_when, says]
        if hints:
            self.waits_for, self.done_when = self.needs, self.ends

    def accepts(self, context):
        return all(context.fact(*name) for name in self.needs) and not any(context.fact(*name) for name in self.ends)

    def suggest(self, context):
        return [text(*self.says)]


class Hinted(Waits):
    """The same, with the default `accepts`, which the engine need not ask."""

    accepts = Suggestor.accepts


plans = st.lists(st.tuples(names, wishes, wishes, st.lists(st.sampled_from(KEYS), max_size=2)), max_size=6)


def team(plan, kind, hints):
    return [kind(number, *wish, hints) for number, wish in enumerate(plan)]


@settings(max_examples=150)
@given(plans)
def test_the_wait_index_equals_no_wait_index(plan):
    plain = drive(team(plan, Waits, hints=False), [text(SEEDS, "a")])
    for told in (drive(team(plan, kind, hints=True), [text(SEEDS, "a")]) for kind in (Waits, Hinted)):
        assert told.rows == plain.rows
        assert told.result.digest == plain.result.digest


def candidates(*suggestors, dirty=KEYS, facts=()):
    context = Context()
    for key, id in facts:
        context.add(fact(key=key, id=id))
    eligibility = Eligibility(seats_of(suggestors, {}), context)
    return [seat.number for seat in eligibility.candidates(dirty)]


def listens(*keys, waits_for=(), done_when=()):
    one = Does(lambda context: [], on=keys)
    one.waits_for, one.done_when = waits_for, done_when
    return one


@pytest.mark.parametrize(
    ("dirty", "numbers"), [([], [1]), ([SEEDS], [0, 1, 3]), ([SIGNALS], [1, 2, 3]), (KEYS, [0, 1, 2, 3]), ([ContextKey.VOTES], [1])]
)
def test_a_suggestor_is_considered_when_a_key_it_depends_on_is_dirty_or_always(dirty, numbers):
    team = [listens(SEEDS, SEEDS), listens(), listens(SIGNALS), listens(SIGNALS, SEEDS)]
    assert candidates(*team, dirty=dirty) == numbers


def test_facts_that_are_there_already_count():
    waiting, ended = listens(waits_for=[(SEEDS, "a"), (SEEDS, "a")]), listens(done_when=[(SEEDS, "x"), (SEEDS, "a")])
    assert candidates(waiting, ended) == [1]
    assert candidates(waiting, ended, facts=[(SEEDS, "a")]) == [0]
    assert candidates(waiting, ended, facts=[(SIGNALS, "a")]) == [1]


def test_an_end_that_comes_before_what_it_waits_for_is_the_end():
    late = listens(waits_for=[(HYPOTHESES, "h2")], done_when=[(HYPOTHESES, "h1")])
    told = drive([late, Once(text(HYPOTHESES, "h1")), Once(text(HYPOTHESES, "h2"))])
    assert [row.suggestor for row in told.of("SuggestorFinished")] == ["once", "once-2"]


def test_a_suggestor_is_asked_at_most_once_a_cycle_whatever_it_depends_on():
    asked = []

    class Counts(Once):
        def accepts(self, context):
            asked.append(context.version)
            return super().accepts(context)

    drive([Counts(text(HYPOTHESES, "h"), on=(SEEDS, SIGNALS, SEEDS, HYPOTHESES))], [text(SEEDS, "s"), text(SIGNALS, "s")])
    assert asked == [2, 3]


def test_accepts_may_be_set_on_the_instance():
    never = Does(lambda context: [text(HYPOTHESES, "h")])
    never.accepts = lambda context: False
    assert drive([never]).ids() == []


@pytest.mark.parametrize(
    ("names", "called"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "a", "a"], ["a", "a-2", "a-3"]),
        (["a", "a", "a-2", "a-2"], ["a", "a-3", "a-2", "a-2-2"]),
        (["", ""], ["", "-2"]),
    ],
)
def test_no_two_seats_are_called_the_same(names, called):
    assert [seat.name for seat in seats_of([Once(text(SEEDS, "s"), name=name) for name in names], {})] == called


def test_effects_of_two_of_one_name_are_told_apart():
    told = drive([Asks("same"), Asks("same")], [text(SEEDS, "s")])
    requests = [request for border in told.borders if isinstance(border, EffectsWanted) for request in border.requests]
    assert [request.name for request in requests] == ["asks", "asks-2"]
    assert len({request.identity("key") for request in requests}) == 2
