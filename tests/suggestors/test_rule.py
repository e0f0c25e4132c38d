"""The declarative suggestor: conditions, templates, and what it tells the engine about waking."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import ContextKey, Payload, Proposal
from runs.suggestors.conditions import condition_of, holds, keys_of
from runs.suggestors.expansion import expand, is_constant
from tests.suggestors.teams import context_of, ids, rule, run, text

SEEDS, HYPOTHESES, SIGNALS = ContextKey.SEEDS, ContextKey.HYPOTHESES, ContextKey.SIGNALS
TWO_SEEDS = (text(SEEDS, "s1"), text(SEEDS, "s2"))

CONDITIONS = [
    ({"has": "Seeds"}, True),
    ({"has": "Votes"}, False),
    ({"absent": "Votes"}, True),
    ({"absent": "Seeds"}, False),
    ({"count_at_least": ["Seeds", 2]}, True),
    ({"count_at_least": ["Seeds", 3]}, False),
    ({"count_at_least": ["Votes", 0]}, True),
    ({"count_below": ["Seeds", 3]}, True),
    ({"count_below": ["Seeds", 2]}, False),
    ({"has_fact": ["Seeds", "s1"]}, True),
    ({"has_fact": ["Votes", "s1"]}, False),
    ({"has_fact": ["Seeds", "S1"]}, False),
    ({"lacks_fact": ["Seeds", "s3"]}, True),
    ({"lacks_fact": ["Seeds", "s1"]}, False),
    ({"has_fact": ["Seeds", "s{count:Seeds}"]}, True),
    ({"has_fact": ["Seeds", "s{count:Votes}"]}, False),
    ({"lacks_fact": ["Seeds", "s{count:Seeds}"]}, False),
]


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS)
def test_a_condition_looks_at_the_facts(condition, expected):
    assert holds([condition_of(condition)], context_of(*TWO_SEEDS)) is expected


def test_all_conditions_must_hold_and_none_always_do():
    context = context_of(*TWO_SEEDS)
    assert holds([], context)
    assert not holds([condition_of({"has": "Seeds"}), condition_of({"has": "Votes"})], context)


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"has": "Seeds", "absent": "Votes"},
        {"has": "seeds"},
        {"hat": "Seeds"},
        {"has_fact": "Seeds"},
        {"count_below": ["Seeds", -1]},
        [],
    ],
)
def test_what_is_no_condition_is_refused(bad):
    with pytest.raises(msgspec.ValidationError):
        condition_of(bad)


def test_conditions_name_keys_also_where_they_count():
    conditions = [
        condition_of({"has_fact": ["Seeds", "s{count:Votes}"]}),
        condition_of({"has": "Seeds"}),
        condition_of({"absent": "Signals"}),
    ]
    assert keys_of(conditions) == [SEEDS, ContextKey.VOTES, SIGNALS]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{count:Seeds}", "2"),
        ("a{count:Seeds}b{count:Votes}c", "a2b0c"),
        ("{count:Nothing} {count:seeds} {Seeds} {{count:Seeds}} {count:Seeds", "{count:Nothing} {count:seeds} {Seeds} {2} {count:Seeds"),
        ("{count:ConsensusOutcomes}", "0"),
        ("", ""),
    ],
)
def test_counts_are_replaced_and_no_other_braces_are_special(template, expected):
    assert expand(template, context_of(*TWO_SEEDS)) == expected


@given(st.text())
def test_a_text_without_counts_stays_as_it_is(value):
    assert not is_constant(value) or expand(value, context_of()) == value


def test_counts_are_replaced_in_every_string_value_and_nowhere_else():
    content = {"{count:Seeds}": ["{count:Seeds}", {"a": "n={count:Seeds}", "b": 1.0, "c": None, "d": True}]}
    proposal = Proposal(HYPOTHESES, "h{count:Seeds}", Payload.of("f{count:Seeds}", content), "p{count:Seeds}")
    (fact,) = run([rule([SEEDS], [{"absent": "Hypotheses"}], [proposal])], *TWO_SEEDS).context.get(HYPOTHESES)
    assert (fact.id, fact.payload.family, fact.provenance) == ("h2", "f{count:Seeds}", "p{count:Seeds}")
    assert fact.payload.json == '{"{count:Seeds}":["2",{"a":"n=2","b":1.0,"c":null,"d":true}]}'


def test_a_proposal_keeps_its_confidence_and_subject():
    proposal = Proposal(HYPOTHESES, "{count:Seeds}", Payload.text_of("t"), "p", 0.5, "acme://vendor/1")
    (fact,) = run([rule([SEEDS], [{"absent": "Hypotheses"}], [proposal])], *TWO_SEEDS).context.get(HYPOTHESES)
    assert (fact.confidence, fact.subject) == (0.5, "acme://vendor/1")


def test_it_proposes_everything_in_order():
    both = rule([SEEDS], [], [text(HYPOTHESES, "b"), text(HYPOTHESES, "a{count:Seeds}")])
    assert ids(run([both], *TWO_SEEDS), HYPOTHESES) == ["b", "a2"]


def test_a_rule_that_repeats_itself_lets_the_run_converge():
    result = run([rule([], [], [text(HYPOTHESES, "h")])], *TWO_SEEDS)
    assert (str(result.stop_reason), result.cycles) == ("Converged", 2)


def test_it_tells_what_it_waits_for_and_what_ends_it_where_the_ids_are_constant():
    accepts = [
        {"has_fact": ["Seeds", "s1"]},
        {"has_fact": ["Seeds", "s{count:Seeds}"]},
        {"lacks_fact": ["Hypotheses", "h1"]},
        {"lacks_fact": ["Hypotheses", "h{count:Seeds}"]},
        {"has": "Votes"},
    ]
    one = rule([SEEDS], accepts, [])
    assert (one.waits_for, one.done_when) == ([(SEEDS, "s1")], [(HYPOTHESES, "h1")])


KEYS = st.sampled_from(["Seeds", "Hypotheses", "Signals"])
NAMES = st.sampled_from(["a", "b", "c{count:Seeds}", "c1", "c2"])
FACTS = st.tuples(KEYS, NAMES)
ANY_CONDITION = st.one_of(
    st.builds(lambda name, key: {name: key}, st.sampled_from(["has", "absent"]), KEYS),
    st.builds(lambda name, fact: {name: list(fact)}, st.sampled_from(["has_fact", "lacks_fact"]), FACTS),
    st.builds(lambda name, key, n: {name: [key, n]}, st.sampled_from(["count_at_least", "count_below"]), KEYS, st.integers(0, 3)),
)
ANY_RULE = st.tuples(st.lists(KEYS, max_size=2), st.lists(ANY_CONDITION, max_size=3), st.lists(FACTS, max_size=2))


@given(st.lists(ANY_RULE, min_size=1, max_size=6))
def test_what_it_tells_about_waking_changes_nothing_but_the_time(rules):
    def team(with_hints: bool):
        made = [
            rule([ContextKey(key) for key in keys], accepts, [text(ContextKey(key), id) for key, id in proposes], f"r{number}")
            for number, (keys, accepts, proposes) in enumerate(rules)
        ]
        for one in made:
            if not with_hints:
                one.waits_for, one.done_when = (), ()
        return made

    seed = text(SEEDS, "a")
    assert run(team(True), seed).digest == run(team(False), seed).digest
