"""How split topics are, who dissents, and the positions with their reasons, by hand-counted tables and from runs."""

import pytest

from runs.reading.disagreements import Split, disagreements_of, sides_of
from runs.reading.topics import judged
from tests.balloting import a_ballot
from tests.conducted import HUDDLE, conducted, dissent, document, vote
from tests.crowds import crowd
from tests.house import a_member


def split(letters: str, declared: dict[str, str] | None = None, **given) -> Split:
    return Split(judged([a_ballot(letters, **given)])[0], declared or {})


@pytest.mark.parametrize(
    ("letters", "voters", "expected"),
    [("yn", 2, 1.0), ("yynn", 8, 0.5), ("yyyn", 4, 0.75), ("yyy", 3, 0.0), ("aa", 2, 0.0), ("yna.", 4, 0.5), ("yyyyn", 10, 0.32)],
)
def test_divisiveness_is_turnout_times_balance(letters, voters, expected):
    found = split(letters, voters=voters)
    yes, no = found.topic.yes, found.topic.no
    assert found.divisiveness == pytest.approx(expected)
    if yes + no:
        assert found.divisiveness == pytest.approx((yes + no) / voters * 4 * yes * no / (yes + no) ** 2)


def test_who_votes_with_the_smaller_side_dissents_and_stands_against_the_others():
    assert split("yyyna").dissenters == {"v3": 75}
    assert split("ynnn").dissenters == {"v0": 75}


def test_of_two_equal_sides_both_dissent():
    assert split("ynyn").dissenters == dict.fromkeys(["v0", "v1", "v2", "v3"], 50)


def test_a_declared_dissent_counts_on_the_larger_side_and_without_a_vote():
    assert split("ynnn", {"v1": "why?"}).dissenters == {"v1": 25, "v0": 75}
    assert split("yya", {"v9": "late", "v2": "hm"}).dissenters == {"v9": 100, "v2": 100}


def test_dissent_that_nobody_votes_on_is_shown_too(db):
    run = conducted(a_member(), document("Unvoted", [dissent("ada", "lunch", "rain"), vote("bob", "tea", "yes")]))
    found = disagreements_of(run)
    assert [(each.topic.name, dict(each.dissenters)) for each in found.splits] == [("lunch", {"ada": None}), ("tea", {})]
    assert found.people == ["ada", "bob"]


def test_a_run_without_votes_and_dissent_has_nothing_to_show(db):
    found = disagreements_of(conducted(a_member(), document("Quiet", [])))
    assert (found.splits, found.people, found.sharpest, found.widest, found.agreement.farthest) == ([], [], None, None, None)


def test_the_caption_names_the_sharpest_split_and_the_widest_agreement(db):
    team = [vote(who, "tea", "yes") for who in "abc"] + [vote("a", "lunch", "yes"), vote("b", "lunch", "no"), vote("c", "lunch", "no")]
    found = disagreements_of(conducted(a_member(), document("Two", team)))
    assert (found.sharpest.topic.name, found.widest.topic.name) == ("lunch", "tea")
    far = found.agreement.farthest
    assert ("a" in (far.one, far.other), far.apart, far.common) == (True, 1, 2)


def test_sides_say_everybody_once_and_equal_reasons_once(db):
    run = conducted(a_member(), crowd(7, 3, 2))
    split, sides = sides_of(run, "topic-1", [f"person-{place:03}" for place in range(7)])
    assert sorted(who for side in sides for who in side.people) == [f"person-{place:03}" for place in range(7)]
    for side in sides:
        told = {who for reason in side.reasons for who in reason.people}
        assert told | set(side.silent) == set(side.people)
        assert len({reason.text for reason in side.reasons}) == len(side.reasons)
    assert sides[0].position == ("yes" if split.topic.yes < split.topic.no else "no")


def test_a_topic_that_is_not_there_has_no_sides(db):
    assert sides_of(conducted(a_member(), HUDDLE), "dinner", []) is None
