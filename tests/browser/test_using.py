"""Everything but watching: deciding, starting, the theme, the phone, and who reads by other means."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in
from tests.conducted import GATED, HUDDLE, SPENT, conducted, document, says
from tests.house import a_member

pytestmark = pytest.mark.browser
TABS = ("events", "context", "huddle", "disagreements", "effects", "gates")


def everything(member) -> list[str]:
    """The address of every page, on something to look at."""
    huddle, gated, _ = (conducted(member, formation) for formation in (HUDDLE, GATED, SPENT))
    pages = ["/t/acme/", "/t/acme/runs/", "/t/acme/runs/?q=nothing", "/t/acme/gates/", "/t/acme/formations/", "/t/acme/formations/lunch/"]
    return [
        *pages,
        "/styleguide/",
        f"/t/acme/runs/{huddle.uuid}/?tab=context&cycle=2&suggestor=ada&selected=fact:Hypotheses/note:ada:1",
        f"/t/acme/gates/{gated.gates.get().pk}/",
        f"/t/acme/runs/{gated.uuid}/?tab=gates",
        *(f"/t/acme/runs/{huddle.uuid}/?tab={tab}" for tab in TABS),
    ]


def test_a_gate_is_rejected_by_keyboard_and_asks_for_the_reason(page: Page, member):
    run = conducted(member, GATED)
    page.goto("/t/acme/gates/")
    page.keyboard.press("r")
    reason = page.get_by_label("Reason")
    expect(reason).to_be_focused()
    reason.fill("no harbour")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("main").get_by_role("status")).to_contain_text("your decision is recorded")
    expect(page.locator("main")).to_contain_text("Nothing waits for you")
    assert run.gates.get().reason == "no harbour"


def test_a_formation_is_run_and_watched(page: Page, member):
    conducted(member, HUDDLE)
    page.goto("/t/acme/formations/")
    page.get_by_role("button", name="Run Lunch").click()
    page.wait_for_url("**/runs/*-*/")
    expect(page.locator(".run-says")).to_contain_text("queued")
    expect(page.locator("#live")).to_contain_text("live")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".run-says")).to_contain_text("cancelled")


def test_the_theme_is_kept(page: Page, member):
    page.goto("/t/acme/runs/")
    page.locator("#theme-menu summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/t/acme/gates/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("#theme-menu summary").click()
    page.get_by_role("button", name="Like the system").click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") is None


def test_no_page_is_wider_than_a_phone(page: Page, member):
    page.set_viewport_size({"width": 390, "height": 844})
    for address in everything(member):
        page.goto(address)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390, address


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_nothing_keeps_anybody_out(chromium: Browser, web: str, transactional_db, theme):
    """What axe calls serious or worse. The policy is lifted here, because axe itself is a foreign script."""
    member = a_member()
    with chromium.new_context(base_url=web, bypass_csp=True, viewport={"width": 1440, "height": 900}, reduced_motion="reduce") as context:
        context.add_cookies([{"name": "theme", "value": theme, "url": web}])
        page = context.new_page()
        faults = _faults(page, "/accounts/login/") + _faults(page, "/accounts/password/reset/")
        sign_in(context, web, member)
        for address in everything(member):
            faults += _faults(page, address)
    assert not faults


def _faults(page: Page, address: str) -> list[str]:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    grave = [violation for violation in found if violation["impact"] in ("serious", "critical")]
    return [f"{address}: {fault['id']}: {node['target']}: {node['failureSummary']}" for fault in grave for node in fault["nodes"]]


def test_a_gate_that_opens_appears_in_the_inbox_and_in_the_count(page: Page, member):
    page.goto("/t/acme/gates/")
    expect(page.locator("main")).to_contain_text("Nothing waits for you")
    page.wait_for_timeout(500)
    conducted(member, GATED)
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    expect(page.locator("#gate-count")).to_have_text("1")


def test_a_reason_is_not_taken_from_under_the_pen(page: Page, member):
    conducted(member, GATED)
    page.goto("/t/acme/gates/")
    page.get_by_label("Reason").fill("because")
    conducted(member, GATED)
    page.wait_for_timeout(2_500)
    expect(page.get_by_label("Reason")).to_have_value("because")


def test_a_gate_is_edited_by_keyboard_and_its_page_leads_to_the_next(page: Page, member):
    first, second = (conducted(member, GATED).gates.get() for _ in range(2))
    page.goto(f"/t/acme/gates/{first.pk}/")
    page.keyboard.press("e")
    expect(page.get_by_label("Text")).to_be_focused()
    page.get_by_label("Text").fill("Buy one boat.")
    page.get_by_role("button", name="Put the edit in its place").click()
    page.wait_for_url(f"**/gates/{second.pk}/")
    expect(page.locator("main").get_by_role("status")).to_contain_text("your decision is recorded")
    first.refresh_from_db()
    assert (first.status, first.edit_value["payload"]) == ("edited", {"text": "Buy one boat."})
    page.goto(f"/t/acme/gates/{first.pk}/")
    expect(page.locator("ins")).to_have_text("one boat.")


def test_json_that_is_none_is_told_before_it_is_sent(page: Page, member):
    seat = says("planner", "Strategies", "p", payload={"family": "acme.plan", "version": 1, "payload": {"cost": 1}})
    gate = conducted(member, document("Plans", [seat], gates={"keys": ["Strategies"], "self_approval": True})).gates.get()
    page.goto(f"/t/acme/gates/{gate.pk}/")
    page.keyboard.press("e")
    page.get_by_label("Payload as JSON").fill('{"cost": ')
    assert page.get_by_label("Payload as JSON").evaluate("field => field.validationMessage").startswith("This is no JSON")
    page.get_by_label("Payload as JSON").fill('{"cost": 2}')
    page.get_by_role("button", name="Put the edit in its place").click()
    expect(page.locator("main").get_by_role("status")).to_contain_text("your decision is recorded")


def test_on_a_phone_the_verdicts_of_a_gate_stand_at_the_bottom(page: Page, member):
    gate = conducted(member, GATED).gates.get()
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto(f"/t/acme/gates/{gate.pk}/")
    page.mouse.wheel(0, 2_000)
    expect(page.get_by_role("button", name="Approve")).to_be_in_viewport()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
