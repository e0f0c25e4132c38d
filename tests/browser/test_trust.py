"""Finding out whether, and why, a run can be believed: as a person does it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from runs.runner import carry_out, claim_verification
from tests.conducted import HUDDLE, conducted, document, says

pytestmark = pytest.mark.browser


def test_a_verdict_appears_by_itself(page: Page, member):
    run = conducted(member, HUDDLE)
    page.goto(f"/t/acme/runs/{run.uuid}/")
    page.get_by_role("button", name="Verify").click()
    expect(page.locator("#run-verdict")).to_contain_text("verifying")
    carry_out(claim_verification(timezone.now()))
    expect(page.locator("#run-verdict")).to_contain_text("verified")
    expect(page.get_by_role("button", name="Verify again")).to_be_visible()


def test_the_stepper_is_walked_by_keys(page: Page, member):
    run = conducted(member, HUDDLE)
    page.goto(f"/t/acme/runs/{run.uuid}/?tab=replay&cycle=1")
    expect(page.locator(".stepper")).to_contain_text("Cycle 1 of 4")
    page.keyboard.press("]")
    expect(page.locator(".stepper")).to_contain_text("Cycle 2 of 4")
    expect(page.locator("#tab-body")).to_contain_text("note:ada:1")
    page.keyboard.press("[")
    expect(page.locator(".stepper")).to_contain_text("Cycle 1 of 4")
    assert "cycle=1" in page.url


def test_a_fact_tells_why_it_is_there(page: Page, member):
    run = conducted(member, HUDDLE)
    page.goto(f"/t/acme/runs/{run.uuid}/?tab=context&key=ConsensusOutcomes")
    page.locator("summary:has-text('why')").first.click()
    expect(page.locator(".why").first).to_contain_text("rests on 3 facts")
    page.locator(".why .steps a").first.click()
    expect(page.locator("#tab-body h2").first).to_contain_text("/")


def test_the_why_tab_names_who_sleeps(page: Page, member):
    formation = document("Asleep", [says("bob", "Strategies", "st", text="x", after=["Hypotheses", "h"])])
    page.goto(f"/t/acme/runs/{conducted(member, formation).uuid}/")
    page.locator("#tab-why").click()
    expect(page.locator("#tab-body")).to_contain_text("Hypotheses/h is missing")
    page.get_by_label("Fact").fill("Strategies/st")
    page.get_by_role("button", name="Why, or why not?").click()
    expect(page.locator("#tab-body")).to_contain_text("Nobody proposed it")


def test_the_new_tabs_read_well_for_everybody(page: Page, member):
    run = conducted(member, HUDDLE)
    for query in ("?tab=replay&cycle=2&key=Votes", "?tab=why&fact=ConsensusOutcomes/outcome:lunch"):
        page.goto(f"/t/acme/runs/{run.uuid}/{query}")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
