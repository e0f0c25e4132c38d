"""Edits: what may stand in the place of a proposal, who may let it through, and what is kept of both."""

import json

import pytest

from runs.actions.edits import EditInvalid
from runs.actions.gates import UnableToDecide, can_decide, decide_gate
from runs.engine.verification import Recording, verify
from runs.journal import rebuild
from runs.models import Envelope, Fact, Gate, GateVote, Role, Run
from runs.suggestors.document import read_document
from tests.actions.test_gates import gate, go_on, waiting
from tests.documents import document
from tests.house import a_member, a_run, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
VOTE = {"topic": "boats", "voter": "ada", "decision": "yes"}
FAMILIES = {
    "converge.text": {"text": "One boat"},
    "converge.governance.vote": VOTE,
    "converge.governance.disagreement": {"topic": "boats", "dissenter": "ada", "reason": "wet"},
    "acme.plan": {"steps": ["row"], "cost": 1.0},
}


def proposed(family: str, **gates) -> Run:
    """A run that waits for a proposal of that family."""
    payload = {"family": family, "payload": FAMILIES[family]}
    proposal = {"key": "Strategies", "id": "p", "provenance": "planner", "payload": payload}
    seat = {"kind": "rule", "name": "planner", "with": {"accepts": [{"lacks_fact": ["Strategies", "p"]}], "proposes": [proposal]}}
    a_run(version=a_version(document("Any", [seat], gates={"keys": ["Strategies"], "self_approval": True} | gates)))
    return go_on()


def edit(payload, *, by=None, **said) -> Gate:
    return decide_gate(by=by or a_member(), gate=gate(), verdict="edit", edit={"payload": payload} | said)


def journal(run: Run) -> list[str]:
    return list(Envelope.objects.filter(run=run).order_by("seq").values_list("body", flat=True))


def test_an_edit_is_approved_at_once_where_self_approval_is_allowed():
    run = waiting(self_approval=True)
    decided = edit({"text": "Plan 0, but cheaper"})
    assert (decided.status, decided.decided_by, decided.edited_by) == ("edited", "admin@acme.example", "admin@acme.example")
    run = go_on()
    fact = Fact.objects.get(fact_id="plan-0")
    assert (fact.text, fact.approver, fact.provenance) == ("Plan 0, but cheaper", "admin@acme.example", "planner-0")
    read = read_document(run.version.document)
    assert str(verify(read.team(), read.seeds(), Recording(journal(run)), gates=read.gates)) == "verified"


def test_the_original_and_the_edit_both_stay_in_the_journal():
    run = waiting(self_approval=True)
    edit({"text": "Plan B"})
    told = {
        kind: json.loads(run.envelopes.get(kind=kind).body)["event"]["data"]
        for kind in ("GateRequested", "GateVoted", "GateDecisionRecorded")
    }
    assert told["GateRequested"]["proposal"]["payload"]["payload"] == {"text": "Plan 0"}
    assert told["GateVoted"] | {"edit": None} == {
        "gate_id": "hitl-1-0-plan-0", "verdict": "edit", "by": "admin@acme.example", "reason": None, "round": 1, "edit": None,
    }  # fmt: skip
    assert told["GateDecisionRecorded"]["decision"]["edit"]["payload"] == {"text": "Plan B"}
    assert (json.loads(gate().proposal)["payload"]["payload"], gate().edit_value["payload"]) == ({"text": "Plan 0"}, {"text": "Plan B"})


def test_without_self_approval_somebody_else_must_let_the_edit_through():
    waiting()
    writer, other = a_member(Role.APPROVER), a_member(Role.OPERATOR)
    assert edit({"text": "Plan B"}, by=writer).status == "pending"
    assert not can_decide(gate(), by=writer, verdict="approve")
    with pytest.raises(UnableToDecide, match="you wrote the edit"):
        decide_gate(by=writer, gate=gate(), verdict="approve")
    assert decide_gate(by=other, gate=gate(), verdict="approve").status == "edited"
    go_on()
    fact = Fact.objects.get(fact_id="plan-0")
    assert (fact.text, fact.approver) == ("Plan B", other.label)
    assert (gate().edited_by, gate().decided_by) == (writer.label, other.label)


def test_voices_from_before_an_edit_count_no_more():
    waiting(quorum=2)
    ada, bob, cy, dee = (a_member(Role.APPROVER, email=f"{name}@acme.example") for name in ("ada-2", "bob", "cy", "dee"))
    decide_gate(by=ada, gate=gate(), verdict="approve")
    edit({"text": "Plan B"}, by=bob)
    decide_gate(by=cy, gate=gate(), verdict="approve")
    assert gate().status == "pending"
    decide_gate(by=ada, gate=gate(), verdict="approve")
    assert (gate().status, gate().round) == ("edited", 1)
    said = GateVote.objects.order_by("seq").values_list("by", "verdict", "round")
    assert list(said) == [(ada.label, "approve", 0), (bob.label, "edit", 1), (cy.label, "approve", 1), (ada.label, "approve", 1)]
    assert rebuild(Run.objects.get()) == []
    assert dee.label not in {by for by, _, _ in said}


def test_an_edit_of_an_edit_frees_its_first_writer():
    waiting()
    ada, bob = a_member(Role.APPROVER, email="ada-2@acme.example"), a_member(Role.APPROVER, email="bob@acme.example")
    edit({"text": "B"}, by=ada)
    edit({"text": "C"}, by=bob)
    assert decide_gate(by=ada, gate=gate(), verdict="approve").status == "edited"
    assert gate().edit_value["payload"] == {"text": "C"}


def test_the_writer_of_an_edit_may_reject_it():
    waiting()
    writer = a_member(Role.APPROVER)
    a_member(Role.OPERATOR)
    edit({"text": "B"}, by=writer)
    assert decide_gate(by=writer, gate=gate(), verdict="reject", reason="neither").status == "rejected"
    assert go_on().facts.filter(fact_id="hitl-rejected:plan-0").exists()


def test_an_edit_that_nobody_else_could_approve_is_refused():
    run = waiting()
    head = Run.objects.get(pk=run.pk).head
    with pytest.raises(UnableToDecide, match="there are 0 who may give one"):
        edit({"text": "Plan B"}, by=a_member(Role.APPROVER))
    assert (Run.objects.get(pk=run.pk).head, gate().edit, GateVote.objects.count()) == (head, None, 0)


@pytest.mark.parametrize(
    ("family", "value", "path"),
    [
        ("converge.text", {"payload": {"text": " \n"}}, "edit.payload.text"),
        ("converge.text", {"payload": {"text": 7}}, "edit.payload.text"),
        ("converge.text", {"payload": {"words": "x"}}, "edit.payload.words"),
        ("converge.text", {"payload": "x"}, "edit.payload"),
        ("converge.text", {"payload": {"text": "a\0b"}}, "edit.payload.text"),
        ("converge.text", {"payload": {"text": "\ud800"}}, "edit.payload.text"),
        ("converge.text", {"payload": {"text": "x" * 300_000}}, "edit.payload"),
        ("converge.text", {"payload": {"text": "x"}, "family": "acme.plan"}, "edit.family"),
        ("converge.text", {"payload": {"text": "x"}, "version": 2}, "edit.version"),
        ("converge.text", {"payload": {"text": "x"}, "version": True}, "edit.version"),
        ("converge.text", {"payload": {"text": "x"}, "id": "other"}, "edit.id"),
        ("converge.text", {"text": "x"}, "edit.text"),
        ("converge.text", {}, "edit.payload"),
        ("converge.text", "x", "edit"),
        ("converge.text", {"payload": {"text": "One boat"}}, "edit.payload"),
        ("converge.governance.vote", {"payload": VOTE | {"decision": "perhaps"}}, "edit.payload.decision"),
        ("converge.governance.vote", {"payload": {"topic": "boats"}}, "edit.payload.voter"),
        ("converge.governance.disagreement", {"payload": {"topic": "boats", "dissenter": "ada", "reason": 3}}, "edit.payload.reason"),
        ("acme.plan", {"payload": float("nan")}, "edit.payload"),
        ("acme.plan", {"payload": 2**70}, "edit.payload"),
    ],
)
def test_an_edit_that_does_not_fit_names_the_field_and_leaves_nothing(family, value, path):
    run = proposed(family)
    head = Run.objects.get(pk=run.pk).head
    with pytest.raises(EditInvalid) as caught:
        decide_gate(by=a_member(), gate=gate(), verdict="edit", edit=value)
    assert path in [where for where, _ in caught.value.errors]
    run = Run.objects.get(pk=run.pk)
    assert (run.head, run.status, gate().status, gate().edit, GateVote.objects.count()) == (head, "waiting", "pending", None, 0)


@pytest.mark.parametrize(
    ("family", "payload"),
    [
        ("converge.text", {"text": "Zwei Boote ☂"}),
        ("converge.governance.vote", VOTE | {"decision": "no", "reason": "wet"}),
        ("acme.plan", {"steps": [], "cost": 2.5}),
        ("acme.plan", None),
    ],
)
def test_an_edit_of_any_family_becomes_the_fact(family, payload):
    proposed(family)
    edit(payload)
    go_on()
    assert Fact.objects.get(fact_id="p").value == payload


def test_an_approval_with_an_edit_is_an_edit_and_others_take_none():
    proposed("converge.text", quorum=1)
    with pytest.raises(EditInvalid, match="does not go with the verdict reject"):
        decide_gate(by=a_member(), gate=gate(), verdict="reject", reason="no", edit={"payload": {"text": "x"}})
    with pytest.raises(EditInvalid, match="is missing"):
        decide_gate(by=a_member(), gate=gate(), verdict="edit")
    assert decide_gate(by=a_member(), gate=gate(), verdict="approve", edit={"payload": {"text": "x"}}).status == "edited"
