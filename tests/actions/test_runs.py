"""Starting and cancelling, by owner, colleague and stranger."""

import pytest
from django.utils import timezone

from runs.actions.runs import UnableToCancelRun, UnableToStartRun, can_cancel, cancel_run, start_run
from runs.models import AuditEntry, Console, FormationVersion, Gate, Role, Run
from runs.runner import carry, claim, new_lease
from tests.documents import chain, gated
from tests.house import a_member, a_run, a_tenant, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def test_a_run_is_queued_with_what_its_document_says():
    run = start_run(by=a_member(Role.OPERATOR), version=a_version(chain(2, budget={"max_cycles": 7})), pace=0.5)
    assert (run.status, run.label, run.max_cycles, run.pace) == ("queued", "Chain of 2", 7, 0.5)
    assert run.started_by == "operator@acme.example"
    assert AuditEntry.objects.get().action == "start_run"


def test_with_a_lease_it_is_held_by_the_caller():
    run = start_run(by=Console(a_tenant()), version=a_version(chain(1)), lease=new_lease())
    assert (run.status, run.attempt) == ("running", 1)
    assert claim(timezone.now()) is None


@pytest.mark.parametrize("role", ["viewer", "approver", "auditor"])
def test_not_everybody_starts_runs(role):
    with pytest.raises(UnableToStartRun, match="role"):
        start_run(by=a_member(role), version=a_version(chain(1)))


def test_a_version_of_another_tenant_is_not_there():
    with pytest.raises(FormationVersion.DoesNotExist):
        start_run(by=a_member(of="rival"), version=a_version(chain(1)))


@pytest.mark.parametrize("pace", [-1, 61, float("nan")])
def test_a_senseless_pace_is_refused(pace):
    with pytest.raises(UnableToStartRun, match="pace"):
        start_run(by=a_member(), version=a_version(chain(1)), pace=pace)


def test_a_queued_run_is_cancelled_at_once():
    run = cancel_run(by=a_member(), run=a_run(version=a_version(chain(1))))
    assert Run.objects.get().status == "cancelled"
    assert list(run.envelopes.order_by("seq").values_list("kind", flat=True)) == ["OutcomeRecorded", "RunFinished"]
    assert claim(timezone.now()) is None


def test_a_waiting_run_is_cancelled_with_its_gates():
    a_run(version=a_version(gated(2)))
    run = claim(timezone.now())
    carry(run)
    cancelled = cancel_run(by=a_member(), run=run)
    assert (cancelled.status, cancelled.fact_count) == ("cancelled", 1)
    assert set(Gate.objects.values_list("status", flat=True)) == {"cancelled"}
    assert not can_cancel(cancelled, by=a_member())


def test_of_a_running_run_the_cancellation_is_asked_for():
    a_run(version=a_version(chain(3)))
    run = claim(timezone.now())
    assert cancel_run(by=a_member(), run=run).status == "running"
    carry(Run.objects.select_related("tenant", "version").get(pk=run.pk))
    assert Run.objects.get().status == "cancelled"


def test_a_finished_run_is_not_cancelled():
    with pytest.raises(UnableToCancelRun, match="converged already"):
        cancel_run(by=a_member(), run=a_run(status="converged"))


def test_a_viewer_cancels_nothing():
    run = a_run()
    assert not can_cancel(run, by=a_member(Role.VIEWER))
    with pytest.raises(UnableToCancelRun):
        cancel_run(by=a_member(Role.VIEWER), run=run)


def test_a_run_of_another_tenant_is_not_there():
    with pytest.raises(Run.DoesNotExist):
        cancel_run(by=a_member(of="rival"), run=a_run())
