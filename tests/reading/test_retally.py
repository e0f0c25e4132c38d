"""Re-tallying: other rules, other numbers of voters, changed votes, and whose single vote decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import ConsensusRule, VoteDecision
from runs.reading.ballots import Ballot, counted
from runs.reading.retally import Flip, Question, UnableToRetally, unknown_flips
from runs.reading.topics import Topic, judged
from tests.balloting import a_ballot

RULES = st.sampled_from(list(ConsensusRule))
LETTERS = st.text(alphabet="yna.", min_size=1, max_size=9)


def asked(ballot: Ballot, **question) -> Topic:
    return judged([ballot], Question.read(**question))[0]


@pytest.mark.parametrize(
    ("letters", "rule", "pivotal"),
    [
        ("yyn", "majority", ["v0", "v1"]),
        ("yyyn", "majority", ["v0", "v1", "v2"]),
        ("yyyyn", "majority", []),
        ("yynn", "majority", ["v2", "v3"]),
        ("yna.", "lead_decides", ["v0"]),
        ("nn", "lead_decides", ["v0", "v1"]),
        ("yyy", "unanimous", ["v0", "v1", "v2"]),
        ("yyn", "unanimous", ["v2"]),
        ("ynn", "unanimous", []),
        ("yn", "advisory_only", []),
        ("yyan.", "supermajority", []),
        ("yyyan", "supermajority", ["v3", "v4"]),
    ],
)
def test_pivotal_is_whose_single_change_turns_the_outcome(letters, rule, pivotal):
    assert asked(a_ballot(letters, rule=ConsensusRule(rule))).pivotal == pivotal


@given(LETTERS, RULES)
def test_pivotal_equals_trying_every_change_of_every_vote(letters, rule):
    topic = asked(a_ballot(letters, rule=rule))

    def turns(voter: str, other: VoteDecision) -> bool:
        return rule.passes(counted({**topic.decisions, voter: other}.values()), topic.voters) is not topic.passes

    assert topic.pivotal == sorted(who for who in topic.decisions if any(turns(who, other) for other in VoteDecision))


@given(LETTERS, RULES)
def test_the_rule_that_decided_gives_what_was_decided(letters, rule):
    ballot = a_ballot(letters, rule=rule)
    topic = asked(ballot, rule=rule.value, voters=str(len(letters)))
    assert (topic.passes, topic.tally, topic.is_changed) == (ballot.passes, ballot.recorded, False)


def test_another_rule_turns_outcomes_and_says_the_margin():
    topic = asked(a_ballot("yyyn"), rule="unanimous")
    assert (topic.passes, topic.is_changed, topic.needed, topic.margin, topic.ballot.passes) == (False, True, 4, -1, True)


def test_more_voters_raise_what_is_needed_and_fewer_than_voted_cannot_decide():
    assert asked(a_ballot("yyn"), voters="5").needed == 3
    topic = asked(a_ballot("yyn"), voters="2")
    assert (topic.passes, topic.is_changed, topic.fault) == (None, True, "tallied votes (3) exceed eligible voters (2)")


@pytest.mark.parametrize(
    ("flip", "tally"),
    [("no/lunch/v0", (1, 2, 0)), ("none/lunch/v0", (1, 1, 0)), ("yes/lunch/v3", (3, 1, 0)), ("abstain/lunch/v2", (2, 0, 1))],
)
def test_a_vote_is_changed_taken_back_or_added(flip, tally):
    topic = asked(a_ballot("yyn."), flips=[flip])
    assert (topic.yes, topic.no, topic.abstain) == tally


def test_a_flip_is_written_as_it_is_read_whatever_the_names_are():
    flip = Flip("a/b %?&", "c d/é", "none")
    assert Flip.read(flip.written) == flip


def test_of_two_changes_of_one_vote_the_later_counts():
    assert asked(a_ballot("yyn"), flips=["no/lunch/v0", "abstain/lunch/v0"]).abstain == 1


def test_changes_about_other_topics_are_told():
    question = Question.read(flips=["no/dinner/v0"])
    assert [flip.topic for flip in unknown_flips([a_ballot("y")], question)] == ["dinner"]


@pytest.mark.parametrize(
    ("wrong", "field", "allowed"),
    [
        ({"rule": "loudest"}, "rule", "supermajority"),
        ({"voters": "0"}, "voters", "1 to"),
        ({"voters": "x"}, "voters", "1 to"),
        ({"voters": "9" * 30}, "voters", "1 to"),
        ({"flips": ["maybe/lunch/v0"]}, "flip", "abstain"),
        ({"flips": ["yes/lunch"]}, "flip", "decision/topic/voter"),
        ({"flips": [f"yes/t/{number}" for number in range(101)]}, "flip", "at most 100"),
    ],
)
def test_a_question_that_cannot_be_asked_names_field_and_what_is_allowed(wrong, field, allowed):
    with pytest.raises(UnableToRetally, match=allowed) as refused:
        Question.read(**wrong)
    assert refused.value.field == field


def test_an_open_topic_has_no_verdict_until_one_is_asked_for():
    ballot = a_ballot("yyn", rule=None)
    assert (asked(ballot).passes, asked(ballot, rule="majority").passes) == (None, True)
    assert not asked(ballot, rule="majority").is_changed
