"""Runs with seats of tools, against a real web server."""

import json

import pytest

from runs.actions.providers import set_provider
from runs.journal import rebuild
from runs.models import Console
from tests.documents import document
from tests.house import a_member, a_tenant
from tests.mischief import mischief
from tests.runner.asking import carried, verified

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.usefixtures("quick")]


def used(server, path, result="/said/q", **settings):
    set_provider(by=Console(a_tenant()), name="web", kind="http", settings=server.settings(path, max_attempts=1, **settings))
    results = [{"key": "Signals", "id": "found", "path": result}]
    seat = {"kind": "tool", "name": "search", "with": {"tool": "web", "input": {"q": "{fact:Seeds/s1}"}, "results": results}}
    run = carried(a_member(), document("Tools", [seat]))
    assert (run.status, rebuild(run), verified(run).verified) == ("converged", [], True)
    return {fact.fact_id: fact.text or json.loads(fact.payload)["message"] for fact in run.facts.exclude(key="Seeds")}


def test_a_web_server_is_asked_and_its_answer_is_a_fact():
    with mischief() as server:
        assert used(server, "echo") == {"found": "Choose"}
        assert [body for _, _, body in server.asked] == [{"q": "Choose"}]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("busy", "rate_limit"),
        ("closed", "transient"),
        ("forbidden", "permanent"),
        ("html", "malformed"),
        ("huge", "too_large"),
        ("hang", "timeout"),
        ("model", "Signals/found: there is nothing at /said/q"),
    ],
)
def test_every_failure_is_a_diagnostic(path, words):
    with mischief() as server:
        found = used(server, path, timeout_seconds=0.3)
    assert list(found) == ["tool-error:found"]
    assert found["tool-error:found"].startswith(words)
