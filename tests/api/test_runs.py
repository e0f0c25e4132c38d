"""The API: runs and their journals, for members only, in one shape of error."""

import json
import subprocess
import sys

import pytest
from django.test import Client

from runs.api.shapes import RunShape
from runs.reading.summaries import RunSummary
from tests.api.callers import signed_in
from tests.house import a_member, a_run
from tests.journaling import a_running_run, extend, finish
from tests.server import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(a_member())


def envelopes(client, run, **query):
    return client.get(f"/api/v1/runs/{run.uuid}/envelopes/", query)


def test_a_run_is_told_in_one_form(client):
    run = a_running_run(2)
    finish(run)
    told = client.get(f"/api/v1/runs/{run.uuid}/").json()
    assert set(told) == set(RunShape().fields) == set(RunSummary.__struct_fields__)
    assert (told["uuid"], told["status"], told["stop_reason"], told["head"]) == (str(run.uuid), "converged", "Converged", 3)


def test_a_stop_reason_with_numbers_is_an_object(client):
    reason = {"CycleBudgetExhausted": {"cycles_executed": 5, "limit": 5}}
    run = a_run(status="exhausted", stop_reason=json.dumps(reason))
    assert client.get(f"/api/v1/runs/{run.uuid}/").json()["stop_reason"] == reason


def test_runs_come_newest_first_and_page_by_page(client):
    runs = [a_run(label=str(number)) for number in range(5)]
    labels, address = [], "/api/v1/runs/?limit=2"
    while address:
        page = client.get(address).json()
        labels += [run["label"] for run in page["results"]]
        address = page["next"]
    assert labels == [run.label for run in reversed(runs)]


def test_runs_can_be_asked_for_by_status(client):
    a_run()
    done = a_run(status="failed")
    assert [run["uuid"] for run in client.get("/api/v1/runs/?status=failed").json()["results"]] == [str(done.uuid)]


def test_a_status_that_is_none_is_refused(client):
    assert client.get("/api/v1/runs/?status=paused").json()["errors"][0]["attr"] == "status"


def test_who_is_in_several_tenants_names_one(client):
    member = a_member()
    a_member(of="other", email=member.user.email)
    theirs = a_run(of="other")
    assert client.get("/api/v1/runs/").json()["errors"][0]["attr"] == "tenant"
    assert [run["uuid"] for run in client.get("/api/v1/runs/?tenant=other").json()["results"]] == [str(theirs.uuid)]


def test_envelopes_are_passed_through_as_they_were_written(client):
    run = a_running_run(3)
    answer = envelopes(client, run, after=1).content.decode()
    bodies = run.envelopes.filter(seq__gt=1).order_by("seq").values_list("body", flat=True)
    assert answer == f'{{"head":3,"after":1,"to":3,"envelopes":[{",".join(bodies)}]}}'


def test_envelopes_come_in_pages(client):
    run = a_running_run(5)
    page = envelopes(client, run, after=1, limit=2).json()
    assert (page["after"], page["to"], page["head"], [each["seq"] for each in page["envelopes"]]) == (1, 3, 5, [2, 3])


def test_at_the_head_there_is_nothing_more(client):
    run = a_running_run(5)
    assert envelopes(client, run, after=5).json() == {"head": 5, "after": 5, "to": 5, "envelopes": []}
    extend(run, 1)
    assert envelopes(client, run, after=5).json()["to"] == 6


@pytest.mark.parametrize(
    "query", [{"after": "-1"}, {"after": "x"}, {"after": 9 * 10**19}, {"after": 6}, {"limit": 0}, {"limit": 501}, {"after": "\0"}]
)
def test_a_bad_cursor_is_refused_in_the_one_shape(client, query):
    answer = envelopes(client, a_running_run(5), **query)
    assert answer.status_code == 400
    assert answer.json()["type"] == "validation_error"
    assert answer.json()["errors"][0]["attr"] == next(iter(query))


def test_colleagues_see_it_and_strangers_find_nothing(client):
    run = a_running_run(1)
    colleague, stranger = signed_in(a_member("viewer")), signed_in(a_member(of="other"))
    for path in (f"/api/v1/runs/{run.uuid}/", f"/api/v1/runs/{run.uuid}/envelopes/", "/api/v1/runs/?tenant=acme"):
        assert colleague.get(path).status_code == 200
        refusal = stranger.get(path)
        assert (refusal.status_code, refusal.json()["errors"][0]["code"]) == (404, "not_found")
        assert Client().get(path).status_code == 401


@pytest.mark.parametrize("name", ["no-uuid", "8c03ceb4-1054-4a4f-9a42-03ef5d8dc4f9", "%00", "7f3a"])
def test_what_is_no_run_is_not_there(client, name):
    assert client.get(f"/api/v1/runs/{name}/").status_code == 404
    assert client.get(f"/api/v1/runs/{name}/envelopes/").status_code == 404


def test_the_schema_is_whole():
    command = [sys.executable, "manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).returncode == 0
