"""The grid as the spine of the run page, and the drawer, as a person uses them."""

import pytest
from playwright.sync_api import Page, expect

from tests.conducted import GATED, HUDDLE, conducted

pytestmark = pytest.mark.browser
GRID = ".grid-pane"


def look_at(page: Page, run, query: str = "") -> None:
    page.goto(f"/t/acme/runs/{run.uuid}/{query}")
    expect(page.locator(f"{GRID} .grid-row.all")).to_be_visible()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_cell_narrows_everything_below_and_the_address_says_so(page: Page, member):
    look_at(page, conducted(member, HUDDLE))
    page.locator(f"{GRID} .cell[aria-label^='Cycle 2, ada:']").click()
    page.wait_for_url("**cycle=2**suggestor=ada**")
    expect(page.locator("#chosen")).to_contain_text("cycle 2")
    expect(page.locator(".events-size .event .who").first).to_have_text("ada")
    page.locator("#tab-context").click()
    expect(page.locator(".facts tbody tr")).to_have_count(1)
    assert "suggestor=ada" in page.url
    page.reload()
    expect(page.locator(".facts tbody tr")).to_have_count(1)
    page.get_by_role("link", name="ada; take away").click()
    expect(page.locator("#chosen")).not_to_contain_text("ada")


def test_the_grid_is_walked_by_keyboard_and_says_its_numbers(page: Page, member):
    look_at(page, conducted(member, HUDDLE), "?tab=huddle")
    page.locator(GRID).focus()
    press(page, "ArrowDown", "Home", "ArrowRight")
    expect(page.locator(".grid-says")).to_contain_text("Cycle 1: ")
    press(page, "ArrowDown")
    expect(page.locator(".grid-says")).to_contain_text("Cycle 1, round-starter: 1 proposed, 1 promoted")
    press(page, "Enter")
    page.wait_for_url("**suggestor=round-starter**")
    press(page, "Escape")
    expect(page.locator("#chosen .chip")).to_have_count(0)


def test_a_cycle_is_chosen_by_its_number_and_left_by_going_back(page: Page, member):
    look_at(page, conducted(member, HUDDLE), "?tab=context")
    page.locator(f"{GRID} .number").nth(2).click()
    page.wait_for_url("**cycle=2**")
    expect(page.locator("#chosen")).to_contain_text("cycle 2")
    page.go_back()
    expect(page.locator("#chosen .chip")).to_have_count(0)


def test_what_was_done_in_a_cell_is_told_in_the_drawer(page: Page, member):
    look_at(page, conducted(member, HUDDLE), "?cycle=2&suggestor=ada")
    page.get_by_role("button", name="What was done here").click()
    drawer = page.get_by_role("complementary", name="Selected thing")
    expect(drawer).to_contain_text("1 became facts")
    drawer.get_by_role("link", name="note:ada:1").click()
    expect(drawer).to_contain_text("Why it is there")
    expect(drawer).to_contain_text("ada proposed it in cycle 2")
    page.reload()
    expect(drawer).to_contain_text("ada proposed it in cycle 2")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    assert "selected" not in page.url


def test_a_gate_is_a_diamond(page: Page, member):
    look_at(page, conducted(member, GATED))
    expect(page.locator(f"{GRID} .cell.gate[aria-label*='planner']")).to_have_attribute(
        "aria-label", "Cycle 1, planner: 1 proposed, 0 promoted, 0 rejected, 1 gate"
    )


def test_on_a_phone_the_grid_is_a_strip_of_cycles(page: Page, member):
    page.set_viewport_size({"width": 390, "height": 844})
    look_at(page, conducted(member, HUDDLE))
    expect(page.locator(f"{GRID} [role=row]")).to_have_count(2)
    page.locator(f"{GRID} .number").nth(1).click()
    page.wait_for_url("**cycle=1**")


def test_effects_are_narrowed_to_what_changed_the_world_and_walked_in_the_drawer(page: Page, member):
    run = conducted(member, HUDDLE)
    for number, kind in enumerate(("LLMCall", "ToolCall", "ToolCall"), start=1):
        values = {"suggestor": "ada", "cycle": 1, "phase": "resolved", "input": '{"input": "?"}', "output": '{"sent": true}'}
        run.effects.create(identity=f"e{number}", kind=kind, target=f"line-{number}", ordinal=number, requested_seq=number, **values)
    look_at(page, run, "?tab=effects")
    page.get_by_role("link", name="Outside world changed").click()
    expect(page.locator(".effects tbody tr")).to_have_count(2)
    assert "changed=yes" in page.url
    page.locator(".effects tbody tr").first.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("complementary", name="Selected thing")
    expect(drawer).to_contain_text("line-2")
    page.keyboard.press("ArrowDown")
    expect(drawer).to_contain_text("line-3")
