"""The API of gates: edits, answers, voices, who may, and what a refusal says."""

import pytest
from django.utils import timezone

from runs.models import Gate, Run
from runs.runner import carry, claim, conduct
from tests.api.callers import signed_in
from tests.api.test_deeds import JSON, decide
from tests.documents import gated
from tests.house import a_member, a_run, a_version
from tests.runner.test_questions import QUESTION, Curious, Document

pytestmark = pytest.mark.django_db


def waiting(**gates) -> Run:
    a_run(version=a_version(gated(**gates)))
    run = claim(timezone.now())
    assert run is not None
    carry(run)
    return run


def asking() -> Run:
    a_run()
    run = claim(timezone.now())
    assert run is not None
    conduct(run, Document(Curious("ada", QUESTION)))
    return run


def said(client, run, verdict, **more):
    return decide(client, run, gate_id=Gate.objects.get(run=run).gate_id, verdict=verdict, **more)


def test_an_edit_waits_for_somebody_else_and_both_contents_are_told():
    run, writer, other = waiting(), signed_in(a_member("approver")), signed_in(a_member("operator"))
    told = said(writer, run, "edit", edit={"payload": {"text": "Plan B"}}, reason="shorter").json()
    assert (told["status"], told["edited_by"], told["edit"]["payload"]) == ("pending", "approver@acme.example", {"text": "Plan B"})
    assert told["proposal"]["payload"]["payload"] == {"text": "Plan 0"}
    assert [(voice["by"], voice["verdict"], voice["reason"]) for voice in told["voices"]] == [("approver@acme.example", "edit", "shorter")]
    refused = said(writer, run, "approve")
    assert (refused.status_code, refused.json()["errors"][0]["detail"]) == (409, "you wrote the edit: somebody else must approve it")
    assert said(other, run, "approve").json()["status"] == "edited"


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        ({"payload": {"text": ""}}, "edit.payload.text"),
        ({"payload": {"text": "x"}, "family": "other"}, "edit.family"),
        ({}, "edit.payload"),
        (None, "edit"),
        ([1], "edit"),
    ],
)
def test_an_edit_that_does_not_fit_is_a_bad_request_that_names_the_field(edit, field):
    run = waiting(self_approval=True)
    answer = said(signed_in(a_member()), run, "edit", edit=edit)
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, field)
    assert Gate.objects.get().status == "pending"


def test_a_question_is_answered():
    run, client = asking(), signed_in(a_member("operator"))
    told = client.get(f"/api/v1/runs/{run.uuid}/gates/").json()[0]
    assert (told["kind"], told["proposal"], told["request"]["summary"]) == ("interrupt", None, "How many boats?")
    wrong = said(client, run, "answer", answer={"boats": "two"})
    assert (wrong.status_code, wrong.json()["errors"][0]["attr"]) == (400, "answer.boats")
    assert said(client, run, "answer").status_code == 400
    told = said(client, run, "answer", answer={"boats": 2}).json()
    assert (told["status"], told["answer"], told["decided_by"]) == ("approved", {"boats": 2}, "operator@acme.example")
    assert Run.objects.get().status == "queued"


def test_the_inbox_has_what_waits_in_the_tenant():
    run = waiting()
    told = signed_in(a_member()).get("/api/v1/gates/").json()
    assert [(one["run"], one["gate_id"]) for one in told] == [(str(run.uuid), "hitl-1-0-plan-0")]
    assert signed_in(a_member(of="rival")).get("/api/v1/gates/").json() == []
    assert signed_in(a_member()).get("/api/v1/gates/?tenant=rival").status_code == 404


@pytest.mark.parametrize(("role", "code"), [("operator", 200), ("approver", 200), ("viewer", 409), ("auditor", 409), ("author", 409)])
def test_who_may_decide_by_role(role, code):
    assert said(signed_in(a_member(role)), waiting(), "approve").status_code == code


def test_the_second_of_two_hears_who_decided_what_and_when():
    run = waiting()
    said(signed_in(a_member("approver")), run, "reject", reason="no")
    late = said(signed_in(a_member("operator")), run, "approve")
    assert late.status_code == 409
    assert late.json()["errors"][0]["detail"].startswith("the gate is rejected already by approver@acme.example at ")


def test_a_run_whose_gates_nobody_could_decide_is_not_started():
    a_version(gated(quorum=3), slug="panel")
    answer = signed_in(a_member()).post("/api/v1/runs/", {"formation": "panel"}, **JSON)
    assert (answer.status_code, Run.objects.exists()) == (409, False)
    assert "a gate needs 3 approvals, and there are 0 who may give one" in answer.json()["errors"][0]["detail"]
