"""Reading a huddle and its disagreements, as a person does it: by mouse, by keyboard, on a phone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in
from tests.conducted import HUDDLE, conducted
from tests.crowds import crowd
from tests.house import a_member

pytestmark = pytest.mark.browser
TABS = (
    "?tab=huddle",
    "?tab=huddle&view=matrix",
    "?tab=huddle&rule=unanimous&flip=no/topic-0/person-001",
    "?tab=disagreements&topic=topic-1",
)


def visit(page: Page, member, query: str, formation=HUDDLE) -> None:
    page.goto(f"/t/acme/runs/{conducted(member, formation).uuid}/{query}")


def test_a_vote_is_flipped_and_undone_and_the_address_says_so(page: Page, member):
    visit(page, member, "?tab=huddle")
    page.locator(".topic summary").first.click()
    expect(page.locator(".voice").first).to_contain_text("cleo no")
    page.get_by_label("What if bob had said no?").click()
    expect(page.locator("#votes")).to_contain_text("1 of 2 outcomes changes: 1 would fail.")
    expect(page.locator(".retally-name")).to_have_text("Hypothetical")
    expect(page.locator(".voice.flipped")).to_contain_text("bob no, hypothetically, before: yes")
    assert "flip=no/lunch/bob" in page.url
    page.reload()
    expect(page.locator("#votes")).to_contain_text("1 would fail.")
    page.get_by_label("Undo: bob on lunch").click()
    expect(page.locator(".retally-name")).to_have_text("What if?")
    assert "flip" not in page.url


def test_another_rule_is_asked_by_choosing_it(page: Page, member):
    visit(page, member, "?tab=huddle")
    page.get_by_label("Rule").select_option("unanimous")
    expect(page.locator("#votes")).to_contain_text("1 of 2 outcomes changes")
    expect(page.locator(".topic.turned")).to_contain_text("was: passes")
    page.get_by_role("link", name="Back to what was decided").click()
    expect(page.locator(".topic.turned")).to_have_count(0)


def test_the_vote_matrix_is_walked_by_keyboard_and_says_reasons(page: Page, member):
    visit(page, member, "?tab=huddle")
    page.get_by_role("link", name="Matrix").click()
    matrix = page.locator("#vote-matrix")
    matrix.focus()
    said = set()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        expect(matrix.locator(".matrix-says")).to_contain_text("Shall we have lunch outside?")
        said.add((matrix.locator(".matrix-says").text_content() or "").split(":")[0])
    assert said == {"ada", "bob", "cleo"}
    page.keyboard.press("Home")
    for _ in range(3):
        if "cleo" in (matrix.locator(".matrix-says").text_content() or ""):
            break
        page.keyboard.press("ArrowRight")
    expect(matrix.locator(".matrix-says")).to_contain_text("“wasps”")


def test_a_cell_says_itself_under_the_pointer(page: Page, member):
    visit(page, member, "?tab=disagreements", crowd(5, 3, 2))
    page.locator("#dissent-map .cells").first.hover(position={"x": 10, "y": 12})
    expect(page.locator("#dissent-map .matrix-says")).to_contain_text(re.compile("person-00.: (yes|no|abstain)"))
    page.locator("#agreement").hover(position={"x": 10, "y": 40})
    expect(page.locator("#agreement-says")).to_contain_text("the same on")


def test_a_topic_opens_its_sides_and_the_address_keeps_it(page: Page, member):
    visit(page, member, "?tab=disagreements")
    page.locator("#dissent-map summary").first.click()
    expect(page.locator(".side").first).to_contain_text("the minority")
    assert "topic=lunch" in page.url
    page.reload()
    expect(page.locator(".side").first).to_contain_text("“wasps”")


def test_the_map_opens_a_topic_by_keyboard(page: Page, member):
    visit(page, member, "?tab=disagreements")
    page.locator("#dissent-map").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".split[open]")).to_have_count(1)
    expect(page.locator(".split[open] .side").first).to_be_visible()


def test_drawings_have_tables_beside_them(page: Page, member):
    visit(page, member, "?tab=disagreements")
    for place, says in ((0, "Divisiveness"), (1, "Agrees least with")):
        page.locator(".twin summary").nth(place).click()
        expect(page.locator(".twin").nth(place)).to_contain_text(says)
    page.locator(".twin").nth(1).get_by_role("button", name="ada").click()
    expect(page.locator(".twin").nth(1)).to_contain_text("ada and")


def test_a_turn_opens_with_what_changed_a_mind(page: Page, member):
    visit(page, member, "?tab=huddle", crowd(8, 3, 2))
    turn = page.locator(".turn:has(.change)").first
    expect(turn).to_contain_text("after a note by person-001 and 1 more")
    turn.locator("summary").click()
    expect(turn.locator(".causes")).to_contain_text("A note by person-001")


def test_lanes_are_paged(page: Page, member):
    visit(page, member, "?tab=huddle", crowd(60, 2, 4))
    page.get_by_role("link", name="Later participants").click()
    expect(page.get_by_role("link", name="Earlier participants")).to_be_visible()
    assert "from=" in page.url


def test_no_tab_of_a_crowd_has_more_elements_than_a_page_may(page: Page, member):
    run = conducted(member, crowd(126, 50, 4))
    for query in TABS[:2] + TABS[3:]:
        page.goto(f"/t/acme/runs/{run.uuid}/{query}")
        if "view" not in query and "huddle" in query:
            page.locator(".topic summary").first.click()
            expect(page.locator(".voice")).to_have_count(126)
        assert page.evaluate("() => document.querySelectorAll('*').length") <= 2000, query


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 1440), ("contrast", 390)])
def test_nothing_in_a_huddle_keeps_anybody_out(chromium: Browser, web: str, transactional_db, theme, width):
    member = a_member()
    run = conducted(member, crowd(5, 3, 2))
    faults: list[str] = []
    with chromium.new_context(base_url=web, bypass_csp=True, viewport={"width": width, "height": 844}, reduced_motion="reduce") as context:
        context.add_cookies([{"name": "theme", "value": theme, "url": web}])
        page = context.new_page()
        sign_in(context, web, member)
        for query in TABS:
            page.goto(f"/t/acme/runs/{run.uuid}/{query}")
            for summary in page.locator("#tab-body summary").all():
                summary.click()
            page.wait_for_load_state("networkidle")
            found = Axe().run(page).response["violations"]
            faults += [f"{query}: {each['id']}: {node['target']}: {node['failureSummary']}" for each in found for node in each["nodes"]]
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert not faults
