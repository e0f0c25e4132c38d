"""What rests on what, looked at by mouse and by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.conducted import HUDDLE, conducted

pytestmark = pytest.mark.browser


@pytest.fixture
def graph(page: Page, member) -> Page:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/t/acme/runs/{conducted(member, HUDDLE).uuid}/?tab=graph")
    expect(page.locator(".node").first).to_be_visible(timeout=20_000)
    return page


def test_it_is_walked_and_a_fact_is_put_in_focus_by_keys(graph: Page):
    pane = graph.locator(".graph-pane")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        pane.press(key)
    expect(graph.locator(".node.here")).to_have_count(1)
    pane.press("f")
    graph.wait_for_url("**focus=**")
    expect(graph.locator(".graph-tools .chip")).to_contain_text("around")
    graph.reload()
    expect(graph.locator(".node.focused")).to_have_count(1)
    graph.locator(".graph-pane").press("Escape")
    expect(graph.locator(".node.focused")).to_have_count(0)


def test_a_node_opens_in_the_drawer_and_its_edges_are_lit(graph: Page):
    graph.locator(".node", has_text="outcome:lunch").click()
    expect(graph.get_by_role("complementary", name="Selected thing")).to_contain_text("rests on 3 facts")
    assert graph.locator(".edges.lit").get_attribute("d").count("M") == 3


def test_its_table_says_the_same(graph: Page):
    graph.get_by_text("The same as a table").click()
    row = graph.locator("#graph-rows tr", has_text="outcome:lunch")
    expect(row).to_contain_text("vote:lunch:ada")


def test_it_goes_back_with_the_time_machine(graph: Page):
    graph.get_by_label("Time machine: the cycle to look at").press("Home")
    expect(graph.locator(".node")).to_have_count(2)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_reads_well_for_everybody(graph: Page, web, theme):
    graph.context.add_cookies([{"name": "theme", "value": theme, "url": web}])
    graph.reload()
    graph.get_by_text("The same as a table").click()
    expect(graph.locator("#graph-rows tr").first).to_be_visible()
    found = Axe().run(graph)
    assert found.violations_count == 0, found.generate_report()
