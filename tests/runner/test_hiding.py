"""Hidden fields never stand in a journal in the clear, and everything works all the same."""

import json

import pytest
from django.utils import timezone
from structlog.testing import capture_logs

from runs.actions.runs import cancel_run
from runs.journal import rebuild
from runs.journal.hiding import clear_text
from runs.models import CannotUnseal, Envelope, Run
from runs.models.sealing import seal, unseal
from runs.runner import carry, claim, claim_run
from runs.runner.verify import NotCarriedOut, examine
from runs.runner.writer import HELD_BACK
from tests.altering import alter
from tests.documents import document
from tests.house import a_member
from tests.runner.asking import asks, carried, held_run, texts, verified
from tests.runner.vaults import GIVEN, SAID, SECRETS, a_document, dying_after, journal_of, leaks

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.usefixtures("asks", "vault")]


def test_hidden_fields_are_shown_by_name_and_sealed_beside():
    with capture_logs() as logs:
        run = carried(a_member(), a_document())
    effect = run.effects.get()
    assert (leaks(run), texts(run)) == ([], {"ada": "1"})
    assert json.loads(effect.input) == {"tool": "vault", "input": {"user": "ada", "password": "•••"}}
    assert json.loads(effect.output) == {"n": 1, "token": "•••"}
    assert unseal(effect.sealed) == {
        "hidden": ["password", "token"],
        "effect": {"ToolCall": {"tool": "vault", "input": GIVEN}},
        "output": SAID,
    }
    assert not any(secret in str(logs) for secret in SECRETS)
    assert rebuild(run) == []


def test_a_run_that_hides_comes_out_again():
    assert verified(carried(a_member(), a_document())).verified


@pytest.fixture
def half_done(monkeypatch):
    """A run whose worker died when the first of two effects had been answered."""
    from tests.runner.test_reach import Gone

    run = held_run(a_member(), document("Vault", [asks("ada", ("vault", GIVEN), ("vault", GIVEN), tells="token")]))
    with monkeypatch.context() as patch:
        patch.setattr("runs.runner.writer.append", dying_after("resolved", Gone))
        with pytest.raises(Gone):
            carry(run)
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now())
    return run


def test_a_run_that_goes_on_is_told_what_was_hidden(half_done):
    carry(claim_run(half_done, timezone.now()))
    run = Run.objects.get(pk=half_done.pk)
    assert texts(run) == {"ada": json.dumps(SAID["token"])}
    assert "sesame" not in journal_of(run)
    assert verified(run).verified


def test_a_run_whose_key_is_not_here_is_held_back_until_it_is(half_done, settings, client):
    keys, head = settings.SEALING_KEYS, Run.objects.get(pk=half_done.pk).head
    settings.SEALING_KEYS = ["another"]
    carry(claim_run(half_done, timezone.now()))
    run, now = Run.objects.get(pk=half_done.pk), timezone.now()
    assert (run.status, run.lease, run.head) == ("queued", None, head)
    assert "sealed by a key that is not among SEALING_KEYS" in run.message
    assert claim(now) is None
    client.force_login(a_member().user)
    assert "Give the workers that key back" in client.get(f"/t/acme/runs/{run.uuid}/").content.decode()
    settings.SEALING_KEYS = keys
    carry(claim(now + HELD_BACK))
    run.refresh_from_db()
    assert (run.status, run.message, texts(run)) == ("converged", "Converged", {"ada": json.dumps(SAID["token"])})
    assert (verified(run).verified, rebuild(run)) == (True, [])


def test_a_run_that_is_held_back_can_be_cancelled(half_done, settings):
    settings.SEALING_KEYS = ["another"]
    carry(claim_run(half_done, timezone.now()))
    assert cancel_run(by=a_member(), run=half_done).status == "cancelled"


def test_where_nobody_answers_everything_is_hidden_that_anybody_hides():
    run = carried(a_member(), a_document(tool="valut"))
    assert (run.effects.get().phase, leaks(run)) == ("denied", [])
    assert verified(run).verified


def test_a_waiting_cycle_keeps_hashes_of_its_effects_only():
    run = carried(a_member(), a_document(gates={"keys": ["Hypotheses"], "self_approval": True}))
    parked = json.loads(run.envelopes.get(kind="CycleParked").body)["event"]["data"]
    assert (run.status, leaks(run), [len(line) for line in parked["effects"]]) == ("waiting", [], [64])
    assert verified(run).verified


@pytest.mark.parametrize(("was", "becomes"), [('"n":1', '"n":2'), ('"user":"ada"', '"user":"bob"'), ('"token":"•••"', '"token":"***"')])
def test_what_is_shown_cannot_be_changed(was, becomes):
    run = carried(a_member(), a_document())
    alter(run, run.envelopes.get(body__contains='"phase":"resolved"').seq, was, becomes)
    assert not verified(run).verified


def test_without_the_key_it_is_told_that_nothing_can_be_opened(settings):
    run = carried(a_member(), a_document())
    settings.SEALING_KEYS = ["another"]
    with pytest.raises(NotCarriedOut, match="what is hidden in its journal cannot be opened"):
        examine(run, stop=None)


def test_keys_can_be_changed_while_the_old_one_still_opens(settings):
    token, old = seal({"a": "é"}), settings.SEALING_KEYS
    settings.SEALING_KEYS = ["new", *old]
    assert (unseal(token), unseal(seal(1))) == ({"a": "é"}, 1)
    newer = seal(2)
    settings.SEALING_KEYS = old
    with pytest.raises(CannotUnseal):
        unseal(newer)


def test_texts_without_anything_sealed_stay_as_they_are():
    run = carried(a_member(), document("Plain", [asks("ada", ("nobody", '"sealed":"x"'))]))
    for text in Envelope.objects.filter(run=run).values_list("body", flat=True):
        assert clear_text(text) == text
