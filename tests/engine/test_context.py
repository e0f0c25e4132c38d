"""The context: what is read from it, and what is staged into it."""

import pytest

from runs.engine import Conflict, Context, Proposal, State
from tests.engine.teams import HYPOTHESES, SEEDS, SIGNALS, drive, text
from tests.engine.test_facts import fact


def filled():
    context = Context()
    for key, id in [(SIGNALS, "b"), (SEEDS, "a"), (SIGNALS, "a")]:
        context.add(fact(key=key, id=id))
    return context


def test_facts_are_found_by_key_in_the_order_of_adding():
    context = filled()
    assert [one.id for one in context.get(SIGNALS)] == ["b", "a"]
    assert context.get(SIGNALS)[-1].id == "a"
    assert [one.id for one in context.get(SIGNALS)[:1]] == ["b"]
    assert (context.count(SIGNALS), context.has(SIGNALS), context.has(HYPOTHESES)) == (2, True, False)


def test_an_id_is_unique_per_key_only():
    context = filled()
    assert context.fact(SEEDS, "a").key == SEEDS
    assert context.fact(SIGNALS, "a").key == SIGNALS
    assert context.fact(SEEDS, "b") is None


def test_keys_come_in_the_order_of_declaration():
    assert filled().keys() == [SEEDS, SIGNALS]
    assert list(filled().to_json()) == ["Seeds", "Signals"]


def test_length_and_version_count_the_facts():
    assert (len(filled()), filled().version) == (3, 3)


def test_nobody_can_write_through_what_was_read():
    with pytest.raises(TypeError):
        filled().get(SEEDS)[0] = fact()
    assert not hasattr(filled().get(SEEDS), "append")


def test_facts_about_a_subject_are_found_across_keys():
    context = Context()
    context.add(fact(key=SIGNALS, subject="a://b/c"))
    context.add(fact(key=SEEDS, subject="a://b/c"))
    context.add(fact(key=SEEDS, id="other", subject="a://b/d"))
    assert [one.key for one in context.facts_for_subject("a://b/c")] == [SEEDS, SIGNALS]


def test_staging_the_same_again_changes_nothing():
    context, seed = Context(), text(SEEDS, "a")
    assert [context.add_proposal(seed), context.add_proposal(seed), context.add_proposal(text(SEEDS, "a"))] == [True, False, False]
    assert context.get_proposals(SEEDS) == [seed]


@pytest.mark.parametrize("other", [text(SEEDS, "a", "y"), text(SEEDS, "a", confidence=0.5), text(SEEDS, "a", provenance="q")])
def test_staging_another_content_under_the_same_name_is_a_conflict(other):
    context = Context()
    context.add_proposal(text(SEEDS, "a"))
    with pytest.raises(Conflict, match="conflict detected for fact 'a'"):
        context.add_proposal(other)
    assert context.get_proposals(SEEDS) == [text(SEEDS, "a")]


def test_staging_does_not_look_at_facts_nor_change_the_version():
    context = filled()
    assert context.add_proposal(text(SEEDS, "a", "else"))
    assert (context.version, context.has_pending_proposals()) == (3, True)


def test_draining_takes_everything_in_the_order_given():
    context = Context()
    staged = [text(SIGNALS, "b"), text(SEEDS, "a"), text(SIGNALS, "a")]
    for one in staged:
        context.add_proposal(one)
    assert context.drain_proposals() == staged
    assert not context.has_pending_proposals()


def test_input_from_outside_is_certain_and_says_so():
    context = Context()
    context.add_input(SEEDS, "a", "x")
    assert context.get_proposals(SEEDS) == [Proposal.text_of(SEEDS, "a", "x", "context-input", 1.0)]


def test_what_was_staged_into_a_given_context_is_promoted():
    context = Context()
    context.add_input(SEEDS, "a", "x")
    assert drive([], state=State.fresh(context=context)).facts() == [("Seeds", "a", 1, "context-input")]


def test_a_staged_confidence_is_brought_into_range():
    context = Context()
    context.add_proposal(Proposal(SEEDS, "a", text(SEEDS, "a").payload, "p", float("nan")))
    assert context.get_proposals(SEEDS)[0].confidence == 0.0
    assert not context.add_proposal(text(SEEDS, "a", confidence=-1.0, provenance="p"))
