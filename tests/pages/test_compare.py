"""Two runs side by side: what differs, and who may see it."""

import copy

import pytest

from runs.reading.comparing import Comparison
from tests.conducted import HUDDLE, conducted, says, vote
from tests.pages.test_runs import text_of

HERE = "/t/acme/runs/compare/"


@pytest.fixture
def pair(owner):
    """The same huddle twice, but for a note that reads otherwise, a vote, and a seat of the second alone."""
    other = copy.deepcopy(HUDDLE)
    other["team"][1] = says("ada", "Hypotheses", "note:ada:1", text="It is cold.\nThe benches are dry.", after=["Signals", "round:start:1"])
    other["team"][4] = vote("bob", "lunch", "no", "fresh air")
    other["team"].append(says("eve", "Evaluations", "late", text="Me too."))
    return conducted(owner, HUDDLE), conducted(owner, other | {"label": "Lunch again"})


def address(a, b, **more: str) -> str:
    return f"{HERE}?run={a.uuid}&run={b.uuid}" + "".join(f"&{name}={value}" for name, value in more.items())


def test_a_comparison_finds_what_is_only_here_only_there_and_different(pair):
    found = Comparison(*pair)
    assert [fact.fact_id for fact in found.facts("only-b").facts] == ["late"]
    assert not found.facts("only-a").facts
    assert "note:ada:1" in {fact.fact_id for fact in found.facts("differing").facts}
    assert ("lunch · bob", "yes", "no") in [(side.name, side.a, side.b) for side in found.votes]
    assert [(side.name, side.a, side.b) for side in found.outcomes] == [("lunch", True, False)]
    assert not found.is_equal


def test_a_run_is_equal_to_another_of_the_same_document(owner):
    runs = [conducted(owner, HUDDLE) for _ in range(2)]
    found = Comparison(*runs)
    assert (found.is_equal, found.same_until) == (True, runs[0].cycles)
    assert not any(found.counts.values())
    assert not found.votes
    assert not found.outcomes


def test_facts_come_a_page_at_a_time_without_repeating_one(pair):
    found, after, names = Comparison(*pair), 0, []
    while after is not None:
        page = found.facts("differing", after, limit=1)
        names += [fact.fact_id for fact in page.facts]
        after = page.after
    assert names == [fact.fact_id for fact in found.facts("differing").facts]


def test_the_page_says_it_in_words_and_opens_either_side(client, pair):
    answer = client.get(address(*pair, show="differing"))
    assert "Different from the first cycle on." in text_of(answer)
    assert "<del>warm.</del>" in answer.content.decode()
    assert all(f"/t/acme/runs/{run.uuid}/?tab=context" in answer.content.decode() for run in pair)


def test_a_list_is_taken_away(client, pair):
    rows = client.get(address(*pair).replace("compare/", "compare/only-b.json")).json()
    assert [(row["key"], row["id"]) for row in rows] == [("Evaluations", "late")]
    assert client.get(address(*pair).replace("compare/", "compare/nothing.csv")).status_code == 404


def test_with_one_run_the_other_is_chosen(client, pair):
    assert f"run={pair[1].uuid}" in client.get(f"{HERE}?run={pair[0].uuid}").content.decode()
    assert "Tick two runs" in client.get(HERE).content.decode()


def test_nobody_compares_with_a_run_of_others(pair, stranger, owner, as_member):
    theirs = conducted(stranger, HUDDLE)
    assert as_member(stranger).get(address(*pair)).status_code == 404
    assert as_member(owner).get(address(pair[0], theirs)).status_code == 404
    assert as_member(owner).get(f"{HERE}?run=x&run=y").status_code == 404
