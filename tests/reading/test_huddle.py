"""Rounds, topics and dissent, as the pages read them."""

import json

import pytest

from runs.engine import ConsensusRule
from runs.reading import context, disagreements, huddle
from runs.reading.ballots import ballots_of
from runs.reading.rounds import lanes_of
from runs.reading.topics import topics_of
from tests.conducted import HUDDLE, conducted
from tests.house import a_member


@pytest.fixture
def run(db):
    return conducted(a_member(), HUDDLE)


def test_a_round_has_its_notes_its_synthesis_and_its_votes(run):
    lanes = lanes_of(run, ballots_of(run))
    first, *rest = lanes.rounds
    assert [note.fact_id for lane in lanes.lanes for turn in lane.turns for note in turn.notes] == ["note:ada:1"]
    assert "It is warm." in first.synthesis
    assert (first.votes, first.speakers, first.round.number, rest) == (5, 3, 1, [])


def test_a_topic_has_the_text_of_its_seed_and_a_margin(run):
    topics = {topic.name: topic for topic in topics_of(run)}
    lunch, pizza = topics["lunch"], topics["pizza"]
    assert (lunch.text, lunch.yes, lunch.no, lunch.not_cast, lunch.needed, lunch.margin) == ("Shall we have lunch outside?", 2, 1, 0, 2, 0)
    assert (pizza.text, pizza.abstain, pizza.not_cast, pizza.passes, pizza.short) == ("", 1, 1, False, 2)


def test_topics_are_sorted_by_their_margin(run):
    assert [topic.name for topic in topics_of(run)] == ["lunch", "pizza"]


def test_voices_say_who_said_what_no_first(run):
    assert [(voice.voter, voice.decision, voice.reason) for voice in huddle.voices_of(huddle.topic_of(run, "lunch"))] == [
        ("cleo", "no", "wasps"),
        ("ada", "yes", ""),
        ("bob", "yes", "fresh air"),
    ]


def test_votes_without_a_verdict_are_counted_under_the_declared_rule(db):
    team = [seat for seat in HUDDLE["team"] if seat["kind"] != "consensus-evaluator"]
    waits = {
        "kind": "consensus-evaluator",
        "with": {"rule": "unanimous", "total_voters": 4, "decide": {"when": [{"has_fact": ["Votes", "never"]}]}},
    }
    run = conducted(a_member(), {**HUDDLE, "label": "Open", "team": [*team, waits]})
    lunch = next(topic for topic in topics_of(run) if topic.name == "lunch")
    assert (lunch.passes, lunch.rule, lunch.voters, lunch.needed, lunch.not_cast) == (None, ConsensusRule.UNANIMOUS, 4, 4, 1)


def test_equal_reasons_are_said_once_and_the_smaller_side_comes_first(run):
    _, sides = disagreements.sides_of(run, "pizza", ["ada", "bob", "cleo"])
    assert [(side.position, side.people) for side in sides] == [("no", ["ada"]), ("abstain", ["bob"]), ("not cast", ["cleo"])]
    assert [(reason.text, reason.people) for side in sides for reason in side.reasons] == [("again?", ["ada"]), ("again?", ["cleo"])]


def test_dissenters_are_ranked(run):
    assert disagreements.disagreements_of(run).dissenters == [("cleo", 2), ("ada", 1)]


def test_keys_stand_in_their_order_with_their_counts(run):
    keys = context.keys_of(context.context_at(run))
    assert [key for key, _ in keys][:3] == ["Seeds", "Hypotheses", "Strategies"]
    assert dict(keys)["Votes"] == 5


def test_facts_come_a_page_at_a_time_and_none_twice(run):
    facts = context.context_at(run)
    first = context.facts_of(facts, "Votes", limit=3)
    rest = context.facts_of(facts, "Votes", before=first.earlier, limit=3)
    assert (len(first.facts), len(rest.facts), rest.earlier) == (3, 2, None)
    assert len({fact.fact_id for fact in first.facts + rest.facts}) == 5


def test_facts_are_searched_in_ids_and_payloads(run):
    assert [fact.fact_id for fact in context.facts_of(context.context_at(run, text="wasps"), "Votes").facts] == ["vote:lunch:cleo"]


@pytest.fixture
def seattle(db, shared):
    folder = shared / "data"
    formation = json.loads((folder / "seattle-four-rounds.formation.json").read_text())
    return conducted(a_member(), formation), json.loads((folder / "seattle-four-rounds.expected.json").read_text())


def test_a_real_conversation_reads_as_it_was_counted_by_others(seattle):
    run, expected = seattle
    topics = {topic.name: topic for topic in topics_of(run)}
    assert set(topics) == set(expected["outcomes"])
    for name, counted in expected["outcomes"].items():
        topic = topics[name]
        assert (topic.yes, topic.no, topic.abstain) == (counted["yesVotes"], counted["noVotes"], counted["abstainVotes"])
        assert (topic.voters, topic.passes, topic.text != "") == (counted["totalVoters"], counted["passes"], True)
    for view in lanes_of(run, ballots_of(run)).rounds:
        counted = expected["rounds"][str(view.round.number)]
        assert (view.note_count, view.speakers, view.votes) == (counted["notes"], counted["speakers"], counted["votes"])
        assert bool(view.synthesis) == counted["synthesis"]


def test_a_real_conversation_is_read_in_few_queries(seattle, django_assert_max_num_queries):
    run, _ = seattle
    with django_assert_max_num_queries(20):
        huddle.huddle_of(run)
    with django_assert_max_num_queries(8):
        assert sum(len(split.declared) for split in disagreements.disagreements_of(run).splits) == 304
