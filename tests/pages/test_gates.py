"""The inbox and the page of a gate: what is shown, to whom, and what the forms do."""

import json

import pytest
from django.utils import timezone

from runs.actions.gates import decide_gate
from runs.models import Gate, Role, Run
from runs.runner import claim, conduct
from tests.conducted import GATED, conducted, document, says, started, vote
from tests.house import a_member, a_run
from tests.pages.test_runs import text_of
from tests.runner.test_questions import QUESTION, Curious, Document

PAGE = "/t/acme/gates/{}/"
GATES = {"keys": ["Strategies", "Votes"]}
FOUR_EYES = document("Four eyes", [says("planner", "Strategies", "plan-a", text="Buy two boats.")], gates=GATES | {"quorum": 2})


@pytest.fixture
def others(owner):
    return [a_member(role) for role in (Role.APPROVER, Role.OPERATOR)]


@pytest.fixture
def two(owner, others) -> Gate:
    return conducted(owner, FOUR_EYES).gates.get()


def asking(value=QUESTION) -> Gate:
    a_run()
    run = claim(timezone.now())
    assert run is not None
    conduct(run, Document(Curious("ada", value)))
    return Gate.objects.get(run=run)


def post(client, gate, **said):
    return client.post(f"/t/acme/gates/{gate.pk}/decide/", said, follow=True)


def test_the_page_of_a_gate_tells_what_it_changes_and_what_is_needed(client, two):
    shown = text_of(client.get(PAGE.format(two.pk)))
    for words in (
        "Buy two boats.",
        "Adds the fact Strategies / plan-a.",
        "No suggestor listens to this key.",
        "The run goes on at once.",
        "2 approvals are needed; 2 missing.",
        "One rejection closes the gate.",
        "Nobody approves a run of their own",
        "You started this run: somebody else must approve it.",
    ):
        assert words in shown


def test_a_deep_link_still_tells_what_happened_when_the_gate_is_closed(client, gated, owner):
    gate = gated.gates.get()
    decide_gate(by=owner, gate=gate, verdict="reject", reason="no harbour")
    shown = text_of(client.get(PAGE.format(gate.pk)))
    assert "admin@acme.example rejected it" in shown
    assert "no harbour" in shown
    assert 'name="verdict"' not in client.get(PAGE.format(gate.pk)).content.decode()


def test_an_edit_is_shown_beside_the_original(client, as_member, two, others):
    colleague = as_member(others[0])
    a_member(Role.APPROVER, email="third@acme.example")
    post(colleague, two, verdict="edit", **{"field-text": "Buy one boat."})
    page = client.get(PAGE.format(two.pk)).content.decode()
    assert "<del>two boats.</del>" in page
    assert "<ins>one boat.</ins>" in page
    shown = text_of(client.get("/t/acme/gates/"))
    assert "Edited by approver@acme.example; struck out is what planner proposed." in shown


def test_an_edit_that_does_not_fit_stays_in_its_form(client, gated):
    gate = gated.gates.get()
    answer = post(client, gate, verdict="edit", **{"field-text": "  "})
    assert answer.status_code == 400
    assert "edit.payload.text content cannot be empty" in text_of(answer)
    assert Gate.objects.get(pk=gate.pk).status == "pending"


def test_a_vote_is_edited_in_fields(client, owner):
    document_ = document("Votes", [vote("ada", "lunch", "yes")], gates=GATES | {"self_approval": True})
    gate = conducted(owner, document_).gates.get()
    assert 'value="lunch" readonly' in client.get(PAGE.format(gate.pk)).content.decode()
    assert post(client, gate, verdict="edit", **{"field-decision": "", "field-reason": ""}).status_code == 400
    post(client, gate, verdict="edit", **{"field-decision": '"no"', "field-reason": "wasps"})
    gate.refresh_from_db()
    assert gate.edit_value["payload"] == {"topic": "lunch", "voter": "ada", "decision": "no", "reason": "wasps"}


def test_other_families_are_edited_as_json(client, owner):
    seat = says("planner", "Strategies", "p", payload={"family": "acme.plan", "version": 1, "payload": {"cost": 1}})
    gate = conducted(owner, document("Plans", [seat], gates=GATES | {"self_approval": True})).gates.get()
    wrong = post(client, gate, verdict="edit", **{"field-": '{"cost":'})
    assert wrong.status_code == 400
    assert "edit.payload is no JSON" in text_of(wrong)
    assert "{&quot;cost&quot;:" in wrong.content.decode()
    post(client, gate, verdict="edit", **{"field-": '{"cost": 2}'})
    gate.refresh_from_db()
    assert (gate.status, gate.edit_value["payload"]) == ("edited", {"cost": 2})


def test_a_question_is_answered_in_the_fields_of_its_schema(client, owner):
    gate = asking()
    shown = text_of(client.get("/t/acme/gates/"))
    assert "ada asks" in shown
    assert "How many boats?" in shown
    wrong = post(client, gate, verdict="answer", **{"field-boats": "0"})
    assert wrong.status_code == 400
    assert "answer.boats" in text_of(wrong)
    post(client, gate, verdict="answer", **{"field-boats": "3"})
    gate.refresh_from_db()
    assert (gate.status, json.loads(gate.answer)) == ("approved", {"boats": 3})
    assert "admin@acme.example answered" in text_of(client.get(PAGE.format(gate.pk)))


def test_a_question_without_a_schema_takes_a_text(client, owner):
    gate = asking("Which harbour?")
    post(client, gate, verdict="answer", **{"field-": "the old one"})
    gate.refresh_from_db()
    assert gate.answer == '"the old one"'


def test_ones_own_come_first_and_then_what_is_due_soonest(as_member, owner, others):
    soon = conducted(
        owner, FOUR_EYES | {"label": "Soon", "gates": GATES | {"timeout": {"seconds": 60}, "approvers": ["admin", "operator"]}}
    )
    late = conducted(owner, FOUR_EYES | {"label": "Late", "gates": GATES | {"approvers": ["approver"]}})
    listed = [gate.run_id for gate in Gate.objects.order_by("due_at")]
    assert listed == [soon.pk, late.pk]
    shown = text_of(as_member(others[0]).get("/t/acme/gates/"))
    assert shown.index("Late") < shown.index("Soon")
    assert "2 decisions waiting, 1 of them for you" in shown
    shown = text_of(as_member(others[1]).get("/t/acme/gates/"))
    assert shown.index("Soon") < shown.index("Late")


@pytest.mark.parametrize(("role", "buttons"), [("viewer", 0), ("auditor", 0), ("operator", 2), ("approver", 2)])
def test_a_button_shown_is_an_action_allowed(as_member, two, role, buttons):
    page = as_member(a_member(role)).get(PAGE.format(two.pk)).content.decode()
    assert (
        page.count('name="verdict" value="approve"') + page.count('<button class="button danger" name="verdict" value="reject"') == buttons
    )


def test_a_colleague_of_the_wrong_role_is_refused_in_words(as_member, two, viewer):
    assert "your role does not allow to decide gates" in text_of(post(as_member(viewer), two, verdict="approve"))
    two.refresh_from_db()
    assert two.status == "pending"


def test_a_stranger_finds_nothing(as_member, two, stranger):
    client = as_member(stranger)
    assert client.get(PAGE.format(two.pk)).status_code == 404
    assert post(client, two, verdict="approve").status_code == 404
    assert client.get(f"/t/elsewhere/gates/{two.pk}/").status_code == 404


def test_after_deciding_the_next_gate_is_there(client, owner):
    first, second = (conducted(owner, GATED).gates.get() for _ in range(2))
    answer = client.post(f"/t/acme/gates/{first.pk}/decide/", {"verdict": "approve", "next": "next-gate"})
    assert answer["Location"] == PAGE.format(second.pk)
    answer = client.post(f"/t/acme/gates/{second.pk}/decide/", {"verdict": "approve", "next": "next-gate"})
    assert answer["Location"] == "/t/acme/gates/"


def test_a_formation_whose_gates_nobody_can_decide_warns_and_has_no_button(client, owner):
    with pytest.raises(Exception, match="2 approvals"):
        started(owner, FOUR_EYES)
    page = client.get("/t/acme/formations/four-eyes/")
    assert "A gate needs 2 approvals, and there are 0 who may give one" in text_of(page)
    assert "Run it" not in text_of(page)
    client.post("/t/acme/formations/four-eyes/run/")
    assert not Run.objects.exists()
