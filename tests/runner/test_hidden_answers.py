"""What people are asked and what they answer is hidden like everything else, and works all the same."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from runs.actions.gates import UnableToDecide, decide_gate
from runs.journal import rebuild
from runs.models import Run
from runs.models.sealing import unseal
from runs.runner import carry, claim_run
from runs.runner.expire import expire_gates
from tests.altering import alter
from tests.documents import document
from tests.house import a_member
from tests.runner.asking import PEOPLE, asks, carried, held_run, texts, verified
from tests.runner.test_reach import Gone
from tests.runner.vaults import GIVEN, SECRETS, a_document, dying_after, leaks

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.usefixtures("asks", "vault")]
SCHEMA = {"type": "object", "required": ["password"], "properties": {"password": {"type": "string", "maxLength": 8}}}
QUESTION = {"question": "Which password?", "schema": SCHEMA}


def asked(value=QUESTION) -> Run:
    """A run that asks people."""
    return carried(a_member(), document("Curious", [asks("ada", (PEOPLE, value), tells="answer")]))


def answer(run: Run, value, **said) -> Run:
    """What becomes of the run by the answer."""
    decide_gate(by=a_member(), gate=run.gates.pending().get(), verdict="answer", answer=value, **said)
    carry(claim_run(run, timezone.now()))
    return Run.objects.get(pk=run.pk)


def whole(run: Run) -> bool:
    """Whether it is told the same by its journal, and comes out again."""
    return verified(run).verified and rebuild(run) == []


def in_facts_only(run: Run) -> bool:
    """Whether what is secret stands nowhere but in the facts in which its suggestor published it."""
    bodies = run.envelopes.exclude(kind="FactPromoted").values_list("body", flat=True)
    told = [*bodies, *map(str, run.effects.values_list()), *map(str, run.gates.values_list())]
    return not any(secret in text for secret in SECRETS for text in told)


def test_an_answer_is_shown_without_what_is_hidden_and_sealed_beside():
    run = answer(asked(), {"password": "sesame"})
    assert (run.status, texts(run)) == ("converged", {"ada": '{"password": "sesame"}'})
    assert json.loads(run.gates.get().answer) == {"password": "•••"}
    assert unseal(run.effects.get().sealed)["output"] == {"answer": {"password": "sesame"}, "by": "admin@acme.example"}
    assert (in_facts_only(run), whole(run)) == (True, True)


def test_the_form_of_an_answer_is_not_hidden(client):
    run = asked()
    client.force_login(a_member().user)
    gate = f"/t/acme/gates/{run.gates.get().pk}/"
    assert 'name="field-password"' in client.get(gate).content.decode()
    client.post(f"{gate}decide/", {"verdict": "answer", "field-password": "far too long"})
    assert run.gates.pending().exists()
    client.post(f"{gate}decide/", {"verdict": "answer", "field-password": "sesame"})
    assert not run.gates.pending().exists()
    assert "sesame" not in client.get(gate).content.decode()


def test_a_default_answer_is_what_it_was_before_it_was_hidden():
    run = asked(QUESTION | {"default": {"password": "sesame"}, "timeout_seconds": 60})
    assert leaks(run) == []
    assert expire_gates(timezone.now() + timedelta(seconds=61)) == 1
    carry(claim_run(run, timezone.now()))
    run = Run.objects.get(pk=run.pk)
    assert (texts(run), in_facts_only(run), whole(run)) == ({"ada": '{"password": "sesame"}'}, True, True)


def test_a_default_that_cannot_be_opened_is_none(settings):
    run = asked(QUESTION | {"default": {"password": "sesame"}, "timeout_seconds": 60})
    settings.SEALING_KEYS = ["another"]
    assert expire_gates(timezone.now() + timedelta(seconds=61)) == 1
    assert "what it is by default cannot be opened" in run.gates.get().reason


def test_a_question_that_cannot_be_opened_takes_no_answer_but_a_refusal(settings):
    run = asked(QUESTION | {"password": "sesame"})
    settings.SEALING_KEYS = ["another"]
    with pytest.raises(UnableToDecide, match="cannot be opened"):
        answer(run, {"password": "x"})
    assert Run.objects.get(pk=run.pk).head == run.head
    decide_gate(by=a_member(), gate=run.gates.get(), verdict="reject", reason="nobody has the key")
    carry(claim_run(run, timezone.now()))
    assert "nobody has the key" in texts(run)["ada"]


def doubtful(monkeypatch, vault) -> Run:
    """A run whose worker died while an effect was under way that cannot be repeated."""
    vault.settings = json.dumps(vault.shown_settings | {"idempotent": False})
    vault.save()
    run = held_run(a_member(), a_document())
    with monkeypatch.context() as patch:
        patch.setattr("runs.runner.writer.append", dying_after("requested", Gone))
        with pytest.raises(Gone):
            carry(run)
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now())
    carry(claim_run(run, timezone.now()))
    return Run.objects.get(pk=run.pk)


@pytest.mark.parametrize("token", [{}, {"token": "open-42"}])
def test_an_effect_in_doubt_is_asked_about_and_answered_without_telling_secrets(monkeypatch, vault, token):
    run = doubtful(monkeypatch, vault)
    assert (run.status, leaks(run), rebuild(run)) == ("waiting", [], [])
    run = answer(run, {"n": 2, **token})
    assert (texts(run), leaks(run), whole(run)) == ({"ada": "2"}, [], True)
    assert unseal(run.effects.get().sealed)["output"] == {"n": 2, **token}
    assert unseal(run.effects.get().sealed)["effect"]["ToolCall"]["input"] == GIVEN


@pytest.mark.parametrize(
    ("kind", "was", "becomes"),
    [
        ("GateRequested", 'Which password?","agent', 'Whose password?","agent'),
        ("GateRequested", '"approvers":[]', '"approvers":["viewer"]'),
        ("GateRequested", '"maxLength":8', '"maxLength":9'),
        ("GateDecisionRecorded", '{"password":"•••","n":1}', '{"password":"•••","n":2}'),
        ("GateDecisionRecorded", '"decided_by":"admin@', '"decided_by":"cfo@'),
        ("GateDecisionRecorded", "Which password?", "Whose password?"),
        ("GateDecisionRecorded", '"verdict":"Approve"', '"verdict":{"Reject":{"reason":"no"}}'),
    ],
)
def test_what_was_asked_and_said_cannot_be_changed(kind, was, becomes):
    run = answer(asked(), {"password": "sesame", "n": 1})
    alter(run, run.envelopes.get(kind=kind).seq, was, becomes)
    found = verified(run)
    assert (found.verified, found.cycle) == (False, 1)


def test_a_refusal_cannot_be_put_into_another_mouth():
    run = asked()
    decide_gate(by=a_member(), gate=run.gates.get(), verdict="reject", reason="none of your business")
    carry(claim_run(run, timezone.now()))
    run.refresh_from_db()
    assert verified(run).verified
    alter(run, run.envelopes.get(kind="GateDecisionRecorded").seq, "none of your", "all of my")
    assert str(verified(run)) == "diverged at cycle 1"
