"""The table of runs under the hands of a person."""

import pytest
from playwright.sync_api import Page, expect

from tests.conducted import SPENT, conducted, started
from tests.house import a_run
from tests.journaling import a_running_run, finish

pytestmark = pytest.mark.browser


def test_runs_are_chosen_and_cancelled_together(page: Page, member):
    runs = [started(member, SPENT) for _ in range(2)]
    page.goto("/t/acme/runs/")
    page.get_by_label("Choose all that are shown").check()
    expect(page.locator("#chosen-count")).to_have_text("2 chosen")
    page.locator("#chosen-bar").get_by_role("button", name="Cancel").click()
    expect(page.locator("main")).to_contain_text("2 runs are being cancelled.")
    for run in runs:
        expect(page.locator(f"#run-{run.uuid}")).to_contain_text("cancelled")


def test_a_filter_stands_in_the_address_and_is_kept_as_a_view(page: Page, member):
    conducted(member, SPENT)
    a_run(label="Broken", status="failed")
    page.goto("/t/acme/runs/")
    page.locator("#more-filters summary").click()
    page.get_by_label("Why it stopped").select_option("CycleBudgetExhausted")
    page.wait_for_url("**/runs/?reason=CycleBudgetExhausted")
    expect(page.locator("#run-rows tr")).to_have_count(1)
    expect(page.locator("#filter-count")).to_have_text("1")
    page.keyboard.press("Escape")
    page.locator("#views-menu summary").click()
    page.get_by_label("Name of this view").fill("Out of cycles")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("main")).to_contain_text("The view “Out of cycles” is kept.")
    page.goto("/t/acme/runs/")
    page.locator("#views-menu summary").click()
    page.get_by_role("link", name="Out of cycles").click()
    expect(page.locator("#run-rows tr")).to_have_count(1)


def test_what_is_ticked_stays_ticked_while_rows_change(page: Page, member):
    run, other = a_running_run(1), a_running_run(1)
    page.goto("/t/acme/runs/")
    expect(page.locator("#live")).to_contain_text("live")
    page.locator(f"#run-{run.uuid} .tick input").check()
    finish(other)
    expect(page.locator(f"#run-{other.uuid}")).to_contain_text("converged")
    finish(run)
    expect(page.locator(f"#run-{run.uuid}")).to_contain_text("converged")
    expect(page.locator(f"#run-{run.uuid} .tick input")).to_be_checked()
    expect(page.locator("#chosen-count")).to_have_text("1 chosen")


def test_a_paused_list_holds_still_and_loses_nothing(page: Page, member):
    run = a_running_run(1)
    page.goto("/t/acme/runs/")
    expect(page.locator("#live")).to_contain_text("live")
    page.keyboard.press("p")
    finish(run)
    expect(page.locator("#live")).to_contain_text("Paused, 1 change meanwhile")
    expect(page.locator(f"#run-{run.uuid}")).to_contain_text("running")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(f"#run-{run.uuid}")).to_contain_text("converged")


def test_with_sockets_blocked_the_list_polls_says_so_and_counts_new_runs(page: Page, member):
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    run = a_running_run(1)
    page.goto("/t/acme/runs/")
    expect(page.locator("#live")).to_contain_text("polling", timeout=20_000)
    finish(run)
    expect(page.locator(f"#run-{run.uuid}")).to_contain_text("converged", timeout=10_000)
    a_running_run(1)
    expect(page.locator("#runs-new")).to_contain_text("1 new", timeout=10_000)
