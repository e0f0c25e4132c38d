"""What the tables themselves refuse."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from runs.models import AuditEntry, Console, Envelope, Fact, Immutable, Membership, Role, Round, Run, User
from tests.house import a_member, a_run, a_tenant, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def an_envelope(run: Run, seq: int) -> Envelope:
    fields = {"family": "progress", "kind": "RunStarted", "cycle": 0, "attempt": 1, "body": "{}", "occurred_at": NOW}
    return Envelope.objects.create(run=run, seq=seq, **fields)


def test_a_place_in_the_journal_is_taken_once():
    run = a_run()
    an_envelope(run, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        an_envelope(run, 1)


def test_versions_are_immutable():
    version = a_version()
    version.note = "changed"
    with pytest.raises(Immutable):
        version.save()
    with pytest.raises(Immutable):
        version.delete()
    with pytest.raises(Immutable):
        type(version).objects.update(note="changed")


def test_envelopes_and_audit_entries_are_immutable():
    an_envelope(a_run(), 1)
    AuditEntry.objects.create(tenant=a_tenant(), actor="ada", action="start_run", subject="1")
    for model in (Envelope, AuditEntry):
        with pytest.raises(Immutable):
            model.objects.all().delete()
        with pytest.raises(Immutable):
            model.objects.get().save()


def test_a_version_number_is_taken_once_per_formation():
    version = a_version()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(version).objects.create(formation=version.formation, number=1, document="{}", content_hash="", author="")


def test_a_user_is_a_member_of_a_tenant_once():
    member = a_member(Role.VIEWER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(tenant=member.tenant, user=member.user, role=Role.ADMIN)


@pytest.mark.parametrize("fields", [{"status": "paused"}, {"head": -1}, {"status": "waiting", "lease": "w"}])
def test_a_run_with_impossible_values_is_refused(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_run(**fields)


def test_addresses_have_one_form():
    User.objects.create_user("Ada@Acme.Example", "secret")
    assert User.objects.get_by_natural_key("ADA@acme.example").email == "ada@acme.example"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ada@ACME.example")


def test_a_user_without_an_address_is_refused():
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("  ")


def test_owner_and_colleague_see_a_run_and_a_stranger_does_not():
    run = a_run()
    Fact.objects.create(
        run=run, seq=1, key="Seeds", fact_id="s", family="converge.text", version=1, payload='{"text":"x"}', text="x",
        promoted_by="context-input", provenance="p", confidence=1.0, cycle=0, stamp=1,
    )  # fmt: skip
    for insider in (a_member(Role.OPERATOR), a_member(Role.VIEWER), Console(run.tenant)):
        assert Run.objects.of(insider).get() == run
        assert Fact.objects.of(insider).get().value == {"text": "x"}
    stranger = a_member(Role.ADMIN, of="rival")
    assert not Run.objects.of(stranger).exists()
    assert not Fact.objects.of(stranger).exists()
    assert not Envelope.objects.of(stranger).exists()


def test_queued_runs_and_silent_ones_are_claimable():
    past, future = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
    queued, silent = a_run(), a_run(status="running", lease="dead", lease_until=past)
    a_run(status="running", lease="alive", lease_until=future)
    a_run(status="waiting")
    a_run(lease_until=future)
    ready = a_run(lease_until=past)
    assert list(Run.objects.claimable(NOW)) == [queued, silent, ready]
    assert list(Run.objects.queued()) == [queued]


def test_the_list_is_paged_by_place_newest_first():
    runs = [a_run() for _ in range(3)]
    assert list(Run.objects.listed()) == runs[::-1]
    assert list(Run.objects.listed(before=runs[2].pk)) == runs[1::-1]


def test_a_round_has_one_row():
    run = a_run()
    Round.objects.create(run=run, number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(run=run, number=1)


@pytest.mark.parametrize(
    ("role", "may"),
    [("viewer", {"view"}), ("operator", {"view", "run", "decide"}), ("approver", {"view", "decide"}), ("auditor", {"view", "audit"})],
)
def test_roles_may_what_the_table_says(role, may):
    member = a_member(role)
    assert {deed for deed in ("view", "run", "author", "decide", "audit", "administer") if member.may(deed)} == may


def test_a_member_is_meant_by_role_or_address():
    member = a_member(Role.APPROVER)
    assert member.decides(["approver"])
    assert member.decides(["approver@acme.example"])
    assert not member.decides(["admin"])


def test_the_console_is_named_after_the_os_user():
    assert Console(a_tenant()).label.startswith("console:")
