"""Watching a run, as a person does it."""

import pytest
from playwright.sync_api import Page, expect

from runs.models import Run
from tests.conducted import HUDDLE, conducted
from tests.journaling import a_running_run, extend, finish

pytestmark = pytest.mark.browser
PANE = ".events-pane"
ROWS = ".events-size .event"


def watch(page: Page, run: Run, query: str = "") -> None:
    page.goto(f"/t/acme/runs/{run.uuid}/{query}")


def first_in_sight(page: Page) -> tuple[str, float]:
    """The number of the first row that the reader sees, and how far down it stands."""
    found = page.evaluate(
        """() => {
            const pane = document.querySelector(".events-pane").getBoundingClientRect();
            const rows = [...document.querySelectorAll(".events-size .event[id]")];
            const seen = rows.map((row) => [row.id, row.getBoundingClientRect().top]).filter(([, top]) => top > pane.top + 40);
            return seen.sort((one, other) => one[1] - other[1])[0];
        }"""
    )
    return str(found[0]), float(found[1])


def test_what_happens_is_shown_at_once(page, member):
    run = a_running_run(20)
    watch(page, run)
    expect(page.locator("#live")).to_contain_text("live")
    expect(page.locator(ROWS).first).to_have_attribute("id", "event-20")
    extend(run, 3)
    expect(page.locator(ROWS).first).to_have_attribute("id", "event-23")
    expect(page.locator("#tab-events")).to_contain_text("23")
    finish(run)
    expect(page.locator("#live")).to_contain_text("finished")
    expect(page.locator(".run-says")).to_contain_text("converged")


def test_new_rows_never_move_what_is_read(page, member):
    run = a_running_run(400)
    watch(page, run)
    expect(page.locator("#live")).to_contain_text("live")
    page.locator(PANE).evaluate("(pane) => { pane.scrollTop = 3000; }")
    expect(page.locator("#event-290")).to_be_visible()
    before = first_in_sight(page)
    extend(run, 12)
    expect(page.locator(".events-new")).to_contain_text("12 new")
    assert first_in_sight(page) == before
    page.locator(".events-new").click()
    expect(page.locator("#event-412")).to_be_visible()
    expect(page.locator(".events-new")).to_have_count(0)


def test_with_sockets_blocked_the_page_polls_and_says_so(page, member):
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    run = a_running_run(5)
    watch(page, run)
    expect(page.locator("#live")).to_contain_text("polling", timeout=15_000)
    extend(run, 2)
    expect(page.locator(ROWS).first).to_have_attribute("id", "event-7", timeout=10_000)


def test_a_long_journal_is_scrolled_without_growing(page, member):
    run = a_running_run(6000)
    watch(page, run)
    expect(page.locator("#event-6000")).to_be_visible()
    page.locator(PANE).focus()
    page.keyboard.press("End")
    expect(page.locator("#event-1")).to_be_visible()
    assert page.locator(ROWS).count() < 80


def test_events_are_filtered_and_the_address_says_how(page, member):
    run = conducted(member, HUDDLE)
    watch(page, run)
    page.locator("#facets a:has-text('fact')").first.click()
    page.wait_for_url("**kind=FactPromoted**")
    page.get_by_label("Text").fill("wasps")
    page.wait_for_url("**text=wasps**")
    expect(page.locator(f"{ROWS}:has-text('wasps')").first).to_be_visible()
    page.reload()
    expect(page.get_by_label("Text")).to_have_value("wasps")
    expect(page.locator("#facets [aria-current]")).to_contain_text("fact")
    expect(page.locator(f"{ROWS}:has-text('wasps')").first).to_be_visible()
    page.locator("#facets [aria-current]").click()
    expect(page.locator("#facets [aria-current]")).to_have_count(0)


def test_a_filter_that_nothing_matches_says_so(page, member):
    watch(page, conducted(member, HUDDLE), "?text=nothing-says-this")
    expect(page.locator(".events-note")).to_contain_text("Nothing that happened matches")


def test_an_event_opens_walks_and_closes_by_keyboard(page, member):
    watch(page, a_running_run(30))
    page.locator("#event-29").click()
    drawer = page.get_by_role("complementary", name="Selected thing")
    expect(drawer).to_contain_text("29")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#event-28")).to_have_attribute("aria-selected", "true")
    expect(drawer).to_contain_text("28")
    assert "selected=event%3A28" in page.url
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.locator(PANE)).to_be_focused()


def test_tabs_change_without_loading_the_page(page, member):
    watch(page, conducted(member, HUDDLE))
    page.evaluate("() => { window.stayed = true; }")
    for tab, says in (
        ("Huddle", "2 topics"),
        ("Disagreements", "3 dissents"),
        ("Context", "Seeds"),
        ("Gates", "Nothing waits"),
        ("Events", "what happened"),
    ):
        page.locator(f"#run-tabs a:has-text('{tab}')").click()
        expect(page.locator("#tab-body")).to_contain_text(says)
    assert page.evaluate("() => window.stayed")
    page.go_back()
    expect(page.locator("#tab-body")).to_contain_text("Nothing waits")


def test_a_topic_opens_its_votes(page, member):
    watch(page, conducted(member, HUDDLE), "?tab=huddle")
    page.locator(".topic summary").first.click()
    expect(page.locator(".voice").first).to_contain_text("cleo no")


def test_what_is_open_stays_open_when_the_huddle_is_drawn_again(page, member):
    run = a_running_run(1)
    run.votes.create(seq=1, fact_id="v", topic="lunch", voter="ada", decision="yes", cycle=1)
    watch(page, run, "?tab=huddle")
    expect(page.locator("#live")).to_contain_text("live")
    page.locator(".topic summary").click()
    expect(page.locator(".voice")).to_have_count(1)
    run.votes.create(seq=2, fact_id="w", topic="lunch", voter="bob", decision="no", cycle=1)
    finish(run)
    expect(page.locator(".topic-numbers")).to_contain_text("1 yes 1 no")
    expect(page.locator(".topic[open] .voice")).to_have_count(2)


def test_a_run_in_the_list_changes_where_it_stands(page, member):
    run = a_running_run(3)
    page.goto("/t/acme/runs/")
    expect(page.locator(f"#run-{run.uuid}")).to_contain_text("running")
    expect(page.locator("#live")).to_contain_text("live")
    finish(run)
    expect(page.locator(f"#run-{run.uuid}")).to_contain_text("converged")
    a_running_run(1)
    expect(page.locator("#runs-new")).to_contain_text("1 new")


def test_a_paused_run_holds_still_and_catches_up_without_a_gap(page, member):
    run = a_running_run(5)
    watch(page, run)
    expect(page.locator("#live")).to_contain_text("live")
    page.keyboard.press("p")
    expect(page.locator("#live")).to_contain_text("paused")
    extend(run, 3)
    expect(page.locator(ROWS).first).to_have_attribute("id", "event-5")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(ROWS).first).to_have_attribute("id", "event-8")
    expect(page.locator("#live")).to_contain_text("live")
