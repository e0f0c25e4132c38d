"""Lanes: who said what in which round, what made them change their minds, and which votes count."""

import pytest

from runs.reading.ballots import ballots_of
from runs.reading.rounds import ROOM, Lanes, lanes_of, turn_of
from runs.reading.speakers import Speakers
from runs.reading.topics import topics_of
from tests.conducted import conducted, document, says
from tests.crowds import crowd
from tests.house import a_member


def a_vote(who: str, decision: str, id: str, after: list[str], reason: str = "") -> dict:
    value = {"topic": "lunch", "voter": who, "decision": decision} | ({"reason": reason} if reason else {})
    payload = {"family": "converge.governance.vote", "version": 1, "payload": value}
    return says(f"seat-{id}", "Votes", id, payload=payload, after=after)


START, CONTINUE = ["Signals", "round:start:1"], ["Strategies", "synthesis:1"]
PERSUADED = document(
    "Persuaded",
    [
        {"kind": "round-starter", "with": {"max_rounds": 2}},
        says("bob", "Hypotheses", "note:bob:1", text="It rains.", after=START),
        {"kind": "round-synthesizer", "with": {"expected_notes": 1, "rounds": [1]}},
        a_vote("ada", "yes", "v1", START),
        a_vote("bob", "no", "v2", START),
        says("chair", "Constraints", "round:continue:1", text="go on", after=CONTINUE),
        a_vote("ada", "no", "v3", ["Hypotheses", "note:bob:1"], "I have no umbrella."),
        {
            "kind": "consensus-evaluator",
            "with": {"rule": "majority", "total_voters": 2, "decide": {"when": [{"has_fact": ["Signals", "round:start:2"]}]}},
        },
        a_vote("bob", "yes", "v4", ["ConsensusOutcomes", "outcome:lunch"]),
    ],
)


@pytest.fixture
def persuaded(db):
    return conducted(a_member(), PERSUADED)


def lanes(run, first: int = 0) -> Lanes:
    return lanes_of(run, ballots_of(run), first)


def changes(run) -> dict[str, list]:
    return {lane.speaker: [change for turn in lane.turns if turn for change in turn.changes] for lane in lanes(run).lanes}


def test_a_change_of_mind_names_what_the_new_vote_declares_to_rest_on(persuaded):
    (change,) = changes(persuaded)["ada"]
    assert (change.before, change.after, change.cast.reason, change.counts) == ("yes", "no", "I have no umbrella.", True)
    assert [(cause.says, cause.text) for cause in change.causes] == [("a note by bob", "It rains.")]


def test_a_vote_after_the_verdict_is_told_and_does_not_count(persuaded):
    (late,) = changes(persuaded)["bob"]
    assert (late.before, late.after, late.counts) == ("no", "yes", False)
    (topic,) = topics_of(persuaded)
    assert (topic.yes, topic.no, topic.passes, [cast.fact_id for cast in topic.ballot.late]) == (0, 2, False, ["v4"])


def test_the_round_of_a_turn_is_the_one_that_lasted(persuaded):
    found = lanes(persuaded)
    assert [(view.round.number, view.note_count) for view in found.rounds] == [(1, 1), (2, 0)]
    ada = next(lane for lane in found.lanes if lane.speaker == "ada")
    assert [turn and (turn.round, turn.tally.yes, turn.tally.no) for turn in ada.turns] == [(1, 1, 1), None]


def test_a_turn_is_told_in_full(persuaded):
    turn = turn_of(persuaded, ballots_of(persuaded), "bob", 1)
    assert ([note.text for note in turn.notes], [cast.decision for cast in turn.votes]) == (["It rains."], ["no"])
    assert turn_of(persuaded, ballots_of(persuaded), "nobody", 1) is None


@pytest.mark.parametrize(
    ("note", "who"),
    [
        ("note:ada:1", "ada"),
        ("note:65:17:1", "participant-65"),
        ("note:5:1:1", "5"),
        ("note:7:1:1", "7"),
        ("hypothesis:4:1", "a seat"),
    ],
)
def test_a_note_is_its_authors_by_its_id(note, who):
    assert Speakers(["ada", "participant-65", "a-7", "b-7"]).of(note, "a seat") == who


def test_many_lanes_come_in_pages_of_which_none_is_too_long_and_none_repeats(db):
    run = conducted(a_member(), crowd(60, 4, 4))
    seen, first = [], 0
    while first is not None:
        page = lanes(run, first)
        assert sum(lane.room for lane in page.lanes) <= ROOM
        seen += [lane.speaker for lane in page.lanes]
        first = page.after
    assert len(seen) == len(set(seen)) == page.whole == 60


def test_a_crowd_changes_its_mind_for_the_notes_it_heard(db):
    run = conducted(a_member(), crowd(15, 3, 2))
    told = {who: found for who, found in changes(run).items() if found}
    assert {who: [cause.says for cause in change.causes] for who, (change,) in told.items()} == {
        "person-000": ["a note by person-001", "the start of round 2"],
        "person-007": ["a note by person-008", "the start of round 2"],
    }
