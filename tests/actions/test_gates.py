"""Deciding: who may, once, and what follows."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from runs.actions.gates import UnableToDecide, can_decide, decide_gate
from runs.journal import rebuild
from runs.models import AuditEntry, Console, Fact, Gate, GateVote, Role, Run
from runs.runner import carry, claim
from runs.runner.expire import expire_gates
from tests.documents import gated
from tests.house import a_member, a_run, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def waiting(plans: int = 1, **gates) -> Run:
    a_run(version=a_version(gated(plans, **gates)))
    run = claim(timezone.now())
    assert run is not None
    carry(run)
    assert run.status == "waiting"
    return run


def go_on() -> Run:
    run = claim(timezone.now())
    assert run is not None
    carry(run)
    assert rebuild(Run.objects.get(pk=run.pk)) == []
    return run


def gate(n: int = 0) -> Gate:
    return Gate.objects.order_by("seq")[n]


def test_an_approved_proposal_becomes_a_fact_of_its_approver():
    waiting()
    decided = decide_gate(by=a_member(Role.APPROVER), gate=gate(), verdict="approve")
    assert (decided.status, decided.decided_by) == ("approved", "approver@acme.example")
    run = go_on()
    assert (run.status, run.attempt) == ("converged", 2)
    assert Fact.objects.get(fact_id="plan-0").approver == "approver@acme.example"
    assert Fact.objects.filter(fact_id="built").exists()
    assert AuditEntry.objects.get().action == "approve_gate"


def test_a_rejected_proposal_leaves_a_note():
    waiting()
    decide_gate(by=a_member(), gate=gate(), verdict="reject", reason="too dear")
    run = go_on()
    assert run.status == "converged"
    assert "too dear" in Fact.objects.get(fact_id="hitl-rejected:plan-0").text
    assert not Fact.objects.filter(fact_id="built").exists()


def test_the_run_goes_on_when_the_last_gate_is_closed():
    run = waiting(2)
    decide_gate(by=a_member(), gate=gate(0), verdict="approve")
    assert Run.objects.get().status == "waiting"
    decide_gate(by=a_member(), gate=gate(1), verdict="reject", reason="no")
    assert Run.objects.get().status == "queued"
    assert go_on().pk == run.pk
    assert set(Fact.objects.filter(cycle=1).values_list("fact_id", flat=True)) == {"plan-0", "hitl-rejected:plan-1"}


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_rejection_needs_a_reason(reason):
    waiting()
    with pytest.raises(UnableToDecide, match="reason"):
        decide_gate(by=a_member(), gate=gate(), verdict="reject", reason=reason)


def test_it_refuses_an_unknown_verdict():
    waiting()
    with pytest.raises(UnableToDecide, match="approve, reject"):
        decide_gate(by=a_member(), gate=gate(), verdict="maybe")


def test_it_refuses_a_second_decision():
    waiting(2)
    decide_gate(by=a_member(), gate=gate(), verdict="approve")
    with pytest.raises(UnableToDecide, match=r"approved already by admin@acme\.example"):
        decide_gate(by=a_member(Role.APPROVER), gate=gate(), verdict="reject", reason="late")
    assert Gate.objects.filter(status="approved").count() == 1


def test_a_gate_of_a_cancelled_run_is_closed():
    from runs.actions.runs import cancel_run

    cancel_run(by=a_member(), run=waiting())
    with pytest.raises(UnableToDecide, match="cancelled already"):
        decide_gate(by=a_member(), gate=gate(), verdict="approve")


@pytest.mark.parametrize(("role", "may"), [("viewer", False), ("auditor", False), ("operator", True), ("approver", True), ("admin", True)])
def test_roles_decide_where_the_gate_names_nobody(role, may):
    waiting()
    assert can_decide(gate(), by=a_member(role)) is may


def test_only_those_whom_the_gate_names_decide_it():
    waiting(approvers=["approver", "cfo@acme.example"])
    assert can_decide(gate(), by=a_member(Role.APPROVER))
    assert can_decide(gate(), by=a_member(Role.VIEWER, email="cfo@acme.example"))
    assert not can_decide(gate(), by=a_member(Role.ADMIN))
    assert can_decide(gate(), by=Console(a_run().tenant))


def test_a_gate_of_another_tenant_is_not_there():
    waiting()
    with pytest.raises(Gate.DoesNotExist):
        decide_gate(by=a_member(of="rival"), gate=gate(), verdict="approve")


def test_a_quorum_waits_for_its_last_voice():
    waiting(quorum=2)
    first, second = a_member(Role.APPROVER), a_member(Role.OPERATOR)
    assert decide_gate(by=first, gate=gate(), verdict="approve").status == "pending"
    with pytest.raises(UnableToDecide, match="decided already"):
        decide_gate(by=first, gate=gate(), verdict="approve")
    assert decide_gate(by=second, gate=gate(), verdict="approve").status == "approved"
    assert list(GateVote.objects.order_by("seq").values_list("by", flat=True)) == [first.label, second.label]
    assert go_on().status == "converged"


def test_one_rejection_closes_a_gate_whatever_the_quorum():
    waiting(quorum=3)
    assert decide_gate(by=a_member(), gate=gate(), verdict="reject", reason="no").status == "rejected"


def test_a_gate_expires_as_its_policy_says():
    waiting(timeout={"seconds": 60, "action": "reject"})
    assert expire_gates(timezone.now()) == 0
    assert expire_gates(timezone.now() + timedelta(seconds=61)) == 1
    assert (gate().status, gate().decided_by, gate().reason) == ("expired", "timeout", "nobody answered within 60 seconds")
    assert go_on().facts.filter(fact_id="hitl-rejected:plan-0").exists()


def test_an_expired_gate_may_let_through():
    waiting(timeout={"seconds": 60, "action": "approve"})
    expire_gates(timezone.now() + timedelta(seconds=61))
    assert go_on().facts.get(fact_id="plan-0").approver == "timeout"


def test_an_escalated_gate_waits_for_an_admin_and_then_no_longer():
    run = waiting(timeout={"seconds": 60, "action": "escalate"})
    expire_gates(timezone.now() + timedelta(seconds=61))
    assert (gate().status, gate().approver_names) == ("pending", ["admin"])
    assert not can_decide(gate(), by=a_member(Role.APPROVER))
    assert can_decide(gate(), by=a_member(Role.ADMIN))
    assert rebuild(Run.objects.get(pk=run.pk)) == []
    expire_gates(gate().due_at + timedelta(seconds=1))
    assert gate().status == "expired"
    assert go_on().status == "converged"


def test_the_journal_tells_of_every_voice_and_decision():
    run = waiting(quorum=2)
    for role in (Role.APPROVER, Role.OPERATOR):
        decide_gate(by=a_member(role), gate=gate(), verdict="approve")
    told = run.envelopes.filter(kind__in=("GateVoted", "GateDecisionRecorded")).order_by("seq").values_list("kind", flat=True)
    assert list(told) == ["GateVoted", "GateVoted", "GateDecisionRecorded"]
    decision = json.loads(run.envelopes.get(kind="GateDecisionRecorded").body)["event"]["data"]["decision"]
    assert decision["decided_by"] == "operator@acme.example"
