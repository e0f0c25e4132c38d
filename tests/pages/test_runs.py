"""The run list and the run page."""

import json
import re

import pytest

from runs.models import RunStatus
from runs.reading.runs import PAGE
from tests.conducted import HUDDLE, SPENT, conducted, started


def text_of(answer) -> str:
    """What a reader sees, without the markup between the words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_list_says_why_a_run_stopped(client, owner):
    conducted(owner, SPENT)
    assert "Budget spent: 3 of 3 cycles" in text_of(client.get("/t/acme/runs/"))


def test_the_list_is_filtered_by_status_and_text(client, owner, huddle):
    spent = conducted(owner, SPENT)
    assert str(huddle.uuid) not in client.get("/t/acme/runs/?status=exhausted").content.decode()
    assert str(spent.uuid) not in client.get("/t/acme/runs/?q=lunch").content.decode()
    assert str(huddle.uuid) in client.get(f"/t/acme/runs/?q={str(huddle.uuid)[:8]}").content.decode()


def test_the_list_leads_to_older_runs_without_repeating_one(client, owner):
    runs = [started(owner, HUDDLE) for _ in range(PAGE + 1)]
    first = client.get("/t/acme/runs/").content.decode()
    older = re.search(r'href="(\?before=\d+)"', first)
    second = client.get("/t/acme/runs/" + older[1]).content.decode()
    assert [str(run.uuid) in first for run in runs] == [False] + [True] * PAGE
    assert [str(run.uuid) in second for run in runs] == [True] + [False] * PAGE


def test_an_empty_list_offers_the_next_step(client):
    assert "Choose a formation to run" in client.get("/t/acme/runs/").content.decode()


def test_rows_are_drawn_again_for_those_who_may_see_them(client, huddle, stranger, as_member):
    answer = client.get(f"/t/acme/runs/rows/?run={huddle.uuid}").content.decode()
    assert answer.strip().startswith("<template><tr")
    assert 'hx-swap-oob="true"' in answer
    elsewhere = as_member(stranger).get(f"/t/elsewhere/runs/rows/?run={huddle.uuid}")
    assert "<tr" not in elsewhere.content.decode()


def test_the_head_says_where_the_run_is(client, huddle, gated):
    assert "converged — nothing left to add" in text_of(client.get(f"/t/acme/runs/{huddle.uuid}/"))
    assert "waits for 1 decision" in text_of(client.get(f"/t/acme/runs/{gated.uuid}/"))


def test_htmx_gets_the_head_or_the_tab_alone(client, huddle):
    for target, inside, outside in (("run-head", "run-head", "tab-body"), ("tab-body", "tab-body", "run-head")):
        answer = client.get(f"/t/acme/runs/{huddle.uuid}/?tab=huddle", headers={"HX-Request": "true", "HX-Target": target})
        assert f'id="{inside}"' in answer.content.decode()
        assert f'id="{outside}"' not in answer.content.decode()
        assert "<html" not in answer.content.decode()


def test_events_come_newest_first_and_a_page_at_a_time(client, huddle):
    address = f"/t/acme/runs/{huddle.uuid}/events/"
    first = client.get(address + "?limit=10").json()
    rest = client.get(address + f"?before={first['envelopes'][-1]['seq']}").json()
    assert [envelope["seq"] for envelope in first["envelopes"] + rest["envelopes"]] == list(range(huddle.head, 0, -1))
    assert (first["more"], rest["more"], first["head"]) == (True, False, huddle.head)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("kind=FactPromoted", lambda envelope: envelope["kind"] == "FactPromoted"),
        ("suggestor=ada", lambda envelope: envelope["suggestor"] == "ada"),
        ("cycle=1", lambda envelope: envelope["cycle"] == 1),
        ("cycle=1-2", lambda envelope: envelope["cycle"] in (1, 2)),
        ("text=wasps", lambda envelope: "wasps" in json.dumps(envelope)),
    ],
)
def test_events_are_filtered(client, huddle, query, fits):
    found = client.get(f"/t/acme/runs/{huddle.uuid}/events/?{query}").json()["envelopes"]
    assert found
    assert all(fits(envelope) for envelope in found)
    assert len(found) < huddle.head


@pytest.mark.parametrize(
    "query", ["before=x", "before=-1", "limit=0", "cycle=x-y", "before=99999999999999999999999", "text=%00", "cycle=99999999999999999999"]
)
def test_nonsense_in_the_address_is_no_error(client, huddle, query):
    assert client.get(f"/t/acme/runs/{huddle.uuid}/events/?{query}").status_code == 200
    assert client.get(f"/t/acme/runs/{huddle.uuid}/?tab=context&key=Nothing&after=x&{query}").status_code == 200


def test_the_huddle_reads_in_words(client, huddle):
    shown = text_of(client.get(f"/t/acme/runs/{huddle.uuid}/?tab=huddle"))
    assert "Shall we have lunch outside? lunch" in shown
    assert "2 yes 1 no 0 abstain of 3" in shown
    assert "2 needed, majority" in shown
    assert "It is warm. The benches are dry." in shown


def test_markup_in_facts_is_shown_as_text(client, owner):
    evil = "<script>alert(1)</script>"
    formation = {**HUDDLE, "label": evil, "seeds": [{"key": "Seeds", "id": "lunch", "text": evil, "provenance": evil}]}
    run = conducted(owner, formation)
    for tab in ("events", "context", "huddle", "disagreements", "gates"):
        assert evil not in client.get(f"/t/acme/runs/{run.uuid}/?tab={tab}").content.decode()


def test_a_run_is_cancelled_by_a_button(client, owner):
    run = started(owner, HUDDLE)
    answer = client.post(f"/t/acme/runs/{run.uuid}/cancel/", follow=True)
    run.refresh_from_db()
    assert run.status == RunStatus.CANCELLED
    assert "cancelled — cancelled by a person" in text_of(answer)
    assert "already" in text_of(client.post(f"/t/acme/runs/{run.uuid}/cancel/", follow=True))
