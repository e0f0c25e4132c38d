"""The charter on the page of a formation."""

from runs.actions.formations import create_formation
from runs.suggestors.templates import template_named
from tests.documents import chain
from tests.pages.test_runs import text_of

LISTED = "notes: one after the other · members: capability matched, at least 3 · discipline: enforced"


def published(owner, document: str) -> str:
    return f"/t/acme/formations/{create_formation(by=owner, document=document).formation.slug}/"


def test_it_tells_how_the_team_deliberates_and_who_may_do_what(client, owner):
    template = template_named("research-huddle")
    shown = text_of(client.get(published(owner, template.filled(template.card.example).to_json())))
    assert LISTED in shown
    assert "Charter: huddle" in shown
    assert "Said synthesizer yes – yes Said 1, Said 2" in shown
    assert "Greta critic yes yes – Greta 1, Greta 2, Greta votes first, Greta votes" in shown


def test_a_formation_without_one_says_nothing_of_it(client, owner):
    assert "Charter" not in text_of(client.get(published(owner, chain(1))))
