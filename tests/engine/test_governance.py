"""The arithmetic of consensus."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import ConsensusOutcome, ConsensusRule, Vote, VoteDecision, VoteTally
from runs.engine.governance import GovernanceError
from runs.engine.wire import canonical, decode

SAMPLES = [
    ("majority", (2, 0, 1), 3, True),
    ("majority", (2, 2, 0), 4, False),
    ("majority", (3, 0, 0), 4, True),
    ("supermajority", (2, 1, 0), 3, True),
    ("supermajority", (4, 0, 0), 6, True),
    ("supermajority", (2, 2, 0), 4, False),
    ("unanimous", (4, 0, 1), 5, False),
    ("unanimous", (5, 0, 0), 5, True),
    ("lead_decides", (1, 0, 2), 3, True),
    ("lead_decides", (0, 0, 0), 3, False),
    ("lead_decides", (0, 3, 0), 3, False),
    ("advisory_only", (0, 0, 0), 3, True),
    *((rule, (3, 0, 0), 2, False) for rule in ConsensusRule),
]
DEFINITION = {
    "majority": lambda yes, n: 2 * yes > n,
    "supermajority": lambda yes, n: 3 * yes >= 2 * n,
    "unanimous": lambda yes, n: yes == n,
    "lead_decides": lambda yes, n: yes >= 1,
    "advisory_only": lambda yes, n: True,
}
counts = st.integers(0, 40)


def vote(voter, decision, topic="t"):
    return Vote(topic, voter, VoteDecision(decision))


@pytest.mark.parametrize(("rule", "tally", "voters", "passes"), SAMPLES)
def test_the_samples_of_the_original(rule, tally, voters, passes):
    assert ConsensusRule(rule).passes(VoteTally(*tally), voters) is passes


@given(st.sampled_from(ConsensusRule), counts, counts, counts, st.integers(1, 100))
def test_every_rule_is_its_definition(rule, yes, no, abstain, voters):
    cast = yes + no + abstain
    assert rule.passes(VoteTally(yes, no, abstain), voters) is (cast <= voters and DEFINITION[rule](yes, voters))


@given(st.sampled_from(ConsensusRule), st.integers(1, 200))
def test_what_is_needed_is_the_least_that_passes(rule, voters):
    needed = rule.needed(voters)
    assert rule.passes(VoteTally(yes=needed), voters)
    assert needed == 0 or not rule.passes(VoteTally(yes=needed - 1), voters)


def test_of_one_voter_the_last_word_counts_and_other_topics_do_not():
    votes = [vote("a", "yes"), vote("b", "no"), vote("a", "abstain"), vote("c", "yes"), vote("c", "yes", "else")]
    assert VoteTally.of("t", votes) == VoteTally(yes=1, no=1, abstain=1)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(VoteDecision), st.sampled_from("tu")), max_size=12))
def test_a_tally_counts_every_voter_once(cast):
    votes = [vote(voter, decision, topic) for voter, decision, topic in cast]
    assert VoteTally.of("t", votes).total_cast == len({one.voter for one in votes if one.topic == "t"})


def test_an_outcome_is_flat_json_in_the_original_order():
    outcome = ConsensusOutcome.evaluate("t", ConsensusRule.MAJORITY, [vote("a", "yes"), vote("b", "yes"), vote("c", "no")], 3)
    written = '{"topic":"t","rule":"majority","yesVotes":2,"noVotes":1,"abstainVotes":0,"totalVoters":3,"passes":true}'
    assert canonical(decode(msgspec.json.encode(outcome))) == written


@pytest.mark.parametrize(
    ("tally", "voters", "words"),
    [
        (VoteTally(), 0, "eligible voters must be greater than zero"),
        (VoteTally(2, 1, 1), 2, r"tallied votes \(4\) exceed eligible voters \(2\)"),
    ],
)
def test_votes_that_cannot_be_judged(tally, voters, words):
    with pytest.raises(GovernanceError, match=words):
        ConsensusOutcome.from_tally("t", ConsensusRule.ADVISORY_ONLY, tally, voters)


def test_a_vote_without_a_reason_leaves_it_out():
    assert msgspec.json.encode(vote("a", "yes")) == b'{"topic":"t","voter":"a","decision":"yes"}'
    assert msgspec.json.encode(Vote("t", "a", VoteDecision.NO, "r")) == b'{"topic":"t","voter":"a","decision":"no","reason":"r"}'
