"""The parts of the styleguide that move, as a person uses them."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def guide(page: Page, member) -> Page:
    page.goto("/styleguide/")
    return page


def test_what_was_done_is_taken_back_in_time(guide: Page):
    guide.get_by_role("button", name="Toast with undo").click()
    guide.get_by_role("button", name="Undo", exact=True).click()
    expect(guide.locator("#guide-said")).to_have_text("taken back")
    expect(guide.locator(".toast")).to_have_count(0)


def test_a_toast_goes_by_itself(guide: Page):
    guide.get_by_role("button", name="Toast with undo").click()
    expect(guide.locator(".toast")).to_be_visible()
    expect(guide.locator("#guide-said")).to_have_text("done", timeout=20_000)


def test_what_cannot_be_undone_has_its_name_typed(guide: Page):
    guide.get_by_role("button", name="Confirm by name").click()
    delete = guide.get_by_role("button", name="Delete")
    expect(delete).to_be_disabled()
    guide.keyboard.type("vendor-panel")
    expect(delete).to_be_enabled()
    guide.keyboard.press("Enter")
    expect(guide.locator("#guide-said")).to_have_text("agreed")


def test_a_confirmation_is_left_by_escape_and_focus_comes_back(guide: Page):
    button = guide.get_by_role("button", name="Confirm", exact=True)
    button.click()
    expect(guide.get_by_role("button", name="Keep it")).to_be_focused()
    guide.keyboard.press("Escape")
    expect(guide.locator("#guide-said")).to_have_text("kept")
    expect(button).to_be_focused()


def test_the_drawer_walks_its_list_and_gives_focus_back(guide: Page):
    row = guide.locator("[data-opens='part:row 3']")
    row.focus()
    guide.keyboard.press("Enter")
    drawer = guide.get_by_role("complementary", name="Selected thing")
    expect(drawer).to_contain_text("row 3")
    guide.keyboard.press("ArrowDown")
    expect(drawer).to_contain_text("row 4")
    guide.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(row).to_be_focused()


def test_shortcuts_are_text_while_somebody_types(guide: Page):
    guide.locator("[data-opens='part:row 3']").click()
    guide.get_by_label("Reason").click()
    guide.keyboard.press("ArrowDown")
    expect(guide.get_by_role("complementary", name="Selected thing")).to_contain_text("row 3")


def test_high_contrast_is_a_choice_of_the_theme_menu(guide: Page):
    guide.locator("#theme-menu summary").click()
    guide.get_by_role("button", name="High contrast").click()
    expect(guide.locator("html")).to_have_attribute("data-theme", "contrast")
