"""The merge: what becomes a fact, what is left out, what is refused, and what contradicts."""

import pytest

from runs.engine import PayloadRegistry, Proposal
from tests.engine.teams import DIAGNOSTIC, HYPOTHESES, SEEDS, SIGNALS, STRATEGIES, Does, Once, data, drive, envelopes, text


def refusals(told):
    rows = told.of("ProposalValidated")
    return [(row.cycle, row.suggestor, row.data["proposal_id"], row.data["contract_results"][0]["failure_reason"]) for row in rows]


def test_facts_are_stamped_in_the_order_of_registration_then_of_speaking():
    team = [Once(text(SIGNALS, "b"), text(SEEDS, "c")), Once(text(HYPOTHESES, "a"))]
    told = drive(team, [text(STRATEGIES, "z"), text(SEEDS, "y")])
    assert [fact[1:] for fact in sorted(told.facts(), key=lambda fact: fact[2])] == [
        ("z", 1, "context-input"), ("y", 2, "context-input"), ("b", 3, "agent-0"), ("c", 4, "agent-0"), ("a", 5, "agent-1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "again",
    [text(SEEDS, "s"), text(SEEDS, "s", confidence=0.1), text(SEEDS, "s", provenance="else")],
    ids=["same", "other confidence", "other provenance"],
)
def test_saying_again_what_is_a_fact_changes_nothing(again):
    told = drive([Does(lambda context: [again])], [text(SEEDS, "s")])
    assert (told.stop, told.result.cycles, len(told.of("FactPromoted"))) == ("Converged", 1, 1)
    assert told.of("CycleEnded")[-1].data | {"digest": ""} == {
        "facts_added": 0, "rejected": 0, "facts": 1, "dirty": [], "digest": "", "clock": 1,
    }  # fmt: skip


def test_two_that_say_the_same_in_one_cycle_make_one_fact_of_the_first():
    one, other = data(HYPOTHESES, "h", {"a": 1, "b": 2}), data(HYPOTHESES, "h", {"b": 2, "a": 1})
    told = drive([Once(one, name="first"), Once(other, name="second")])
    assert [(row.suggestor, row.fact.payload.json) for row in told.of("FactPromoted")] == [("first", '{"a":1,"b":2}')]


@pytest.mark.parametrize(
    "other",
    [
        data(SEEDS, "s", 1.0),
        data(SEEDS, "s", True),
        data(SEEDS, "s", 1, "test.other"),
        Proposal(SEEDS, "s", data(SEEDS, "s", 1).payload, "test", 1.0, "a://b/c"),
    ],
)
def test_another_content_under_the_same_key_and_id_ends_the_run(other):
    told = drive([Does(lambda context: [text(SIGNALS, "before"), other, text(SIGNALS, "after")])], [data(SEEDS, "s", 1)])
    message = f"conflict for fact 's': existing '1' vs new '{other.payload.json}'"
    assert told.stop == {"Error": {"message": message, "category": "Internal"}}
    assert told.result.message == f"conflict detected for fact 's': existing content '1' vs new content '{other.payload.json}'"
    assert (told.result.status, told.ids(SIGNALS)) == ("failed", ["before"])


def test_a_conflict_is_journaled_with_what_merged_before_it():
    told = drive([Once(text(SIGNALS, "before"), text(SEEDS, "s", "y"))], [text(SEEDS, "s")])
    assert told.kinds[-5:] == ["SuggestorFinished", "FactPromoted", "ProposalValidated", "OutcomeRecorded", "RunFinished"]
    assert refusals(told)[0][2:] == ("s", told.result.message)


def test_the_same_id_under_another_key_is_another_fact():
    assert len(drive([Once(text(SIGNALS, "s", "y"))], [text(SEEDS, "s")]).facts()) == 2


@pytest.mark.parametrize("words", ["", " \t\n", "\u00a0\u2003"])
def test_blank_text_is_refused_and_said_so(words):
    told = drive([Once(text(SIGNALS, "blank", words), text(SIGNALS, "good"))], correlation="c-9")
    assert told.ids(SIGNALS) == ["good"]
    assert refusals(told)[0] == (1, "once", "blank", "content cannot be empty")
    assert told.of("FactPromoted")[0].fact.stamp == 1


def test_a_refusal_carries_the_proposal_and_every_field_of_the_original():
    told = drive([Does(lambda context: [text(SIGNALS, "é", " ", 0.5)])], correlation="c-9")
    envelope = next(one for one in envelopes(told.rows) if one["kind"] == "ProposalValidated")
    assert envelope["event"]["data"] == {
        "proposal_id": "é",
        "chain_id": "c-9",
        "step": "Planning",
        "contract_results": [{"name": "content_not_empty", "passed": False, "failure_reason": "content cannot be empty"}],
        "all_passed": False,
        "validator": "converge-engine",
    }
    assert envelope["proposal"]["payload"] == {"family": "converge.text", "version": 1, "payload": {"text": " "}}
    assert (envelope["proposal"]["id"], envelope["proposal"]["confidence"], envelope["suggestor"]) == ("é", 0.5, "does")


def test_a_cycle_in_which_all_is_refused_is_the_last():
    told = drive([Does(lambda context: [text(SIGNALS, "blank", " ")])])
    assert (told.stop, told.result.cycles, told.of("CycleEnded")[-1].data["rejected"]) == ("Converged", 1, 1)


def test_a_payload_that_its_family_refuses_does_not_end_the_run():
    vote = data(SIGNALS, "v", {"topic": "t", "voter": "v", "decision": "maybe"}, "converge.governance.vote")
    told = drive([Once(vote, text(SIGNALS, "good"), name="n")])
    assert refusals(told)[0][3].startswith("failed to deserialize payload converge.governance.vote v1: ")
    assert told.ids(SIGNALS) == ["good"]


def test_a_family_that_nobody_knows_is_promoted_as_it_is():
    assert drive([Once(data(SIGNALS, "x", [None, 1.0], "acme.thing"))]).result.context.get(SIGNALS)[0].payload.json == "[null,1.0]"


def test_the_registry_of_a_run_may_know_more_families():
    def never(value):
        raise ValueError("never")

    registry = PayloadRegistry.standard()
    registry.register("acme.thing", 1, list, never)
    told = drive([Once(data(SIGNALS, "x", [], "acme.thing"))], registry=registry)
    assert refusals(told)[0][3] == "invalid payload for acme.thing v1: never"


@pytest.mark.parametrize("id", ["", " ", "a\0b", "x" * 10_000, '"\n', "☂"])
def test_ids_are_taken_verbatim(id):
    told = drive([Once(text(SIGNALS, id, confidence=0.0))])
    assert told.ids(SIGNALS) == [id]
    assert [one["fact"]["id"] for one in envelopes(told.rows) if one["kind"] == "FactPromoted"] == [id]


def test_a_note_whose_id_is_taken_is_left_out_and_does_not_tick():
    def fails(context):
        raise ValueError("no")

    told = drive([Does(fails), Once(text(SIGNALS, "after"))], [text(DIAGNOSTIC, "suggestor-error:does:1", "mine")])
    assert told.facts()[:2] == [("Signals", "after", 2, "agent-1"), ("Diagnostic", "suggestor-error:does:1", 1, "context-input")]
    assert told.result.context.get(DIAGNOSTIC)[0].text == "mine"


def test_provenance_confidence_and_subject_are_kept_on_the_fact():
    said = Proposal(SIGNALS, "x", text(SIGNALS, "x").payload, "somewhere", 0.25, "a://b/c")
    fact = drive([Once(said)]).result.context.get(SIGNALS)[0]
    assert (fact.provenance, fact.confidence, fact.subject, fact.cycle, fact.approver) == ("somewhere", 0.25, "a://b/c", 1, None)


def test_dirty_keys_are_told_in_the_order_of_declaration():
    told = drive([Once(text(STRATEGIES, "a"), text(SEEDS, "a"), text(SIGNALS, "a"), text(SEEDS, "b"))])
    assert told.of("CycleEnded")[1].data["dirty"] == ["Seeds", "Strategies", "Signals"]
