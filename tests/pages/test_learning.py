"""The page of what runs taught, and the same over API and command line."""

import json

import pytest
from django.core.management import call_command

from tests.conducted import HUDDLE, conducted
from tests.pages.test_runs import text_of


@pytest.fixture
def learnt(owner):
    return conducted(owner, HUDDLE | {"learning": True})


def test_priors_are_shown_with_the_runs_that_they_come_from(client, learnt):
    answer = client.get("/t/acme/learning/")
    shown = text_of(answer)
    assert "Category coverage" in shown
    assert "0.500 0.250" in shown
    assert "Missing categories: product, customers" in shown
    assert f"/t/acme/runs/{learnt.uuid}/" in answer.content.decode()


def test_an_empty_page_says_what_belongs_there(client):
    assert "Nothing learnt yet" in text_of(client.get("/t/acme/learning/"))


def test_a_stranger_sees_nothing_of_it(learnt, stranger, as_member):
    assert "Category coverage" not in text_of(as_member(stranger).get("/t/elsewhere/learning/"))
    assert as_member(stranger).get("/api/v1/priors/").json() == []
    assert as_member(stranger).get("/api/v1/priors/?tenant=acme").status_code == 404


def test_the_api_tells_priors_and_episodes(learnt, viewer, as_member):
    (told,) = as_member(viewer).get("/api/v1/priors/").json()
    assert told["problem_class"] == "decision"
    assert [prior["posterior_confidence"] for prior in told["priors"]] == [0.25, 0.25, 0.75]
    assert told["episodes"][0]["run"] == str(learnt.uuid)


def test_the_command_tells_them(learnt, capsys):
    call_command("priors")
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["decision", "  category_coverage: 0.500 -> 0.250, evidence 1"]
    call_command("priors", "--json")
    assert json.loads(capsys.readouterr().out)[0]["problem_class"] == "decision"


def test_the_command_says_when_there_is_nothing(owner, capsys):
    call_command("priors")
    assert "Nothing learnt yet" in capsys.readouterr().out
