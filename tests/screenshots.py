"""Pictures of every page, for looking at: `python -m tests.screenshots ADDRESS E-MAIL PASSWORD` writes into `.state/screenshots`."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from tests.server import ROOT

FOLDER = ROOT / ".state" / "screenshots"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
TABS = ("events", "context", "huddle", "disagreements", "effects", "gates", "graph")


@dataclass(frozen=True)
class Visitor:
    """Who looks, and where."""

    address: str
    email: str
    password: str


def main(visitor: Visitor, wanted: str = "") -> None:
    """Visit every page in every size and theme."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        for size in SIZES:
            for theme in ("light", "dark"):
                _visit(browser, visitor, size, theme, wanted)


def _visit(browser: Browser, visitor: Visitor, size: str, theme: str, wanted: str) -> None:
    width, height = SIZES[size]
    scheme = "dark" if theme == "dark" else "light"
    with browser.new_context(
        base_url=visitor.address, viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=size == "phone"
    ) as context:
        page = context.new_page()
        page.on("console", lambda message: print(f"{page.url}: {message.text}") if message.type == "error" else None)
        page.on("pageerror", lambda error: print(f"{page.url}: {error}"))
        for name, path in _pages(page, visitor):
            if wanted not in name:
                continue
            page.goto(path)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(150)
            page.screenshot(path=FOLDER / f"{name}-{size}-{theme}.png", full_page=False)


def _pages(page: Page, visitor: Visitor) -> Iterator[tuple[str, str]]:
    yield "sign-in", "/accounts/login/"
    yield "password-reset", "/accounts/password/reset/"
    _sign_in(page, visitor)
    home = re.sub(r"\?.*", "", page.url)
    runs = f"{home}runs/"
    yield "overview", home
    yield "runs", runs
    yield "runs-none", f"{runs}?q=nothing-is-called-so"
    yield "runs-narrowed", f"{runs}?status=converged&time=30d"
    yield "formations", runs.replace("/runs/", "/formations/")
    yield "gates", runs.replace("/runs/", "/gates/")
    yield "learning", runs.replace("/runs/", "/learning/")
    yield "styleguide", "/styleguide/"
    yield "missing", "/t/nowhere/runs/"
    page.goto(runs.replace("/runs/", "/gates/"))
    for link in page.locator("a[href*='/gates/'][href$='/']:not(.rail a)").all()[:1]:
        yield "gate", link.get_attribute("href") or ""
    page.goto(runs.replace("/runs/", "/formations/"))
    yield "formation", page.locator("td.main a").first.get_attribute("href") or ""
    page.goto(runs)
    addresses = [link.get_attribute("href") for link in page.locator("td.main a").all()][:3]
    chosen = [box.get_attribute("value") for box in page.locator("#run-rows .tick input").all()][:2]
    yield "compare", f"{runs}compare/?run=" + "&run=".join(str(uuid) for uuid in chosen)
    yield "compare-choose", f"{runs}compare/?run={chosen[0]}"
    for number, address in enumerate(addresses, start=1):
        for tab in TABS:
            yield f"run{number}-{tab}", f"{address}?tab={tab}"
        yield f"run{number}-chosen", f"{address}?tab=context&cycle=1"
        yield f"run{number}-selected", f"{address}?tab=events&cycle=1&selected=cell:1/"


def _sign_in(page: Page, visitor: Visitor) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(visitor.email)
    page.locator("input[name=password]").fill(visitor.password)
    page.locator("form[action*=login] button[type=submit]").first.click()
    page.wait_for_url("**/t/*/")


if __name__ == "__main__":
    main(Visitor(*sys.argv[1:4]), *sys.argv[4:5])
