"""A real browser for tests."""

import os
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from runs.models import Membership
from tests.house import a_member


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    # Playwright's own loop runs in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium: Browser, web: str, transactional_db: None) -> Iterator[Page]:
    """A fresh page, where paths lead to the test server. Anything the page complains about fails the test."""
    complaints: list[str] = []
    with chromium.new_context(base_url=web, viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        yield page
    assert not complaints


BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(context: BrowserContext, web: str, member: Membership) -> None:
    """Sign the member in without typing."""
    client = Client()
    client.force_login(member.user, backend=BACKEND)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": web}])


@pytest.fixture
def member(page: Page, web: str) -> Membership:
    """The admin of a tenant, signed in on the page."""
    admin = a_member()
    sign_in(page.context, web, admin)
    return admin
