"""Signing in, as a person does it."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_person_signs_in_with_address_and_password(page: Page):
    get_user_model().objects.create_user("ada@example.org", "correct horse")
    page.goto("/accounts/login/?next=/accounts/email/")
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign In").click()
    page.wait_for_url("**/accounts/email/")
    expect(page.locator("body")).to_contain_text("ada@example.org")
