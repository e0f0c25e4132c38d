"""Finding out whether, and why, a run can be believed: as a person does it."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from runs.runner import carry_out, claim_verification
from tests.conducted import HUDDLE, conducted

pytestmark = pytest.mark.browser


def test_a_verdict_appears_by_itself(page: Page, member):
    run = conducted(member, HUDDLE)
    page.goto(f"/t/acme/runs/{run.uuid}/")
    page.get_by_role("button", name="Verify").click()
    expect(page.locator("#run-verdict")).to_contain_text("verifying")
    carry_out(claim_verification(timezone.now()))
    expect(page.locator("#run-verdict")).to_contain_text("verified")
    expect(page.get_by_role("button", name="Verify again")).to_be_visible()
