"""Runs with seats of language models: against a real server, from the document to the verdict."""

import json
import logging

import pytest
from structlog.testing import capture_logs

from runs.actions.providers import set_provider
from runs.journal import rebuild
from runs.models import Console
from tests.documents import document
from tests.house import a_member, a_tenant
from tests.oracle import KEY, oracle, refusing
from tests.runner.asking import carried, scripted, texts, verified

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.usefixtures("quick")]
KINDS = ["openai", "anthropic"]
NOTE = {"content": "Data is lost", "confidence": 0.7, "rationale": "No open format."}
SAID = json.dumps({"proposals": [NOTE]})
ADA = {
    "kind": "llm",
    "name": "ada",
    "with": {"provider": "gpt", "prompt": "Risks? {facts:Seeds}", "proposes": {"key": "Hypotheses", "id": "risk"}},
}


@pytest.fixture(scope="module")
def running():
    with oracle() as server:
        yield server


@pytest.fixture
def server(running):
    running.asked.clear()
    running.says = [SAID]
    return running


def configured(server, kind, **settings):
    set_provider(by=Console(a_tenant()), name="gpt", kind=kind, settings=server.model(kind, max_attempts=2, **settings))


def run_of(*team, **members):
    run = carried(a_member(), document("Models", list(team), **members))
    assert rebuild(run) == []
    return run


def diagnostics(run):
    return {fact.fact_id: json.loads(fact.payload)["message"] for fact in run.facts.filter(key="Diagnostic")}


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_is_asked_and_verification_asks_nobody(server, kind):
    configured(server, kind)
    run = run_of(ADA)
    assert (run.status, texts(run), run.tokens) == ("converged", {"risk": "Data is lost"}, 120)
    assert run.cost_microdollars == {"openai": 27, "anthropic": 200}[kind]
    server.asked.clear()
    assert (verified(run).verified, server.asked) == (True, [])


@pytest.mark.parametrize("kind", KINDS)
def test_keys_stand_in_no_journal_and_in_no_log(server, kind, caplog, monkeypatch):
    monkeypatch.setenv("PROVIDER_KEY_TEST", KEY)
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        for settings in ({}, {"key": None, "key_env": "PROVIDER_KEY_TEST"}):
            for says in (f"My key is {KEY}", 401, {"error": KEY}):
                server.says = [says]
                configured(server, kind, **settings)
                run = run_of(ADA)
                told = [
                    *run.envelopes.values_list("body", flat=True),
                    *map(str, run.effects.values_list()),
                    *map(str, run.facts.values_list()),
                ]
                assert not [text for text in told if KEY in text]
    assert KEY not in caplog.text + str(logs)
    assert server.asked


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("says", "asked", "words"),
    [
        ([401], 1, "permanent: status 401"),
        ([429], 2, "rate_limit: status 429"),
        ([529], 2, "transient: status 529"),
        ([500], 2, "transient: status 500"),
        (["nonsense"], 2, "the answer did not fit, nor did the second: it is not JSON"),
        (['{"proposals": []}', SAID[:-1]], 2, "the answer did not fit, nor did the second"),
        ([{"odd": 1}], 1, "malformed: not the answer of a model"),
    ],
)
def test_every_failure_is_a_diagnostic_and_the_run_lives(server, kind, says, asked, words):
    server.says = list(says)
    configured(server, kind)
    run = run_of(ADA)
    assert (run.status, len(server.asked), texts(run)) == ("converged", asked, {})
    assert diagnostics(run)["llm-error:risk"].startswith(words)
    assert verified(run).verified


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("says", [[500, SAID], [429, SAID], ["nonsense", SAID]])
def test_what_passes_or_can_be_mended_is_asked_again(server, kind, says):
    server.says = list(says)
    configured(server, kind)
    run = run_of(ADA)
    assert (texts(run), len(server.asked), verified(run).verified) == ({"risk": "Data is lost"}, 2, True)


@pytest.mark.parametrize("path", ["huge", "hang", "broken"])
def test_a_server_that_misbehaves_does_not_hold_up_a_run(server, path):
    base = f"http://localhost:{server.port}/{path}"
    configured(server, "openai", base_url=base, timeout_seconds=0.3, deadline_seconds=0.4)
    kind = {"huge": "too_large", "hang": "timeout", "broken": "malformed"}[path]
    assert diagnostics(run_of(ADA))["llm-error:risk"].startswith(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_is_told_and_charged(server, kind):
    server.says = [refusing(kind, "I would rather not.")]
    configured(server, kind)
    run = run_of(ADA)
    assert diagnostics(run)["llm-error:risk"] == "permanent: the model refused to answer: I would rather not."
    assert run.tokens == 120


PANEL = [
    ADA,
    {"kind": "llm-voter", "name": "bob", "with": {"provider": "gpt", "topics": ["s1"], "when": [{"has": "Hypotheses"}]}},
    {"kind": "llm-voter", "name": "cleo", "with": {"provider": "gpt", "topics": ["s1"], "when": [{"has": "Votes"}]}},
]
ANSWERS = [
    {"suggestor": "ada", "output": {"proposals": [NOTE]}, "tokens": 100, "cost_microdollars": 250},
    {"output": {"decision": "no", "reason": "Nobody has tried."}, "tokens": 60, "cost_microdollars": 100},
]


@pytest.mark.parametrize(
    ("budget", "stop", "votes"),
    [
        ({"max_tokens": 221}, "Converged", 2),
        ({"max_tokens": 160}, {"TokenBudgetExhausted": {"tokens_consumed": 160, "limit": 160}}, 1),
        ({"max_cost_microdollars": 250}, {"CostBudgetExhausted": {"cost_microdollars": 250, "limit": 250}}, 0),
    ],
)
def test_budgets_count_what_models_cost(budget, stop, votes):
    run = run_of(*PANEL, budget=budget, providers={"gpt": scripted(*ANSWERS)})
    assert (json.loads(run.stop_reason), run.facts.filter(key="Votes").count()) == (stop, votes)
    assert run.facts.filter(key="Disagreements").count() == votes
    assert verified(run).verified


def test_a_provider_that_nobody_configured_is_told():
    run = run_of(ADA)
    assert diagnostics(run) == {"llm-error:risk": "no provider named 'gpt' is configured"}
