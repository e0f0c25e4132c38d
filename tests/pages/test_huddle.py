"""The huddle and disagreements tabs, what hangs on them, and what can be taken away: by the owner, a colleague and a stranger."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest

from tests.conducted import HUDDLE, conducted
from tests.crowds import crowd
from tests.pages.test_runs import text_of

PARTS = (
    "?tab=huddle&rule=unanimous",
    "?tab=huddle&view=matrix",
    "?tab=disagreements",
    "topic/?topic=lunch",
    "sides/?topic=lunch",
    "voices/?topic=lunch",
    "twin/?of=votes",
    "twin/?of=dissent",
    "twin/?of=agreement",
    "twin/?of=agreement&who=ada",
    "turn/?who=ada&round=1",
    *(f"tables/{what}.{form}" for what in ("topics", "votes", "dissent", "agreement", "rounds") for form in ("csv", "json")),
    *(f"tables/{what}.svg" for what in ("votes", "dissent", "agreement")),
)


def elements(answer) -> int:
    return len(re.findall(r"<[a-z]", answer.content.decode()))


@pytest.mark.parametrize("part", PARTS)
def test_owner_and_colleague_see_it_and_a_stranger_does_not(part, huddle, owner, viewer, stranger, as_member):
    for member in (owner, viewer):
        assert as_member(member).get(f"/t/acme/runs/{huddle.uuid}/{part}").status_code == 200
    assert as_member(stranger).get(f"/t/elsewhere/runs/{huddle.uuid}/{part}").status_code == 404
    assert as_member(stranger).get(f"/t/acme/runs/{huddle.uuid}/{part}").status_code == 404


@pytest.mark.parametrize(
    "part", ["topic/?topic=dinner", "sides/?topic=", "voices/", "twin/?of=x", "turn/?who=x&round=9", "tables/x.csv", "tables/topics.svg"]
)
def test_what_is_not_there_is_not_found(part, client, huddle):
    assert client.get(f"/t/acme/runs/{huddle.uuid}/{part}").status_code == 404


def test_a_topic_reads_as_one_line(client, huddle):
    shown = text_of(client.get(f"/t/acme/runs/{huddle.uuid}/?tab=huddle"))
    assert "2 yes 1 no 0 abstain of 3 2 needed, majority passes just pivotal: any of 2" in shown
    assert "0 yes 1 no 1 abstain, 1 not cast of 3 2 needed, majority fails, 2 short pivotal: none" in shown


def test_another_rule_says_hypothetical_and_what_changes(client, huddle):
    shown = text_of(client.get(f"/t/acme/runs/{huddle.uuid}/?tab=huddle&rule=unanimous&flip=no/pizza/bob"))
    assert "Hypothetical" in shown
    assert "1 of 2 outcomes changes: 1 would fail. Rule: unanimous. 1 vote changed." in shown
    assert "fails, 1 short was: passes pivotal: cleo" in shown


def test_a_voter_whose_only_vote_is_taken_back_keeps_their_column(client, huddle):
    for flips in ("flip=none/lunch/cleo", "flip=yes/lunch/dora&flip=none/lunch/bob&flip=none/pizza/bob"):
        assert client.get(f"/t/acme/runs/{huddle.uuid}/?tab=huddle&view=matrix&{flips}").status_code == 200


def test_what_was_decided_is_not_called_hypothetical(client, huddle):
    assert "Hypothetical" not in text_of(client.get(f"/t/acme/runs/{huddle.uuid}/?tab=huddle"))


@pytest.mark.parametrize("query", ["rule=loudest", "voters=0", "flip=perhaps/lunch/ada"])
def test_a_question_that_cannot_be_asked_is_refused_with_what_is_allowed(query, client, huddle):
    answer = client.get(f"/t/acme/runs/{huddle.uuid}/?tab=huddle&{query}")
    assert answer.status_code == 400
    assert re.search("rules: majority|from 1 to 1000000|decisions: yes", text_of(answer))
    refused = client.get(f"/t/acme/runs/{huddle.uuid}/tables/topics.csv?{query}")
    assert (refused.status_code, refused["Content-Type"]) == (400, "text/plain; charset=utf-8")


def test_the_map_says_its_finding_in_words(client, huddle):
    shown = text_of(client.get(f"/t/acme/runs/{huddle.uuid}/?tab=disagreements"))
    assert "Sharpest split: “Shall we have lunch outside?” (2 : 1)." in shown
    assert "Widest agreement: “Shall we have lunch outside?” (2 : 1)." in shown
    assert "disagree most: on 1 of 1 topics (100 %)" in shown


def test_sides_stand_side_by_side_the_minority_first(client, huddle):
    shown = text_of(client.get(f"/t/acme/runs/{huddle.uuid}/sides/?topic=lunch"))
    assert shown.index("no 1, the minority") < shown.index("yes 2")
    assert "“wasps”" in shown


def test_a_question_is_taken_away_as_it_is_seen(client, huddle):
    rows = client.get(f"/t/acme/runs/{huddle.uuid}/tables/topics.json?rule=unanimous").json()
    lunch = next(row for row in rows if row["topic"] == "lunch")
    assert (lunch["passes"], lunch["decided"], lunch["hypothetical"], lunch["needed"], lunch["pivotal"]) == (False, True, True, 3, ["cleo"])
    votes = client.get(f"/t/acme/runs/{huddle.uuid}/tables/votes.json?flip=none/lunch/ada").json()
    assert {row["voter"] for row in votes if row["topic"] == "lunch"} == {"bob", "cleo"}


def test_a_spreadsheet_finds_no_formula(client, owner):
    formation = {**HUDDLE, "label": "Evil", "seeds": [{"key": "Seeds", "id": "lunch", "text": "=1+1", "provenance": "x"}]}
    answer = client.get(f"/t/acme/runs/{conducted(owner, formation).uuid}/tables/topics.csv").content.decode()
    assert {row["text"] for row in csv.DictReader(io.StringIO(answer))} == {"'=1+1", ""}


def test_drawings_are_well_formed_whatever_the_names_are(client, owner):
    text = json.dumps({**HUDDLE, "label": "Odd"}).replace("cleo", "<c&o>")
    run = conducted(owner, json.loads(text))
    for what in ("votes", "dissent", "agreement"):
        answer = client.get(f"/t/acme/runs/{run.uuid}/tables/{what}.svg")
        assert ElementTree.fromstring(answer.content).tag.endswith("svg")
        assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("tab", ["huddle", "huddle&view=matrix", "disagreements"])
def test_a_large_huddle_stays_a_small_page(client, owner, tab):
    run = conducted(owner, crowd(126, 50, 4))
    assert run.fact_count > 9000
    answer = client.get(f"/t/acme/runs/{run.uuid}/?tab={tab}", headers={"HX-Request": "true", "HX-Target": "tab-body"})
    assert elements(answer) <= 1500


@pytest.fixture
def seattle(owner, shared):
    data = shared / "data"
    run = conducted(owner, json.loads((data / "seattle-four-rounds.formation.json").read_text()))
    return run, json.loads((data / "seattle-four-rounds.expected.json").read_text())


def test_a_real_conversation_is_shown_as_it_was_counted_by_others(client, seattle):
    run, expected = seattle
    shown = text_of(client.get(f"/t/acme/runs/{run.uuid}/?tab=huddle"))
    rows = client.get(f"/t/acme/runs/{run.uuid}/tables/topics.json").json()
    assert {row["topic"] for row in rows} == set(expected["outcomes"])
    for row in rows:
        counted = expected["outcomes"][row["topic"]]
        assert (row["yes"], row["no"], row["abstain"], row["voters"], row["passes"]) == tuple(
            counted[key] for key in ("yesVotes", "noVotes", "abstainVotes", "totalVoters", "passes")
        )
        assert f"{row['topic']} " in shown
        assert f"{row['yes']} yes {row['no']} no {row['abstain']} abstain" in shown
    for number, counted in expected["rounds"].items():
        assert re.search(
            rf"Round {number} from cycle \d+ · {counted['notes']} notes? · {counted['votes']} votes by {counted['speakers']}", shown
        )


def test_a_real_conversation_re_tallied_under_its_own_rule_changes_nothing(client, seattle):
    shown = text_of(client.get(f"/t/acme/runs/{seattle[0].uuid}/?tab=huddle&rule=majority&voters=34"))
    assert "None of 34 outcomes changes." in shown
