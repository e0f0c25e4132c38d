"""The table of runs: what it shows, how it is narrowed, and what is done to several at a time."""

import csv
import io

import pytest

from runs.models import AuditEntry, RunStatus, SavedView, Verification
from tests.conducted import GATED, HUDDLE, SPENT, conducted, started
from tests.house import a_run
from tests.pages.test_runs import text_of

LIST = "/t/acme/runs/"


def shown(client, query: str) -> str:
    return client.get(f"{LIST}?{query}").content.decode()


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("status=waiting", "Gated"),
        ("formation=spent", "Spent"),
        ("label=gat", "Gated"),
        ("reason=CycleBudgetExhausted", "Spent"),
        ("reason=Converged", "Lunch"),
        ("gates=waiting", "Gated"),
        ("gates=any&time=1h", "Gated"),
        ("ended=today&status=exhausted", "Spent"),
        ("cost=0.5", "Dear"),
        ("alarm=budget", "Tight"),
        ("alarm=diverged", "Odd"),
        ("alarm=stalled", "Silent"),
    ],
)
def test_the_list_is_narrowed_to_what_the_address_asks_for(client, owner, query, label):
    for formation in (HUDDLE, GATED, SPENT):
        conducted(owner, formation)
    a_run(label="Dear", status="failed", cost_microdollars=600_000)
    a_run(label="Tight", status="queued", cycle=95)
    a_run(label="Silent", status="running")
    Verification.objects.create(run=a_run(label="Odd", status="failed"), by="ada", verdict="diverged")
    found = shown(client, query)
    labels = ("Lunch", "Gated", "Spent", "Dear", "Tight", "Odd", "Silent")
    assert [each for each in labels if f">{each}</a> <span" in found] == [label]


@pytest.mark.parametrize(
    "query", ["since=2026-13-01", "cost=dear", "cost=..", "reason=Nothing", "status=none", "until=9999-12-31", "q=%00", "time=x"]
)
def test_nonsense_in_a_filter_asks_for_nothing(client, huddle, query):
    assert str(huddle.uuid) in shown(client, query)


def test_a_day_bounds_the_list(client, owner):
    run = started(owner, SPENT)
    day = run.created_at.date().isoformat()
    assert str(run.uuid) in shown(client, f"since={day}&until={day}")
    assert str(run.uuid) not in shown(client, "until=2020-01-01")


def test_a_row_tells_effects_cost_facts_of_the_cycles_and_the_verdict(client, owner):
    run = conducted(owner, SPENT)
    Verification.objects.create(run=run, by="ada", verdict="verified")
    run.effects.create(identity="e", kind="ToolCall", target="t", cycle=1, ordinal=1, phase="resolved", requested_seq=1, input="{}")
    run.cost_microdollars = 20_000
    run.save()
    found = client.get(LIST)
    assert "Facts a cycle: 1 at most" in found.content.decode()
    assert all(word in text_of(found) for word in ("verified", "$0.0200", "Budget spent: 3 of 3 cycles"))


def test_rows_asked_again_tell_how_many_wanted_runs_are_newer(client, owner, huddle):
    started(owner, SPENT)
    answer = client.get(f"{LIST}rows/?run={huddle.uuid}&newest={huddle.pk}&q=spent").content.decode()
    assert "1 new" in answer
    assert "1 new" not in client.get(f"{LIST}rows/?newest={huddle.pk}&q=lunch").content.decode()


def test_several_runs_are_cancelled_and_who_is_over_already_is_named(client, owner, huddle):
    runs = [started(owner, SPENT) for _ in range(2)]
    chosen = [str(run.uuid) for run in (*runs, huddle)]
    answer = text_of(client.post(f"{LIST}deed/", {"deed": "cancel", "run": chosen, "back": "q=spent"}, follow=True))
    assert "2 runs are being cancelled." in answer
    assert "the run is converged already" in answer
    assert {type(run).objects.get(pk=run.pk).status for run in runs} == {RunStatus.CANCELLED}


def test_several_runs_are_verified(client, owner, huddle):
    answer = client.post(f"{LIST}deed/", {"deed": "verify", "run": [str(huddle.uuid)]}, follow=True)
    assert "1 run is being verified." in text_of(answer)
    assert huddle.verifications.count() == 1


@pytest.mark.parametrize("deed", ["cancel", "verify", "nonsense"])
def test_a_deed_reaches_no_run_of_others(deed, huddle, stranger, as_member):
    path = {"deed": deed, "run": [str(huddle.uuid)]}
    assert as_member(stranger).post(f"{LIST}deed/", path).status_code == 404
    assert "Nothing was chosen" in text_of(as_member(stranger).post("/t/elsewhere/runs/deed/", path, follow=True))


def test_a_viewer_cancels_nothing(owner, viewer, as_member):
    run = started(owner, SPENT)
    answer = as_member(viewer).post(f"{LIST}deed/", {"deed": "cancel", "run": [str(run.uuid)]}, follow=True)
    assert "your role does not allow" in text_of(answer)
    assert 'value="cancel"' not in as_member(viewer).get(LIST).content.decode()


def test_what_is_seen_is_taken_away(client, owner, huddle):
    conducted(owner, SPENT)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{LIST}runs.csv?q=spent").content.decode())))
    assert [(row["label"], row["stopped"], row["cycles"]) for row in rows] == [("Spent", "Budget spent: 3 of 3 cycles", "3")]
    assert [row["uuid"] for row in client.get(f"{LIST}runs.json?run={huddle.uuid}").json()] == [str(huddle.uuid)]
    assert client.get(f"{LIST}runs.xls").status_code == 404


def test_a_view_is_kept_under_a_name_by_one_member_alone(client, owner, viewer, as_member):
    client.post(f"{LIST}views/save/", {"name": " My  failures ", "query": "status=failed&nonsense=1"})
    assert '?status=failed">My failures</a>' in client.get(LIST).content.decode().replace(" aria-current", "")
    assert "My failures" not in as_member(viewer).get(LIST).content.decode()
    as_member(viewer).post(f"{LIST}views/forget/", {"name": "My failures"})
    client.post(f"{LIST}views/save/", {"name": "My failures", "query": "status=queued"})
    assert [(view.query, view.member) for view in SavedView.objects.all()] == [("status=queued", owner)]
    client.post(f"{LIST}views/forget/", {"name": "My failures"})
    deeds = AuditEntry.objects.filter(action__contains="view").order_by("id")
    assert [entry.action for entry in deeds] == ["save_view", "save_view", "forget_view"]
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("given", "says"), [({"name": "", "query": "q=x"}, "A view needs a name"), ({"name": "x", "query": "a=1"}, "Choose a filter first")]
)
def test_a_view_that_cannot_be_kept_says_why(client, given, says):
    assert says in text_of(client.post(f"{LIST}views/save/", given, follow=True))
    assert not SavedView.objects.exists()


def test_the_list_asks_no_more_questions_for_more_runs(client, owner, django_assert_max_num_queries):
    for _ in range(12):
        a_run(status="failed")
    with django_assert_max_num_queries(20):
        client.get(LIST)
