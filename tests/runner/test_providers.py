"""Whom a run may reach: what its document scripts, what its tenant configured, and nobody else."""

import json
import sys
import threading

import pytest

from runs.journal import LeaseLost, rebuild
from runs.models import Effect, Provider, Run
from runs.models.sealing import seal
from runs.runner import carry
from runs.runner.claim import wants_cancel
from tests.documents import document
from tests.house import a_member, a_tenant
from tests.mischief import mischief
from tests.runner.asking import asks, carried, held_run, scripted, texts, verified

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.usefixtures("asks")]


def configured(name, kind="scripted", settings=None, *, of="acme", **columns) -> Provider:
    settings = {"answers": [{"output": {"n": name}}]} if settings is None else settings
    return Provider.objects.create(tenant=a_tenant(of), name=name, kind=kind, settings=json.dumps(settings), **columns)


def one_call(tool="web", given=1, **members):
    return document("One", [asks("ada", (tool, given))], **members)


def test_the_tenants_provider_answers():
    configured("web")
    run = carried(a_member(), one_call())
    assert (texts(run), rebuild(run), verified(run).verified) == ({"ada": '"web"'}, [], True)


def test_what_the_document_scripts_goes_before():
    configured("web")
    assert texts(carried(a_member(), one_call(providers={"web": scripted({"output": {"n": 2}})}))) == {"ada": "2"}


def test_another_tenants_provider_is_not_there():
    configured("web", of="other")
    run = carried(a_member(), one_call())
    effect = run.effects.get()
    assert (effect.phase, effect.error) == ("denied", "no tool named 'web' is configured")
    assert run.envelopes.filter(body__contains='"phase":"denied"').count() == 1
    assert rebuild(run) == []


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"kind": "soap"}, "the settings of provider 'web' cannot be used: unknown kind 'soap'"),
        ({"settings": {}}, "the settings of provider 'web' cannot be used: answers: is required"),
        ({"sealed": "nonsense"}, "the secrets of provider 'web' cannot be opened"),
    ],
)
def test_a_provider_that_cannot_be_used_denies(columns, words):
    configured("web", **columns)
    effect = carried(a_member(), one_call()).effects.get()
    assert effect.phase == "denied"
    assert words in effect.error


def test_a_provider_that_was_changed_answers_anew():
    row = configured("web")
    carried(a_member(), one_call())
    row.settings = json.dumps({"answers": [{"output": {"n": "new"}}]})
    row.save()
    assert texts(carried(a_member(), one_call())) == {"ada": '"new"'}


def test_a_web_server_is_asked_with_a_key_of_this_run_alone():
    with mischief() as server:
        settings = server.settings("echo", idempotency_header="Idempotency-Key") | {"secret_headers": {"Authorization": "•••"}}
        configured("web", "http", settings, sealed=seal({"secret_headers": {"Authorization": "Bearer sk-123456"}}))
        runs = [carried(a_member(), document("One", [asks("ada", ("web", {"a": 1}), tells="said")])) for _ in range(2)]
    assert [texts(run) for run in runs] == [{"ada": '{"a": 1}'}] * 2
    assert runs[0].digest != runs[1].digest  # the echo tells the key
    keys = [headers["Idempotency-Key"] for _, headers, _ in server.asked]
    assert len(set(keys)) == 2
    assert server.asked[0][1]["Authorization"] == "Bearer sk-123456"
    assert not any("sk-123456" in body for run in runs for body in run.envelopes.values_list("body", flat=True))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("huge", "too_large"),
        ("html", "malformed: expected JSON, not text/html"),
        ("reset", "transient"),
        ("hang", "timeout: no answer within 0.3 seconds"),
    ],
)
def test_a_server_that_misbehaves_is_an_error_and_the_run_lives(path, words):
    with mischief() as server:
        configured("web", "http", server.settings(path, timeout_seconds=0.3 if path == "hang" else 60))
        run = carried(a_member(), one_call())
    assert run.status == "converged"
    assert texts(run)["ada"].startswith(words)
    assert (rebuild(run), verified(run).verified) == ([], True)


def test_what_passes_is_asked_again_and_the_attempts_are_journaled(quick):
    with mischief() as server:
        configured("web", "http", server.settings("flaky", idempotent=True))
        effect = carried(a_member(), one_call()).effects.get()
    assert (effect.attempts, json.loads(effect.output)) == (2, {"ok": True})


HANGS = {"web": scripted({"input": "hang", "latency_ms": 3_000_000}, {"output": {"n": 1}}, timeout_seconds=3600)}


def halting(monkeypatch, by_then) -> None:
    """Somebody cancels once `by_then` holds."""

    def look(run):
        return wants_cancel(run) or by_then(run)

    monkeypatch.setattr(sys.modules["runs.runner.conduct"], "wants_cancel", look)


def test_a_provider_that_hangs_does_not_keep_anybody_from_cancelling(monkeypatch):
    run = held_run(a_member(), document("Hangs", [asks("ada", ("web", "hang")), asks("bob", ("web", "quick"))], providers=HANGS))
    halting(monkeypatch, lambda run: run.effects.filter(phase="resolved").exists())
    carry(run)
    run = Run.objects.get(pk=run.pk)
    assert (run.status, json.loads(run.stop_reason), run.cycles) == ("cancelled", "UserCancelled", 0)
    assert set(run.effects.values_list("suggestor", "phase")) == {("ada", "in_doubt"), ("bob", "resolved")}
    assert (rebuild(run), verified(run).verified) == ([], True)


def test_a_worker_that_is_to_stop_lets_go_of_what_may_be_repeated(monkeypatch):
    run = held_run(a_member(), document("Hangs", [asks("ada", ("web", "hang"))], providers=HANGS))
    stop = threading.Event()
    halting(monkeypatch, lambda run: stop.set() if run.effects.exists() else False)
    carry(run, stop)
    run = Run.objects.get(pk=run.pk)
    assert (run.status, run.lease, run.effects.get().phase) == ("queued", None, "requested")


def test_whoever_waits_notices_that_the_run_was_taken():
    run = held_run(a_member(), one_call())
    Run.objects.filter(pk=run.pk).update(lease="another")
    with pytest.raises(LeaseLost):
        wants_cancel(run)


def test_state_is_written_by_the_provider_of_that_name():
    from runs.runner.providers import providers_of
    from runs.suggestors.document import read_document

    configured("state")
    run = held_run(a_member(), one_call(providers={"web": scripted()}))
    found = providers_of(run, read_document(run.version.document))
    assert {one for one in found if not one[1].startswith("organism.")} == {
        ("LLMCall", "state"),
        ("ToolCall", "state"),
        ("StateWrite", ""),
        ("LLMCall", "web"),
        ("ToolCall", "web"),
    }
    assert Effect.objects.count() == 0
