"""What kind of problem a text is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import ContextKey
from runs.suggestors.classifier import KEYWORDS, ProblemClassifier, classification_in, classify
from tests.suggestors.teams import context_of, ids, run, text

SEEDS, SIGNALS, HYPOTHESES = ContextKey.SEEDS, ContextKey.SIGNALS, ContextKey.HYPOTHESES


@pytest.mark.parametrize(
    ("words", "expected", "matched"),
    [
        ("Choose a vendor", "decision", ("choose",)),
        ("The outage: fix it", "incident", ("outage", "fix")),
        ("decide and assess", "evaluation", ("assess",)),
        ("plan plan decide", "planning", ("plan", "plan")),
        ("selecting", "decision", ("selecting",)),
        ("stra", "strategy", ("stra",)),
        ("due-diligence on it", "diligence", ("due-diligence",)),
        ("ROADMAPS", "strategy", ("roadmaps",)),
    ],
)
def test_the_words_tell(words, expected, matched):
    found = classify(words)
    assert (found.problem_class, found.matched_keywords, found.defaulted) == (expected, matched, False)


@pytest.mark.parametrize("words", ["", "hello there", "str", "é"])
def test_without_a_word_it_is_a_decision_by_default(words):
    found = classify(words)
    assert (found.problem_class, found.matched_keywords, found.defaulted) == ("decision", (), True)


def test_ties_are_decided_by_order():
    order = ["incident", "diligence", "evaluation", "decision", "research", "planning", "strategy"]
    assert list(KEYWORDS) == order
    for number, winner in enumerate(order):
        words = " ".join(KEYWORDS[name][0] for name in reversed(order[number:]))
        assert classify(words).problem_class == winner


@given(st.text())
def test_any_text_has_a_class(words):
    assert classify(words).problem_class in KEYWORDS


def test_it_speaks_once_of_seeds_and_signals():
    result = run([ProblemClassifier()], text(SEEDS, "s", "which vendor"), text(SIGNALS, "x", "urgent outage"))
    (fact,) = result.context.get(HYPOTHESES)
    assert fact.id == "problem-class:incident"
    assert fact.text == '{"agent":"problem-classifier","class":"incident","matched_keywords":["urgent","outage"],"defaulted":false}'
    assert (fact.provenance, [id for _, id in fact.used]) == ("organism-runtime", ["s", "x"])


def test_it_is_silent_where_a_class_stands():
    assert ids(run([ProblemClassifier()], text(SEEDS, "s"), text(HYPOTHESES, "problem-class-mine")), HYPOTHESES) == ["problem-class-mine"]


def test_the_class_can_be_read_back():
    found = classification_in(run([ProblemClassifier()], text(SEEDS, "s", "audit")).context)
    assert found is not None
    assert (found.problem_class, found.matched_keywords, found.defaulted, found.tiebroken) == ("diligence", ("audit",), False, False)


@pytest.mark.parametrize(
    "content", ["x", "{}", '{"class":"x","matched_keywords":[],"defaulted":true}', '{"class":"decision","defaulted":true}']
)
def test_what_is_no_class_is_none(content):
    assert classification_in(context_of(text(HYPOTHESES, "problem-class:decision", content))) is None


def test_without_a_class_there_is_none():
    assert classification_in(context_of()) is None
