"""The palette finds by name, and only what is the reader's."""

import html

import pytest

from tests.conducted import HUDDLE, conducted


def hits(client, query: str, tenant: str = "acme") -> str:
    return html.unescape(client.get(f"/t/{tenant}/find/?{query}").content.decode())


@pytest.mark.parametrize(
    ("words", "href"),
    [
        ("lunch", "/t/acme/formations/lunch/"),
        ("LUN", "/t/acme/runs/{run.uuid}/"),
        ("pizza", "/t/acme/runs/{run.uuid}/?tab=huddle"),
        ("note:ada", "/t/acme/runs/{run.uuid}/?tab=context&selected=fact:Hypotheses/note%3Aada%3A1"),
        ("gates", "/t/acme/gates/"),
    ],
)
def test_runs_formations_topics_facts_and_places_are_found(client, huddle, words, href):
    assert f'href="{href.format(run=huddle)}"' in hits(client, f"q={words}")


def test_the_facts_of_an_open_run_are_found_by_what_they_say(client, huddle):
    assert "note:ada:1" in hits(client, f"q=benches&run={huddle.uuid}")
    assert "note:ada:1" not in hits(client, "q=benches")


def test_a_stranger_finds_nothing_of_others(huddle, stranger, as_member):
    for query in ("q=lunch", f"q={str(huddle.uuid)[:8]}", f"q=note&run={huddle.uuid}"):
        assert str(huddle.uuid) not in hits(as_member(stranger), query, "elsewhere")
    conducted(stranger, HUDDLE)
    assert "/t/elsewhere/formations/lunch/" in hits(as_member(stranger), "q=lunch", "elsewhere")


@pytest.mark.parametrize("query", ["q=nothing-is-called-so", "q=%25", "q=%00", "run=x&q=zz"])
def test_what_is_not_there_is_said(client, huddle, query):
    assert client.get(f"/t/acme/find/?{query}").status_code == 200
    assert "Nothing in this tenant" in hits(client, "q=nothing-is-called-so")
