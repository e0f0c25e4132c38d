"""Who may decide: the table of roles, voices of one's own, quorums that can be met, and two at once."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from runs.actions.gates import UnableToDecide, can_decide, check_decide, decide_gate
from runs.actions.runs import UnableToStartRun, can_start, start_run
from runs.models import Console, Gate, GateVote, Membership, Role, Run
from runs.reading.lint import lint_of
from runs.runner.expire import expire_gates
from tests.actions.test_gates import gate, go_on, waiting
from tests.documents import chain, document, gated
from tests.house import a_member, a_tenant, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def own(**gates) -> Run:
    """A run that its operator started, and that waits."""
    Run.objects.all().delete()
    run = waiting(**gates)
    Run.objects.filter(pk=run.pk).update(started_by=a_member(Role.OPERATOR).label)
    return run


@pytest.mark.parametrize(
    ("role", "approvers", "self_approval", "allowed"),
    [
        ("operator", [], False, {"reject", "edit"}),
        ("operator", [], True, {"approve", "reject", "edit"}),
        ("approver", [], False, {"approve", "reject", "edit"}),
        ("approver", ["admin"], False, set()),
        ("approver", ["APPROVER@acme.example "], False, {"approve", "reject", "edit"}),
        ("admin", ["admin"], False, {"approve", "reject", "edit"}),
        ("viewer", ["viewer"], False, {"approve", "reject", "edit"}),
        ("viewer", [], False, set()),
        ("auditor", [], True, set()),
        ("author", [], False, set()),
    ],
)
def test_who_may_say_what(role, approvers, self_approval, allowed):
    own(approvers=approvers, self_approval=self_approval)
    member = a_member(role)
    assert {
        verdict for verdict in ("approve", "reject", "edit", "answer", "retry") if can_decide(gate(), by=member, verdict=verdict)
    } == allowed
    assert can_decide(gate(), by=member) is bool(allowed)
    assert Membership.objects.who_decide(gate().approver_names).filter(pk=member.pk).exists() is bool(allowed)


def test_whoever_started_the_run_is_told_why_they_may_not_approve():
    own()
    with pytest.raises(UnableToDecide, match="you started this run: somebody else must approve it"):
        decide_gate(by=a_member(Role.OPERATOR), gate=gate(), verdict="approve")
    assert gate().status == "pending"


def test_the_keeper_of_the_machine_may_approve_what_they_started():
    run = waiting()
    by = Console(run.tenant)
    Run.objects.update(started_by=by.label)
    assert decide_gate(by=by, gate=gate(), verdict="approve").status == "approved"


def test_an_escalation_begins_the_voices_anew():
    waiting(quorum=3, timeout={"seconds": 60, "action": "escalate"})
    admin = a_member(Role.ADMIN)
    decide_gate(by=admin, gate=gate(), verdict="approve")
    now = timezone.now() + timedelta(seconds=61)
    expire_gates(now)
    assert (gate().escalated_at, gate().due_at) == (now, now + timedelta(seconds=60))
    assert decide_gate(by=admin, gate=gate(), verdict="approve").status == "approved"
    assert GateVote.objects.get().round == 0


def test_an_expired_gate_says_it_was_the_time_out_and_takes_no_verdict():
    waiting(timeout={"seconds": 60, "action": "reject"})
    expire_gates(timezone.now() + timedelta(seconds=61))
    with pytest.raises(UnableToDecide, match="expired already by timeout"):
        check_decide(gate(), by=a_member())
    kinds = list(Run.objects.get().envelopes.order_by("-seq").values_list("kind", flat=True)[:2])
    assert kinds == ["GateDecisionRecorded", "GateExpired"]
    assert go_on().status == "converged"


@pytest.mark.parametrize(
    ("starter", "gates", "missing"),
    [
        ("admin", {}, "1 approval, and there are 0"),
        ("admin", {"self_approval": True}, None),
        ("admin", {"self_approval": True, "quorum": 2}, "2 approvals, and there are 1"),
        ("admin", {"approvers": ["approver"]}, "0 who may give one: approver"),
        ("operator", {}, None),
        ("operator", {"approvers": ["operator"]}, "besides whoever starts the run"),
        ("operator", {"quorum": 2}, "2 approvals, and there are 1"),
    ],
)
def test_a_quorum_that_cannot_be_met_is_refused_at_the_start(starter, gates, missing):
    a_member(Role.ADMIN)
    by, version = a_member(starter), a_version(gated(**gates))
    assert can_start(version, by=by) is (missing is None)
    if missing is None:
        assert start_run(by=by, version=version).status == "queued"
        return
    with pytest.raises(UnableToStartRun, match=missing):
        start_run(by=by, version=version)
    assert not Run.objects.exists()


def test_the_machines_keeper_is_enough_for_one_approval():
    by = Console(a_tenant())
    assert can_start(a_version(gated()), by=by)
    assert not can_start(a_version(gated(quorum=2)), by=by)


def test_a_document_is_held_against_the_members():
    admin = a_member(Role.ADMIN)
    assert lint_of(admin, chain(2)) == []
    assert lint_of(admin, gated(self_approval=True)) == []
    told = lint_of(admin, gated(approvers=["approver", "cfo@acme.example"], quorum=2))
    assert "2 approvals, and there are 0" in told[0]
    assert told[1:3] == ["gates.approvers: nobody here is “approver”.", "gates.approvers: nobody here is “cfo@acme.example”."]
    assert lint_of(admin, "no document") == []
    asking = [{"kind": "human", "with": {"ask": who, "wants": "note", "topic": "t"}, "name": who} for who in ("admin", "ada@acme.example")]
    assert lint_of(admin, document("Asking", asking)) == ["team[1].with.ask: nobody here is “ada@acme.example”."]


def at_once(*deeds) -> list[str]:
    """Do all of them at the same moment, each in a thread of its own; what each was told."""
    barrier, told = threading.Barrier(len(deeds)), ["done"] * len(deeds)

    def run(n, deed):
        try:
            barrier.wait(10)
            deed()
        except UnableToDecide as refusal:
            told[n] = str(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["approve", "reject"])
def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(other):
    waiting()
    seen = gate()
    ada, bob = a_member(Role.APPROVER), a_member(Role.OPERATOR)
    told = at_once(
        lambda: decide_gate(by=ada, gate=seen, verdict="approve"),
        lambda: decide_gate(by=bob, gate=seen, verdict=other, reason="no"),
    )
    closed = Gate.objects.get()
    assert sorted(each == "done" for each in told) == [False, True]
    (refusal,) = [each for each in told if each != "done"]
    assert refusal.startswith(f"the gate is {closed.status} already by {closed.decided_by} at ")
    assert Run.objects.get().envelopes.filter(kind="GateDecisionRecorded").count() == 1
    assert go_on().status == "converged"


@pytest.mark.django_db(transaction=True)
def test_of_many_voices_at_once_none_is_lost_and_none_counts_twice():
    waiting(quorum=4)
    seen = gate()
    people = [a_member(Role.APPROVER, email=f"p{n}@acme.example") for n in range(3)]
    told = at_once(*[lambda by=by: decide_gate(by=by, gate=seen, verdict="approve") for by in [*people, *people]])
    assert (told.count("done"), GateVote.objects.count(), gate().status) == (3, 3, "pending")
    seqs = list(Run.objects.get().envelopes.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    decide_gate(by=a_member(), gate=seen, verdict="approve")
    assert (
        json.loads(Run.objects.get().envelopes.get(kind="GateDecisionRecorded").body)["event"]["data"]["decision"]["verdict"] == "Approve"
    )
