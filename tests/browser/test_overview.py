"""The overview and the palette, as a person uses them."""

import pytest
from playwright.sync_api import Page, expect

from tests.conducted import GATED, HUDDLE, conducted
from tests.journaling import a_running_run, finish

pytestmark = pytest.mark.browser


def test_two_tabs_of_the_overview_agree_and_each_figure_leads_to_its_list(page: Page, web: str, member):
    run = a_running_run(1)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto("/t/acme/")
        expect(tab.locator("#live")).to_contain_text("live")
        expect(tab.locator("#tile-running .figure")).to_have_text("1")
    finish(run)
    for tab in (page, other):
        expect(tab.locator("#tile-running .figure")).to_have_text("0")
        expect(tab.locator("#tile-ended .figure")).to_have_text("1")
    page.locator("#tile-ended").click()
    expect(page.locator(f"#run-{run.uuid}")).to_be_visible()


def test_with_sockets_blocked_the_overview_polls_and_says_so(page: Page, member):
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    page.goto("/t/acme/")
    expect(page.locator("#live")).to_contain_text("polling", timeout=20_000)
    conducted(member, GATED)
    expect(page.locator("#tile-waiting .figure")).to_have_text("1", timeout=10_000)


def test_the_palette_finds_a_fact_by_keyboard_alone(page: Page, member):
    run = conducted(member, HUDDLE)
    page.goto(f"/t/acme/runs/{run.uuid}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("benches")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("Enter")
    page.wait_for_url("**selected=fact:Hypotheses/note**")
    expect(page.get_by_role("complementary", name="Selected thing")).to_contain_text("The benches are dry.")


def test_the_help_lists_what_can_be_pressed_and_switches_it_off(page: Page, member):
    conducted(member, GATED)
    page.goto("/t/acme/gates/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_contain_text("Find anything, or go somewhere")
    dialog.get_by_label("Single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(dialog).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Find or go to")).to_be_visible()


def test_two_chosen_runs_are_compared(page: Page, member):
    runs = [conducted(member, HUDDLE) for _ in range(2)]
    page.goto("/t/acme/runs/")
    for run in runs:
        page.locator(f"#run-{run.uuid} .tick input").check()
    page.get_by_role("button", name="Compare two").click()
    expect(page.locator("main")).to_contain_text("They came to the same")


def test_the_count_of_what_waits_stands_in_the_title_and_follows(page: Page, member):
    page.goto("/t/acme/gates/")
    expect(page.locator("#live")).to_contain_text("live")
    conducted(member, GATED)
    expect(page).to_have_title("(1) Gates · Acme")
    page.keyboard.press("a")
    expect(page.locator("main")).to_contain_text("Nothing waits for you")
    expect(page).to_have_title("Gates · Acme")
