"""Who agrees with whom, the row in which like-minded ones stand together, and groups."""

from hypothesis import given
from hypothesis import strategies as st

from runs.reading.agreement import Agreement
from runs.reading.groups import FEW, grouped, silhouette
from runs.reading.seriation import length_of, seriated
from tests.balloting import a_ballot


def agreement(*rows: str) -> Agreement:
    """Each row is a topic, each letter of it somebody's vote."""
    ballots = [a_ballot(row, topic=f"t{place}") for place, row in enumerate(rows)]
    return Agreement(ballots, [f"v{place}" for place in range(len(rows[0]))])


@st.composite
def distances(draw, most: int = 12):
    count = draw(st.integers(0, most))
    found = [[0] * count for _ in range(count)]
    for one in range(count):
        for other in range(one):
            found[one][other] = found[other][one] = draw(st.integers(0, 1000))
    return found


TABLE = st.integers(1, 6).flatmap(lambda wide: st.lists(st.text(alphabet="yna.", min_size=wide, max_size=wide), min_size=1, max_size=5))


def test_agreement_is_counted_on_topics_where_both_said_yes_or_no():
    pair = agreement("yyn", "yna", "nn.", "yay").pair("v0", "v1")
    assert (pair.common, pair.same, pair.per_cent, pair.apart) == (3, 2, 67, 1)


def test_two_who_never_met_have_no_agreement():
    pair = agreement("y.", "an").pair("v0", "v1")
    assert (pair.common, pair.agreement, pair.per_cent, pair.step) == (0, None, None, None)


def test_those_who_disagree_most_are_found():
    far = agreement("yyn", "yyn", "yny").farthest
    assert {far.one, far.other} == {"v1", "v2"}
    assert (far.apart, far.common) == (3, 3)


def test_pairs_that_hardly_met_are_not_called_the_farthest():
    far = agreement("yyynnnn", "yyynnnn", "yyynnnn", "yyynynn", "yyynynn", "yyyyyyn").farthest
    assert {far.one, far.other} <= {f"v{place}" for place in range(7)}
    assert far.common >= 5


def test_nobody_disagrees_where_all_say_the_same():
    assert agreement("yyy", "nnn").farthest is None


@given(TABLE)
def test_agreement_is_symmetric_and_counts_what_a_slow_count_counts(rows):
    found = agreement(*rows)
    for i, one in enumerate(found.people):
        for j, other in enumerate(found.people):
            pair, back = found.pair(one, other), found.pair(other, one)
            both = [row for row in rows if row[i] in "yn" and row[j] in "yn"]
            assert (pair.common, pair.same) == (back.common, back.same) == (len(both), sum(row[i] == row[j] for row in both))


@given(distances())
def test_a_seriation_is_a_permutation_and_the_same_each_time(table):
    row = seriated(table)
    assert sorted(row) == list(range(len(table)))
    assert seriated(table) == row


@given(distances())
def test_the_farthest_stand_at_the_ends_and_no_turned_stretch_is_shorter(table):
    row = seriated(table)
    if len(row) > 2:
        assert table[row[0]][row[-1]] == max(map(max, table))
    for start in range(1, len(row) - 1):
        for end in range(start + 1, len(row) - 1):
            turned = row[:start] + row[start : end + 1][::-1] + row[end + 1 :]
            assert length_of(row, table) <= length_of(turned, table)


def test_two_camps_that_were_mixed_stand_apart():
    order = agreement("ynynyn", "ynynyn", "ynynyy", "nynyny").order
    assert {frozenset(order[:3]), frozenset(order[3:])} == {frozenset(("v0", "v2", "v4")), frozenset(("v1", "v3", "v5"))}


def two_camps(people: int) -> list[str]:
    return ["".join("yn"[(place % 2 + (place * topic) % 11 // 10) % 2] for place in range(people)) for topic in range(8)]


def test_there_are_groups_only_above_fifty_people():
    assert agreement(*two_camps(FEW)).groups == []
    groups = agreement(*two_camps(FEW + 10)).groups
    assert sorted(map(len, groups)) == [30, 30]
    assert {int(who[1:]) % 2 for who in groups[0]} in ({0}, {1})


def test_every_group_has_members_and_stands_together():
    found = agreement(*two_camps(60))
    assert [who for members in found.groups for who in members] == found.order
    assert all(found.groups)


def test_the_silhouette_of_two_clear_camps_is_one():
    table = [[0 if one % 2 == other % 2 else 1000 for one in range(4)] for other in range(4)]
    assert silhouette(table, [0, 1, 0, 1]) == 1.0
    assert grouped(table) == [0, 0, 0, 0]
