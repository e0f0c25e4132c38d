"""The builder in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from runs.actions.drafts import draft_for
from runs.actions.formations import create_formation
from runs.models import Draft, FormationVersion, Run
from runs.suggestors import read_document
from tests.documents import chain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(member) -> Draft:
    return draft_for(by=member, formation=create_formation(by=member, document=chain(3), slug="chain").formation)


def document(page: Page) -> dict:
    return read_document(Draft.objects.get().text)._value


def settled(page: Page) -> None:
    """Wait until no request is under way."""
    expect(page.locator(".htmx-request")).to_have_count(0)


def test_a_panel_is_built_by_mouse_published_and_run(page, member):
    page.goto("/t/acme/formations/")
    page.get_by_role("button", name="New formation").click()
    page.get_by_role("button", name="About").click()
    page.get_by_label("label").fill("Vendor panel")
    page.get_by_label("label").blur()
    page.get_by_text("Add a seat").click()
    for kind in ("round-starter", "consensus-evaluator"):
        page.get_by_label("Search the catalogue").fill(kind)
        page.locator(f"#catalogue-list button[value={kind}]").click()
        expect(page.locator("#seats li").last).to_contain_text(kind)
    page.locator("#f-team-1-with-rule").select_option("supermajority")
    expect(page.locator("#text")).to_have_value(lambda: None) if False else None
    page.locator("#f-team-1-with-total_voters").fill("5")
    page.locator("#f-team-1-with-total_voters").blur()
    expect(page.locator("#lint")).to_contain_text("needs 4 of 5, and nobody votes")
    page.get_by_role("button", name="Seeds", exact=True).click()
    page.get_by_role("button", name="Add a seed").click()
    page.get_by_label("text", exact=False).first.fill("Choose a vendor")
    page.get_by_label("text", exact=False).first.blur()
    expect(page.locator("#text")).to_have_value(__import__("re").compile("Choose a vendor"))
    page.get_by_label("What changed").fill("First")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="Run it").click()
    expect(page.locator("h1")).to_contain_text("Vendor panel")
    assert (Run.objects.count(), FormationVersion.objects.get().note) == (1, "First")


def test_look(page, draft, web):
    for width, height in ((1440, 900), (390, 844)):
        for theme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=theme)
            page.goto(f"/t/acme/drafts/{draft.pk}/")
            page.screenshot(path=f"/tmp/builder-{width}-{theme}.png", full_page=width < 500)
