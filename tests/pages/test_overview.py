"""The first page of a tenant: figures that are true and lead to what they count."""

import re

from runs.models import Verification
from tests.conducted import GATED, HUDDLE, SPENT, conducted, started
from tests.house import a_run
from tests.journaling import a_running_run
from tests.pages.test_runs import text_of


def figure(client, tile: str) -> tuple[int, str]:
    """The number of a tile, and where it leads."""
    shown = client.get("/t/acme/").content.decode()
    found = re.search(rf'id="tile-{tile}" href="([^"]+)"[^>]*><span class="figure">(\d+)', shown)
    return int(found[2]), found[1]


def listed(client, address: str) -> int:
    return client.get(address.replace("&amp;", "&")).content.decode().count('<tr id="run-')


def test_every_figure_counts_the_list_that_it_leads_to(client, owner, stranger):
    for formation in (HUDDLE, SPENT):
        conducted(owner, formation)
    a_running_run(1)
    a_run(of="elsewhere", status="running")
    Verification.objects.create(run=a_run(status="failed"), by="ada", verdict="diverged")
    for tile, count in (("running", 1), ("ended", 2), ("alarms", 2)):
        number, address = figure(client, tile)
        assert (tile, number, listed(client, address)) == (tile, count, count)


def test_what_waits_for_the_reader_is_counted_and_named(client, owner, viewer, as_member):
    conducted(owner, GATED)
    assert figure(client, "waiting") == (1, "/t/acme/gates/")
    assert "plan-a → Strategies" in text_of(client.get("/t/acme/"))
    assert figure(as_member(viewer), "waiting")[0] == 0


def test_alarms_say_why(client, owner):
    a_run(label="Silent", status="running", cycle=95)
    a_run(label="Held", message="the journal is damaged")
    shown = text_of(client.get("/t/acme/"))
    assert "Stalled: its worker fell silent" in shown
    assert "Held back: the journal is damaged" in shown
    assert "Budget nearly spent: 95 of 100 cycles" in shown


def test_runs_under_way_are_drawn_with_their_cycles(client):
    run = a_running_run(1, cycle=2)
    for number in (1, 2):
        run.cycle_rows.create(number=number, facts_added=3, rejected=1)
    assert "Cycles 1 to 2" in client.get("/t/acme/").content.decode()


def test_formations_are_judged_by_their_latest_runs(client, owner):
    conducted(owner, HUDDLE)
    started(owner, HUDDLE)
    a_run(of="elsewhere")
    assert "Lunch 2 100 %" in text_of(client.get("/t/acme/"))


def test_a_tenant_without_runs_is_led_to_the_first(client):
    assert "Nothing has run yet." in text_of(client.get("/t/acme/"))


def test_htmx_gets_the_body_alone(client, huddle):
    answer = client.get("/t/acme/", headers={"HX-Request": "true"}).content.decode()
    assert '<div id="overview">' in answer
    assert 'id="gate-count"' in answer
    assert "<html" not in answer
