"""The drawer, the parts that are asked for alone, and the styleguide: for members only."""

import pytest
from django.test import Client


def ask(client, run, selected: str):
    return client.get(f"/t/acme/runs/{run.uuid}/thing/", {"selected": selected})


@pytest.mark.parametrize(
    ("selected", "says"),
    [
        ("fact:Hypotheses/note:ada:1", "It is warm."),
        ("cell:2/ada", "1 became facts"),
        ("cell:0/", "Everybody"),
    ],
)
def test_the_drawer_tells_what_a_thing_is(client, huddle, selected, says):
    assert says in ask(client, huddle, selected).content.decode()


def test_a_vote_is_told_with_its_reason(client, huddle):
    vote = huddle.votes.get(voter="bob", topic="lunch")
    assert "fresh air" in ask(client, huddle, f"vote:{vote.seq}").content.decode()


@pytest.mark.parametrize("selected", ["", "fact", "fact:", "fact:Nowhere/x", "effect:x", "vote:x", "cell:x", "other:1"])
def test_what_is_no_thing_is_not_there(client, huddle, selected):
    assert ask(client, huddle, selected).status_code == 404


def test_things_are_for_members(huddle, stranger, as_member):
    assert ask(as_member(stranger), huddle, "cell:1/").status_code == 404


@pytest.mark.parametrize(("target", "inside"), [("facets", 'id="facets"'), ("chosen", "cycle 2")])
def test_parts_are_asked_for_alone(client, huddle, target, inside):
    answer = client.get(f"/t/acme/runs/{huddle.uuid}/?tab=events&cycle=2", headers={"HX-Request": "true", "HX-Target": target})
    assert inside in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_the_grid_is_in_the_page_from_the_first_byte(client, huddle):
    assert '{"head":' in client.get(f"/t/acme/runs/{huddle.uuid}/").content.decode()


def test_the_styleguide_is_for_whoever_signed_in(client, stranger, as_member):
    assert "Styleguide" in client.get("/styleguide/").content.decode()
    assert as_member(stranger).get("/styleguide/").status_code == 200
    assert Client().get("/styleguide/").status_code == 302
