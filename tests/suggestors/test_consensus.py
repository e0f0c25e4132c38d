"""Verdicts: when a topic is decided, what is said of one that cannot be, and that nothing is said twice."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import ConsensusOutcome, ConsensusRule, Context, ContextKey, Payload, Proposal, Vote, VoteDecision, VoteTally
from runs.suggestors.huddle import ConsensusEvaluator
from runs.suggestors.huddle.ballots import Ballot, is_settled
from tests.suggestors.teams import Script, context_of, ids, run, text, vote

VOTES, OUTCOMES, DIAGNOSTIC = ContextKey.VOTES, ContextKey.CONSENSUS_OUTCOMES, ContextKey.DIAGNOSTIC
DONE = {"when": [{"has_fact": ["Signals", "done"]}]}


def tallies(result) -> dict[str, tuple[int, int, int, bool]]:
    values = [fact.payload.value for fact in result.context.get(OUTCOMES)]
    return {one["topic"]: (one["yesVotes"], one["noVotes"], one["abstainVotes"], one["passes"]) for one in values}


def votes(topic: str, said: str) -> list[Proposal]:
    """`votes("t", "yn-")`: yes, no, abstain."""
    words = {"y": "yes", "n": "no", "-": "abstain"}
    return [vote(topic, f"voter-{number}", words[letter]) for number, letter in enumerate(said)]


def test_a_verdict_has_the_originals_id_form_and_provenance():
    (outcome,) = run([ConsensusEvaluator("majority", 1)], vote("t", "ada")).context.get(OUTCOMES)
    assert (outcome.id, outcome.provenance, outcome.payload.family) == (
        "outcome:t",
        "organism-runtime",
        "converge.governance.consensus_outcome",
    )
    assert outcome.payload.json == (
        '{"topic":"t","rule":"majority","yesVotes":1,"noVotes":0,"abstainVotes":0,"totalVoters":1,"passes":true}'
    )


def test_topics_are_decided_in_ascending_order():
    seeds = [vote(topic, "ada") for topic in ("b", "ä", "a", "B")]
    assert ids(run([ConsensusEvaluator("majority", 1)], *seeds), OUTCOMES) == ["outcome:B", "outcome:a", "outcome:b", "outcome:ä"]


def test_one_voter_has_one_vote_and_the_last_one_counts():
    seeds = [vote("t", "ada", "yes"), vote("t", "bob", "yes"), vote("t", "ada", "no", id="again")]
    assert tallies(run([ConsensusEvaluator("majority", 2)], *seeds)) == {"t": (1, 1, 0, False)}


def test_text_under_votes_is_no_vote():
    assert tallies(run([ConsensusEvaluator("majority", 1, decide="first")], text(VOTES, "x"))) == {}


def test_settled_waits_for_the_vote_that_decides():
    turns = [[one] for one in votes("t", "nyyy")]
    result = run([Script(*turns), ConsensusEvaluator("majority", 5)])
    assert tallies(result) == {"t": (3, 1, 0, True)}
    assert result.context.get(OUTCOMES)[0].cycle == 5


def test_first_decides_on_the_first_votes_and_ignores_later_ones():
    turns = [[one] for one in votes("t", "nyyy")]
    result = run([Script(*turns), ConsensusEvaluator("majority", 4, decide="first")])
    assert tallies(result) == {"t": (0, 1, 0, False)}


def test_settled_never_decides_what_is_still_open():
    assert tallies(run([ConsensusEvaluator("majority", 5)], *votes("t", "nny"))) == {}


def test_when_decides_every_topic_with_votes_once_the_conditions_hold():
    team = [Script(votes("t", "y"), votes("u", "n"), [text(ContextKey.SIGNALS, "done")]), ConsensusEvaluator("majority", 9, decide=DONE)]
    result = run(team)
    assert tallies(result) == {"t": (1, 0, 0, False), "u": (0, 1, 0, False)}
    assert {fact.cycle for fact in result.context.get(OUTCOMES)} == {4}


def test_the_keys_of_when_wake_it_and_its_facts_are_waited_for():
    one = ConsensusEvaluator("majority", 9, decide={"when": [{"has_fact": ["Signals", "done"]}, {"absent": "Constraints"}]})
    assert one.dependencies == (VOTES, ContextKey.SIGNALS, ContextKey.CONSTRAINTS)
    assert one.waits_for == [(ContextKey.SIGNALS, "done")]


@pytest.mark.parametrize("decide", ["settled", "first"])
def test_more_votes_than_voters_leave_a_diagnostic_and_other_topics_go_on(decide):
    result = run([ConsensusEvaluator("majority", 2, decide=decide)], *votes("t", "yyy"), *votes("u", "yy"))
    assert tallies(result) == {"u": (2, 0, 0, True)}
    note = result.context.fact(DIAGNOSTIC, "undecided:t")
    assert note
    assert note.payload.value == {
        "source": "organism-consensus-evaluator",
        "message": "3 votes were cast on 't', more than there are eligible voters",
    }


def test_without_voters_every_topic_stays_undecided():
    assert ids(run([ConsensusEvaluator("majority", 0)], vote("t", "ada")), DIAGNOSTIC) == ["undecided:t"]


def test_without_reporting_an_undecidable_topic_keeps_it_eligible_and_silent():
    one = ConsensusEvaluator("majority", 1, report_undecided=False)
    context = context_of(*votes("t", "yy"))
    assert one.accepts(context)
    assert one.suggest(context) == []


def test_two_evaluators_may_both_find_a_topic_undecidable():
    team = [ConsensusEvaluator("majority", 1, name="one"), ConsensusEvaluator("unanimous", 2, name="two")]
    assert str(run(team, *votes("t", "yyy")).stop_reason) == "Converged"


@pytest.mark.parametrize(
    ("key", "id"),
    [
        (OUTCOMES, "outcome:t"),
        (DIAGNOSTIC, "undecided:t"),
        (DIAGNOSTIC, "hitl-rejected:outcome:t"),
        (DIAGNOSTIC, "hitl-rejected:undecided:t"),
    ],
)
def test_it_remembers_nothing_and_looks_at_the_context(key, id):
    assert not ConsensusEvaluator("majority", 1).accepts(context_of(vote("t", "ada"), text(key, id)))


def test_an_old_evaluator_does_not_mix_two_contexts():
    one = ConsensusEvaluator("majority", 2)
    assert not one.accepts(context_of(vote("t", "ada")))
    assert not one.accepts(context_of(vote("t", "bob")))
    assert one.accepts(context_of(vote("t", "ada"), vote("t", "bob")))


DECISIONS = st.sampled_from(list(VoteDecision))
SAID = st.lists(DECISIONS, max_size=7)


@given(rule=st.sampled_from(list(ConsensusRule)), said=SAID, more=SAID)
def test_settled_means_that_no_further_vote_changes_the_verdict(rule, said, more):
    voters = len(said) + len(more)
    settled = is_settled(rule, tally_of(said), voters)
    if settled:
        assert rule.passes(tally_of(said), voters) == rule.passes(tally_of(said + more), voters)
    elif rule is not ConsensusRule.ADVISORY_ONLY:
        ends = {rule.passes(tally_of(said + [word] * len(more)), voters) for word in VoteDecision}
        assert len(ends) == 2
    else:
        assert more


def tally_of(said: list[VoteDecision]) -> VoteTally:
    return VoteTally(said.count(VoteDecision.YES), said.count(VoteDecision.NO), said.count(VoteDecision.ABSTAIN))


@given(st.lists(st.tuples(st.sampled_from("abc"), DECISIONS), max_size=12))
def test_a_ballot_counts_as_the_engine_does(said):
    ballot, cast = Ballot(), [Vote("t", voter, decision) for voter, decision in said]
    for one in cast:
        ballot.take(one, "id")
    assert ballot.tally() == VoteTally.of("t", cast)


@given(rule=st.sampled_from(list(ConsensusRule)), said=st.text("yn-", min_size=1, max_size=6), spare=st.integers(0, 3))
def test_a_decided_topic_is_judged_as_the_engine_judges(rule, said, spare):
    result = run([ConsensusEvaluator(rule, len(said) + spare, decide="first")], *votes("t", said))
    cast = [Vote(**(fact.payload.value | {"decision": VoteDecision(fact.payload.value["decision"])})) for fact in result.context.get(VOTES)]
    expected = ConsensusOutcome.evaluate("t", rule, cast, len(said) + spare)
    assert tallies(result) == {"t": (expected.yes_votes, expected.no_votes, expected.abstain_votes, expected.passes)}


def test_each_vote_is_read_once_however_often_it_wakes(monkeypatch):
    read: list[str] = []
    payload_json = Payload.of("converge.governance.vote", {"topic": "t", "voter": "v", "decision": "yes"}).json

    def counting(text: str) -> Vote:
        read.append(text)
        return Vote("t", str(len(read)), VoteDecision.YES)

    monkeypatch.setattr("runs.suggestors.huddle.consensus._read_vote", counting)
    context, one = context_of(), ConsensusEvaluator("advisory_only", 1000)
    for number in range(3):
        add_vote(context, number, payload_json)
        one.accepts(context)
        one.suggest(context)
    assert len(read) == 3


def add_vote(context: Context, number: int, json: str) -> None:
    (fact,) = context_of(Proposal(VOTES, f"v{number}", Payload("converge.governance.vote", 1, json), "p")).get(VOTES)
    context.add(fact)


def test_a_thousand_votes_in_a_thousand_cycles_are_quickly_counted():
    everybody = [vote("t", f"voter-{number}") for number in range(1000)]
    facts = context_of(*everybody).get(VOTES)
    context, one = context_of(), ConsensusEvaluator("unanimous", 1001)
    begun = time.perf_counter()
    for fact in facts:
        context.add(fact)
        assert not one.accepts(context)
    assert time.perf_counter() - begun < 1.0
