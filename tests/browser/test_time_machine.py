"""Looking back through a run, asking why and why not: as a person does it, by mouse and by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.conducted import HUDDLE, conducted, document, says
from tests.journaling import a_running_run, extend

pytestmark = pytest.mark.browser
SAYS = ".scrubber-says"
LINE = "Time machine: the cycle to look at"


def look_at(page: Page, run, query: str = "") -> None:
    page.goto(f"/t/acme/runs/{run.uuid}/{query}")


def test_cycles_are_walked_by_brackets_and_end_leads_back(page: Page, member):
    look_at(page, conducted(member, HUDDLE), "?tab=context")
    expect(page.locator(SAYS)).to_have_text("the end, cycle 4")
    page.keyboard.press("[")
    expect(page.locator(SAYS)).to_have_text("after cycle 4 of 4")
    page.keyboard.press("[")
    page.keyboard.press("[")
    expect(page.locator("#moment")).to_contain_text("After cycle 2")
    expect(page.locator("#moment")).to_contain_text("note:ada:1")
    expect(page.locator("#tab-body")).to_contain_text("as it was after cycle 2")
    page.get_by_label(LINE).press("End")
    expect(page.locator("#moment li")).to_have_count(0)
    assert "at=" not in page.url


def test_an_address_holds_where_the_time_machine_stands(page: Page, member):
    look_at(page, conducted(member, HUDDLE), "?tab=context&at=1")
    for _ in range(2):
        expect(page.locator(SAYS)).to_have_text("after cycle 1 of 4")
        expect(page.locator("#tab-body")).not_to_contain_text("note:ada:1")
        expect(page.locator(".grid-pane .band.past")).to_have_count(1)
        page.reload()
    page.locator("#tab-events").click()
    page.wait_for_url("**tab=events**at=1**")


def test_space_plays_the_cycles_to_the_end(page: Page, member):
    look_at(page, conducted(member, HUDDLE))
    line = page.get_by_label(LINE)
    line.press("Home")
    expect(page.locator(SAYS)).to_have_text("after cycle 0 of 4")
    line.press(" ")
    expect(page.get_by_role("button", name="Stop playing")).to_be_visible()
    expect(page.locator(SAYS)).to_have_text("the end, cycle 4")
    expect(page.get_by_role("button", name="Play the cycles")).to_be_visible()


def test_it_is_dragged(page: Page, member):
    look_at(page, conducted(member, HUDDLE), "?tab=context")
    box = page.get_by_label(LINE).bounding_box()
    page.mouse.move(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2, steps=10)
    page.mouse.up()
    expect(page.locator("#moment")).to_contain_text("After cycle 0")
    expect(page.locator(".facts tbody tr")).to_have_count(2)


def test_who_stands_at_now_stays_there_and_who_looks_back_is_left_alone(page: Page, member):
    run = a_running_run(20)
    look_at(page, run)
    expect(page.locator("#live")).to_contain_text("live")
    before = page.locator(SAYS).text_content()
    extend(run, 12)
    expect(page.locator(SAYS)).not_to_have_text(before)
    expect(page.locator(SAYS)).to_contain_text("now")
    page.keyboard.press("[")
    expect(page.locator(SAYS)).to_contain_text("after cycle")
    stood = page.url
    extend(run, 12)
    expect(page.locator("#tab-events")).to_contain_text("44")
    assert page.url == stood


def test_a_fact_opens_with_its_reasons_and_leads_to_those_it_rests_on(page: Page, member):
    look_at(page, conducted(member, HUDDLE), "?tab=context&key=ConsensusOutcomes")
    page.locator(".facts tbody tr").first.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("complementary", name="Selected thing")
    expect(drawer).to_contain_text("rests on")
    drawer.locator(".steps a").last.click()
    expect(drawer).to_contain_text("A seed: the run began with it.")


def test_why_something_is_not_there_is_asked_in_the_search(page: Page, member):
    formation = document("Asleep", [says("bob", "Strategies", "st", text="x", after=["Hypotheses", "h"])])
    look_at(page, conducted(member, formation), "?tab=context")
    page.get_by_label("Search facts").fill("Strategies/st")
    page.get_by_role("button", name="Why is it not there?").click()
    expect(page.get_by_role("complementary", name="Selected thing")).to_contain_text("Nobody proposed it")
    page.get_by_role("link", name="Never woke").click()
    expect(page.locator("#tab-body")).to_contain_text("Hypotheses/h is missing")


def test_a_refused_proposal_says_what_would_have_let_it_pass(page: Page, member):
    look_at(page, conducted(member, document("Blank", [says("ada", "Hypotheses", "h", text=" ")])), "?tab=context")
    page.get_by_role("link", name="Refused 1").click()
    page.locator(".facts tbody tr", has_text="content cannot be empty").click()
    expect(page.get_by_role("complementary", name="Selected thing")).to_contain_text("A text that is not blank would have passed.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_time_machine_and_the_context_read_well_for_everybody(page: Page, web, member, theme):
    page.context.add_cookies([{"name": "theme", "value": theme, "url": web}])
    page.emulate_media(reduced_motion="reduce")
    run = conducted(member, HUDDLE)
    for query in ("?tab=context&at=2", "?tab=context&key=refused", "?tab=context&key=asleep", "?tab=context&selected=fact:Votes/none"):
        look_at(page, run, query)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
