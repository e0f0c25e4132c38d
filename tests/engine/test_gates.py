"""Gates: who is asked, what the decisions do, and what is refused."""

import pytest

from runs.engine import GateDecision, GatePolicy, GatesOpen, Payload, Proposal
from runs.engine.errors import InvalidResume
from runs.engine.gates import Parked
from tests.engine.teams import DIAGNOSTIC, HYPOTHESES, SEEDS, SIGNALS, STRATEGIES, Does, Once, drive, envelopes, reject, text

POLICY = GatePolicy(keys=(STRATEGIES,))


def gates_of(told):
    return [gate for border in told.borders if isinstance(border, GatesOpen) for gate in border.gates]


def ids(told):
    return [gate.gate_id for gate in gates_of(told)]


def deciding(**verdicts):
    """Decide each gate by the id of its proposal."""
    return lambda border: [GateDecision(gate.gate_id, verdicts[gate.proposal.id], "ada", "no") for gate in border.gates]


def wait(team, seeds=(), policy=POLICY):
    """Run until somebody must decide."""
    return drive(team, seeds, gates=policy, decide=lambda border: None)


@pytest.mark.parametrize(
    ("policy", "gated"),
    [
        (GatePolicy(), []),
        (GatePolicy(keys=(STRATEGIES,)), ["st"]),
        (GatePolicy(confidence_threshold=0.5), ["half", "none"]),
        (GatePolicy(confidence_threshold=1.0), ["st", "half", "none", "more"]),
        (GatePolicy(keys=(STRATEGIES, HYPOTHESES), confidence_threshold=0.0), ["st", "half", "none", "more"]),
    ],
)
def test_a_gate_is_for_a_key_or_for_a_confidence_up_to_the_threshold(policy, gated):
    says = [text(STRATEGIES, "st"), text(HYPOTHESES, "half", confidence=0.5)]
    more = [text(HYPOTHESES, "none", confidence=0.0), text(HYPOTHESES, "more", confidence=0.51)]
    assert [gate.proposal.id for gate in gates_of(wait([Once(*says), Once(*more)], policy=policy))] == gated


def test_a_seed_is_never_gated():
    assert gates_of(wait([], [text(STRATEGIES, "st")])) == []


def test_all_gated_proposals_of_a_cycle_are_asked_at_once():
    team = [Once(text(STRATEGIES, "a"), text(SIGNALS, "free")), Once(text(STRATEGIES, "b"))]
    told = wait(team)
    assert ids(told) == ["hitl-1-0-a", "hitl-1-1-b"]
    assert told.kinds[-3:] == ["CycleParked", "GateRequested", "GateRequested"]
    assert [one for one in told.kinds if one in ("FactPromoted", "CycleEnded")] == ["CycleEnded"]


def test_a_request_is_that_of_the_original():
    policy = GatePolicy(keys=(STRATEGIES,), timeout_seconds=60, timeout_action="escalate", approvers=("approver",), quorum=2)
    told = wait([Once(text(STRATEGIES, "st", "Do it"), name="planner")], [text(SEEDS, "s")], policy)
    data = told.of("GateRequested")[0].data
    assert data["request"] == {
        "gate_id": "hitl-1-0-st", "proposal_id": "st", "summary": "Do it", "agent_id": "agent-0", "rationale": "test",
        "context_data": [], "cycle": 1, "requested_at": "lamport:1", "timeout": {"timeout_secs": 60, "action": "Escalate"},
    }  # fmt: skip
    assert (data["quorum"], data["approvers"], data["proposal"]["payload"]["payload"]) == (2, ["approver"], {"text": "Do it"})


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ([text(STRATEGIES, "x"), text(SIGNALS, "x")], ["hitl-1-0-x", "hitl-1-0-x-Signals"]),
        ([text(STRATEGIES, "x"), text(STRATEGIES, "x", "y")], ["hitl-1-0-x", "hitl-1-0-x-Strategies"]),
        ([text(STRATEGIES, "x", word) for word in "abc"], ["hitl-1-0-x", "hitl-1-0-x-Strategies", "hitl-1-0-x-Strategies-2"]),
        ([text(STRATEGIES, "x"), text(STRATEGIES, "x")], ["hitl-1-0-x"]),
        ([text(STRATEGIES, "x-Signals"), text(STRATEGIES, "x"), text(SIGNALS, "x")],
         ["hitl-1-0-x-Signals", "hitl-1-0-x", "hitl-1-0-x-Signals-2"]),
    ],
)  # fmt: skip
def test_gate_ids_are_made_unique(says, expected):
    assert ids(wait([Once(*says)], policy=GatePolicy(keys=(STRATEGIES, SIGNALS)))) == expected


def test_equal_proposals_share_one_gate():
    told = wait([Once(text(STRATEGIES, "x")), Once(text(STRATEGIES, "x"))])
    assert ids(told) == ["hitl-1-0-x"]
    assert [item["gate_id"] for item in told.of("CycleParked")[0].data["proposals"]] == ["hitl-1-0-x", "hitl-1-0-x"]


def test_another_subject_is_another_content():
    one = text(STRATEGIES, "x")
    other = Proposal(STRATEGIES, "x", one.payload, "test", 1.0, "a://b/c")
    assert ids(wait([Once(one), Once(other)])) == ["hitl-1-0-x", "hitl-1-1-x"]


def test_what_is_a_fact_already_is_not_asked_but_another_content_is():
    assert ids(wait([Does(lambda context: [text(STRATEGIES, "x")])], [text(STRATEGIES, "x")])) == []
    assert ids(wait([Does(lambda context: [text(STRATEGIES, "x", "y")])], [text(STRATEGIES, "x")])) == ["hitl-1-0-x"]


def test_an_approved_proposal_is_promoted_by_a_human():
    told = drive([Once(text(SIGNALS, "a"), text(STRATEGIES, "st"), text(SIGNALS, "z"))], gates=POLICY)
    fact = told.result.context.get(STRATEGIES)[0]
    assert (fact.span, fact.approver, fact.stamp, fact.provenance) == ("suggestor-0", "ada", 2, "test")
    assert told.ids(SIGNALS) == ["a", "z"]
    assert [row.suggestor for row in told.of("FactPromoted")] == ["once"] * 3


def test_facts_and_stamps_are_those_of_a_run_without_gates():
    team = [Once(text(SIGNALS, "a"), text(STRATEGIES, "st")), Once(text(HYPOTHESES, "h"), on=[STRATEGIES])]
    gated, free = drive(team, gates=POLICY), drive(team)
    assert [fact[:3] for fact in gated.facts()] == [fact[:3] for fact in free.facts()]
    assert gated.result.integrity == free.result.integrity


def test_a_rejection_leaves_its_note_in_the_place_of_the_proposal():
    told = drive([Once(text(SIGNALS, "a"), text(STRATEGIES, "st"), text(SIGNALS, "z"))], gates=POLICY, decide=reject)
    note = told.result.context.get(DIAGNOSTIC)[0]
    assert (note.id, note.text) == ("hitl-rejected:st", "HITL gate rejected proposal 'st' by ada: no")
    assert [(row.fact.id, row.fact.stamp) for row in told.of("FactPromoted")] == [("a", 1), ("hitl-rejected:st", 2), ("z", 3)]
    assert (note.is_note, told.result.integrity.clock_time) == (True, 3)


def test_a_rejection_without_words_says_so():
    told = drive([Once(text(STRATEGIES, "st"))], gates=POLICY, decide=lambda it: [GateDecision(it.gates[0].gate_id, "reject", "ada")])
    assert told.result.context.get(DIAGNOSTIC)[0].text == "HITL gate rejected proposal 'st' by ada: no reason provided"
    assert told.of("GateDecisionRecorded")[0].data["decision"]["verdict"] == {"Reject": {"reason": None}}


def test_a_rejected_id_stays_rejected_under_any_key_and_is_never_asked_again():
    stubborn = Does(lambda context: [text(STRATEGIES, "st", f"{context.version}"), text(SIGNALS, "st", " ")])
    told = drive([stubborn], gates=POLICY, decide=reject)
    assert (len(gates_of(told)), told.stop, told.ids(STRATEGIES), told.ids(SIGNALS)) == (1, "Converged", [], [])
    reasons = [row.data["contract_results"][0]["failure_reason"] for row in told.of("ProposalValidated")]
    assert set(reasons) == {"a human rejected a proposal of this id before"}


def test_what_shares_a_rejected_gate_is_refused_too():
    told = drive([Once(text(STRATEGIES, "x")), Once(text(STRATEGIES, "x"))], gates=POLICY, decide=reject)
    assert told.ids(DIAGNOSTIC) == ["hitl-rejected:x"]
    assert len(told.of("ProposalValidated")) == 1


def test_an_edit_keeps_key_and_id():
    def edit(border):
        return [GateDecision(gate.gate_id, "approve", "ada", edit=Payload.text_of("better")) for gate in border.gates]

    told = drive([Once(text(STRATEGIES, "st"))], gates=POLICY, decide=edit)
    assert [(fact.key, fact.id, fact.text) for fact in told.result.context.facts()] == [(STRATEGIES, "st", "better")]
    decision = told.of("GateDecisionRecorded")[0].data["decision"]
    assert GateDecision.from_json(decision).edit == Payload.text_of("better")


def test_gating_comes_before_validation():
    told = drive([Does(lambda context: [text(STRATEGIES, "blank", " ")])], gates=POLICY)
    assert ids(told) == ["hitl-1-0-blank"]
    assert (told.ids(STRATEGIES), len(told.of("ProposalValidated")), told.stop) == ([], 1, "Converged")


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (GateDecision("nope", "approve", "ada"), "decision gate_id 'nope' does not match pause gate_id 'hitl-1-0-x', 'hitl-1-0-y'"),
        (GateDecision("hitl-1-0-x", "maybe", "ada"), "unknown verdict 'maybe'; allowed: approve, reject"),
        (GateDecision("hitl-1-0-x", "Approve", "ada"), "unknown verdict 'Approve'; allowed: approve, reject"),
    ],
)
def test_a_decision_that_fits_no_open_gate_ends_the_run(decision, words):
    told = drive([Once(text(STRATEGIES, "x"), text(STRATEGIES, "y"))], gates=POLICY, decide=lambda border: [decision])
    assert told.result.message == f"invalid gate resume: {words}"
    assert told.stop == {"Error": {"message": told.result.message, "category": "Internal"}}


def test_it_refuses_a_second_decision():
    parked = Parked.from_json(1, wait([Once(text(STRATEGIES, "x"))]).of("CycleParked")[0].data)
    parked.decide(GateDecision("hitl-1-0-x", "reject", "ada"))
    with pytest.raises(InvalidResume, match="does not match"):
        parked.decide(GateDecision("hitl-1-0-x", "approve", "bob"))


@pytest.mark.parametrize(
    ("other", "edit", "fine"),
    [
        (text(STRATEGIES, "x", "b"), None, False),
        (text(STRATEGIES, "x", "b"), Payload.text_of("a"), True),
        (Proposal(STRATEGIES, "x", Payload.text_of("a"), "test", 1.0, "a://b/c"), None, False),
        (text(SIGNALS, "x", "b"), None, True),
    ],
)
def test_two_contents_of_one_id_are_not_both_approved(other, edit, fine):
    policy = GatePolicy(keys=(STRATEGIES, SIGNALS))
    parked = Parked.from_json(1, wait([Once(text(STRATEGIES, "x", "a"), other)], policy=policy).of("CycleParked")[0].data)
    first, second = parked.gates
    parked.decide(GateDecision(first.gate_id, "approve", "ada"))
    if fine:
        parked.decide(GateDecision(second.gate_id, "approve", "ada", edit=edit))
        assert parked.open_gates == []
    else:
        with pytest.raises(InvalidResume, match="another content of 'x' was approved at hitl-1-0-x"):
            parked.decide(GateDecision(second.gate_id, "approve", "ada", edit=edit))


def test_one_content_may_be_approved_when_the_other_was_rejected():
    told = drive([Once(text(STRATEGIES, "x", "a"), text(STRATEGIES, "x", "b"))], gates=POLICY, decide=lambda border: [
        GateDecision(gate.gate_id, verdict, "ada", "no") for gate, verdict in zip(border.gates, ["reject", "approve"], strict=True)
    ])  # fmt: skip
    assert told.result.context.get(STRATEGIES)[0].text == "b"


def test_gates_may_be_decided_one_after_the_other():
    told = drive([Once(text(STRATEGIES, "x"), text(STRATEGIES, "y"))], gates=POLICY, decide=lambda border: [
        GateDecision(border.gates[-1].gate_id, "approve", "ada")
    ])  # fmt: skip
    assert ids(told) == ["hitl-1-0-x", "hitl-1-0-y", "hitl-1-0-x"]
    assert told.ids(STRATEGIES) == ["x", "y"]


def test_nobody_runs_again_while_the_cycle_waits():
    spoken = []

    class Counts(Once):
        def suggest(self, context):
            spoken.append(context.version)
            return self.says

    drive([Counts(text(STRATEGIES, "x"))], gates=POLICY)
    assert spoken == [0]


def test_the_rows_of_asking_carry_the_attempt():
    told = drive([Once(text(STRATEGIES, "x"))], gates=POLICY, attempt=3)
    assert {row.attempt for row in told.rows if row.kind in ("CycleParked", "GateRequested")} == {3}


def test_a_decision_is_journaled_as_the_original_writes_it():
    told = drive([Once(text(STRATEGIES, "x"))], [text(SEEDS, "s")], gates=POLICY)
    envelope = next(one for one in envelopes(told.rows) if one["kind"] == "GateDecisionRecorded")
    decision = {"gate_id": "hitl-1-0-x", "verdict": "Approve", "decided_by": "ada", "decided_at": "lamport:1"}
    assert envelope["event"]["data"]["decision"] == decision
    assert envelope["event"]["data"]["request"] == told.of("GateRequested")[0].data["request"]
    assert (envelope["family"], envelope["suggestor"]) == ("experience", "once")
