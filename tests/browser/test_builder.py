"""The builder in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from runs.actions.drafts import draft_for
from runs.actions.formations import create_formation
from runs.models import Draft, FormationVersion, Run
from tests.documents import chain

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(member) -> Draft:
    return draft_for(by=member, formation=create_formation(by=member, document=chain(3), slug="chain").formation)


def settled(page: Page) -> None:
    """Wait until no request is under way and everything drawn listens."""
    expect(page.locator(".htmx-request, .htmx-settling, .htmx-added")).to_have_count(0)


def type_into(page: Page, field: str, words: str) -> None:
    page.locator(field).fill(words)
    page.locator(field).blur()
    settled(page)


def test_a_panel_is_built_by_mouse_published_and_run(page, member):
    page.goto("/t/acme/formations/")
    page.get_by_role("button", name="New formation").click()
    page.get_by_role("button", name="About").click()
    settled(page)
    type_into(page, "#f-label", "Vendor panel")
    page.get_by_text("Add a seat").click()
    for kind in ("round-starter", "consensus-evaluator"):
        page.get_by_label("Search the catalogue").fill(kind)
        page.locator(f"#catalogue-list button[value={kind}]").click()
        settled(page)
    page.locator("#f-team-1-with-rule").select_option("supermajority")
    settled(page)
    type_into(page, "#f-team-1-with-total_voters", "5")
    expect(page.locator("#lint")).to_contain_text("needs 4 of 5, and nobody votes")
    page.locator("#part-seeds").click()
    settled(page)
    page.get_by_role("button", name="Add a seed").click()
    settled(page)
    type_into(page, "#f-seeds-0-text", "Choose a vendor")
    expect(page.locator("#text")).to_have_value(re.compile("Choose a vendor"))
    page.get_by_label("What changed").fill("First")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="Run it").click()
    expect(page.locator("h1")).to_contain_text("Vendor panel")
    assert (Run.objects.count(), FormationVersion.objects.get().note) == (1, "First")


def test_a_seat_is_moved_by_keyboard_and_the_move_undone(page, draft):
    page.goto(f"/t/acme/drafts/{draft.pk}/")
    page.locator("#seat-0").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#seats li").first).to_contain_text("step-1")
    expect(page.locator("#seat-1")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator("#seats li").first).to_contain_text("step-0")
