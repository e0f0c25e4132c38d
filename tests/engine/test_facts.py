"""Keys, payloads, proposals and facts."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import ContextKey, Fact, Payload, Proposal
from runs.engine.facts import clamped
from runs.engine.wire import NotCanonical, decode, fact_promoted, proposal
from tests.engine.teams import HYPOTHESES, SEEDS, data, text
from tests.engine.test_wire import values

GOLDEN = (
    '{"key":"Seeds","id":"seed-1","payload":{"family":"converge.text","version":1,"payload":{"text":"initial"}},'
    '"promotion_record":{"gate_id":"engine-promotion","policy_version_hash":'
    '"0000000000000000000000000000000000000000000000000000000000000000","approver":{"id":"converge-engine","kind":"System"},'
    '"validation_summary":{"checks_passed":["content_not_empty"],"checks_skipped":[],"warnings":[]},'
    '"evidence_refs":[{"type":"Observation","id":"obs:seed-1"}],"trace_link":{"type":"Local","trace_id":"cycle-1",'
    '"span_id":"agent-0","parent_span_id":null,"sampled":true},"promoted_at":"lamport:1"},"created_at":"lamport:1"}'
)


def fact(**fields):
    given = {"span": "agent-0", "stamp": 1, "cycle": 1, "confidence": 1.0, "provenance": "p"}
    return Fact(**{"key": SEEDS, "id": "seed-1", "payload": Payload.text_of("initial")} | given | fields)


def test_the_keys_are_twelve_in_the_order_of_the_original():
    assert " ".join(ContextKey) == (
        "Seeds Hypotheses Strategies Constraints Signals Competitors Evaluations Proposals Diagnostic Votes Disagreements ConsensusOutcomes"
    )


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (1, True), (1.0, True), (0, False), ([1, 2], [2, 1]), ({"a": None}, {}), ("1", 1)])
def test_payloads_that_differ(one, other):
    assert not Payload.of("f", one).same_content(Payload.of("f", other))
    assert not Payload.of("f", {"in": [one]}).same_content(Payload.of("f", {"in": [other]}))


def test_family_and_version_count():
    one = Payload.of("f", 1)
    assert not one.same_content(Payload.of("g", 1))
    assert not one.same_content(Payload.of("f", 1, version=2))


def test_the_order_of_keys_does_not_matter_at_any_depth():
    one, other = {"a": 1, "b": [{"c": 1.0, "d": 2}]}, {"b": [{"d": 2, "c": 1.0}], "a": 1}
    assert Payload.of("f", one).same_content(Payload.of("f", other))


def test_a_deep_payload_can_be_compared():
    deep = {"a": 1}
    for _ in range(120):
        deep = {"a": deep, "b": 1}
    turned = Payload.of("f", {"b": 1, "a": deep["a"]})
    assert turned.same_content(Payload.of("f", deep))


@given(values)
def test_a_payload_survives_the_way_through_a_journal(value):
    payload = Payload.of("f", value)
    assert Payload.of("f", decode(payload.json)) == payload
    assert payload.same_content(Payload.of("f", payload.value))


def test_reading_a_value_cannot_change_it():
    payload = Payload.of("f", {"a": [1]})
    payload.value["a"].append(2)
    assert payload.value == {"a": [1]}


@pytest.mark.parametrize("build", [Payload.text_of, lambda words: Payload.of("f", words), lambda words: text(SEEDS, "a", words)])
def test_a_lone_surrogate_is_refused_at_the_door(build):
    with pytest.raises(NotCanonical, match=r"lone surrogate U\+D800"):
        build("é\ud800")


@pytest.mark.parametrize(
    ("payload", "words", "summary"),
    [
        (Payload.text_of("é"), "é", "é"),
        (Payload.text_of(""), "", ""),
        (Payload.of("test.data", {"text": "x"}), None, '{"text":"x"}'),
        (Payload.of("converge.text", {"text": 1}), None, '{"text":1}'),
        (Payload.of("converge.text", ["x"]), None, '["x"]'),
        (Payload.diagnostic_of("s", "m"), None, '{"source":"s","message":"m"}'),
    ],
)
def test_only_text_has_text_and_everything_has_a_summary(payload, words, summary):
    assert (payload.text, payload.summary) == (words, summary)


@pytest.mark.parametrize(
    ("value", "unit"), [(0.0, 0.0), (1, 1.0), (0.5, 0.5), (-3, 0.0), (7.5, 1.0), (math.nan, 0.0), (math.inf, 0.0), (-math.inf, 0.0)]
)
def test_confidence_is_clamped_and_what_is_not_finite_is_nothing(value, unit):
    assert clamped(value) == unit
    assert Proposal(SEEDS, "a", Payload.text_of("x"), "p", value).normal().confidence == unit


@pytest.mark.parametrize(
    "other",
    [
        text(HYPOTHESES, "a"),
        text(SEEDS, "b"),
        text(SEEDS, "a", "y"),
        text(SEEDS, "a", confidence=0.5),
        text(SEEDS, "a", provenance="else"),
        Proposal(SEEDS, "a", Payload.text_of("x"), "test", 1.0, "a://b/c"),
    ],
)
def test_in_staging_every_field_counts(other):
    assert text(SEEDS, "a").equals(text(SEEDS, "a"))
    assert not text(SEEDS, "a").equals(other)


def test_to_a_fact_only_subject_and_payload_count():
    assert fact().same_content(text(SEEDS, "seed-1", "initial", 0.1, "else"))
    assert not fact(subject="a://b/c").same_content(text(SEEDS, "seed-1", "initial"))
    assert not fact().same_content(data(SEEDS, "seed-1", {"text": "initial"}))


def test_a_promoted_fact_reads_as_the_original_prints_it():
    assert Payload.of("whole", fact().to_json()).json == GOLDEN


def test_a_fact_that_a_human_approved_names_them():
    record = fact(approver="ada", span="suggestor-3").promotion_record()
    assert record["approver"] == {"id": "ada", "kind": "Human"}
    assert [ref["type"] for ref in record["evidence_refs"]] == ["Observation", "HumanApproval"]
    assert record["trace_link"]["span_id"] == "suggestor-3"


def test_a_note_of_the_engine_has_the_fixed_record():
    note = fact(span="seed", stamp=9)
    record = note.promotion_record()
    assert (record["gate_id"], record["evidence_refs"], record["validation_summary"]["checks_passed"]) == ("engine-projection", [], [])
    assert record["trace_link"]["trace_id"] == "engine-projection"
    assert note.created_at == record["promoted_at"] == "1970-01-01T00:00:00Z"


@given(values, st.floats(0, 1), st.none() | st.just("a://b/c"), st.none() | st.just("é\x00"))
def test_what_is_written_is_read_back(value, confidence, subject, approver):
    one = fact(payload=Payload.of("f\x7f", value), confidence=confidence, subject=subject, approver=approver, id='"\n☂')
    assert Fact.from_json(decode("{" + fact_promoted(one, None, "r") + "}")["fact"]) == one
    put = Proposal(SEEDS, '"\n☂', one.payload, "é", confidence, subject)
    assert Proposal.from_json(decode(proposal(put))) == put
