"""What earlier runs taught."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import ContextKey
from runs.suggestors.priors import PlanningPrior, blended
from runs.suggestors.recall import RecallCandidate, RecallPolicy, memory_of, signal_of
from runs.suggestors.summing import content_of
from tests.suggestors.teams import context_of, run, text

SEEDS, HYPOTHESES = ContextKey.SEEDS, ContextKey.HYPOTHESES


def calibration(kind="coverage", *, id=None, prior=0.5, posterior=0.75, count=2, **more):
    content = {
        "assumption_type": kind,
        "context": "c",
        "prior_confidence": prior,
        "posterior_confidence": posterior,
        "evidence_count": count,
    }
    return text(SEEDS, id or f"seed-{kind}", json.dumps({"type": "prior_calibration", "calibration": content | more}))


def memory(id="m", confidence=0.9, source="anti_pattern"):
    candidate = {"id": id, "summary": "s", "confidence": confidence, "source": source}
    return text(SEEDS, f"seed-{id}", json.dumps({"type": "recall_candidate", "candidate": candidate}))


def told(*seeds, recall=None) -> dict[str, dict]:
    return {fact.id: content_of(fact) for fact in run([PlanningPrior(recall)], *seeds).context.get(HYPOTHESES)}


def test_a_prior_is_stated_and_summed_up():
    assert told(calibration()) == {
        "prior-coverage": {
            "type": "planning_prior",
            "assumption_type": "coverage",
            "confidence": 0.75,
            "raw_posterior": 0.75,
            "recall_signal": None,
            "recall_count": 0,
            "evidence_count": 2,
            "adjustment": 0.25,
            "direction": "up",
            "context": "c",
        },
        "prior-summary": {
            "type": "planning_prior_summary",
            "prior_count": 1,
            "avg_confidence": 0.75,
            "recall_signal": None,
            "priors": [{"assumption": "coverage", "confidence": 0.75, "evidence": 2}],
        },
    }


@pytest.mark.parametrize(("prior", "posterior", "direction"), [(0.5, 0.6, "up"), (0.5, 0.5, "down"), (0.5, 0.4, "down")])
def test_the_direction(prior, posterior, direction):
    assert told(calibration(prior=prior, posterior=posterior))["prior-coverage"]["direction"] == direction


@pytest.mark.parametrize(
    "more",
    [{"posterior_confidence": 1.1}, {"prior_confidence": -0.1}, {"evidence_count": -1}, {"context": None}, {"assumption_type": 3}],
)
def test_what_is_no_calibration_is_left_out(more):
    assert not told(calibration(**more))


@pytest.mark.parametrize("content", ["words", "[]", '{"type":"prior_calibration"}', '{"type":"prior_calibration","calibration":3}'])
def test_other_seeds_are_left_out(content):
    assert not told(text(SEEDS, "s", content))


def test_of_two_calibrations_of_one_kind_the_first_counts():
    contents = told(calibration("a", id="1", posterior=0.2), calibration("b"), calibration("a", id="3", posterior=0.9))
    assert list(contents) == ["prior-a", "prior-b", "prior-summary"]
    assert contents["prior-a"]["confidence"] == 0.2


def test_no_prior_takes_the_id_of_the_summary():
    assert list(told(calibration("summary"), calibration("a"))) == ["prior-a", "prior-summary"]


def test_it_is_silent_once_there_are_hypotheses_or_while_there_are_no_seeds():
    assert not PlanningPrior().accepts(context_of(calibration(), text(HYPOTHESES, "h")))
    assert not PlanningPrior().accepts(context_of())


def test_what_it_rests_on_and_where_it_comes_from():
    facts = run([PlanningPrior(RecallPolicy())], calibration("a"), calibration("b"), memory()).context.get(HYPOTHESES)
    assert {fact.provenance for fact in facts} == {"organism-learning"}
    assert [[id for _, id in fact.used] for fact in facts] == [["seed-a"], ["seed-b"], ["seed-a", "seed-b"], ["seed-m"]]


def test_without_a_policy_nothing_is_recalled():
    assert "recall-summary" not in told(calibration(), memory())


def test_memories_are_summed_up_even_without_priors():
    assert told(memory("a", 0.6, "runbook"), memory("b", 0.8, "similar_success"), recall=RecallPolicy()) == {
        "recall-summary": {
            "type": "recall_summary",
            "count": 2,
            "avg_confidence": 0.7,
            "candidates": [
                {"id": "b", "summary": "s", "confidence": 0.8, "source": "similar_success"},
                {"id": "a", "summary": "s", "confidence": 0.6, "source": "runbook"},
            ],
        }
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [("anti_pattern", 0.5), ("similar_failure", 0.5), ("similar_success", 0.5), ("runbook", 0.5), ("adapter_config", 0.5)],
)
def test_bad_memories_pull_down_and_good_ones_up_by_the_same_weight(source, expected):
    confidence = told(calibration(posterior=expected), memory(source=source), recall=RecallPolicy())["prior-coverage"]["confidence"]
    pull = {"anti_pattern": -1, "similar_failure": -1, "similar_success": 1}.get(source, 0)
    assert confidence == pytest.approx(expected + pull * 0.3 * 0.9 * 0.5)


def test_the_weight_may_silence_memories():
    assert told(calibration(), memory(), recall=RecallPolicy(prior_weight=0))["prior-coverage"]["confidence"] == 0.75


@given(st.floats(0, 1), st.floats(-1, 1))
def test_a_blend_stays_in_the_unit_interval_and_follows_the_signal(posterior, signal):
    found = blended(posterior, signal)
    assert 0 <= found <= 1
    assert (found - posterior) * signal >= 0


def candidates(*confidences) -> list[RecallCandidate]:
    return [RecallCandidate(f"c{number}", "s", confidence, "anti_pattern") for number, confidence in enumerate(confidences)]


def test_memories_are_limited_newest_first():
    assert [one.id for one in RecallPolicy().recalled(candidates(*[0.9] * 7))] == ["c6", "c5", "c4", "c3", "c2"]


def test_weak_memories_are_dropped_before_weighting():
    kept = RecallPolicy(prior_weight=0.1).recalled(candidates(0.5, 0.49))
    assert [(one.id, one.confidence) for one in kept] == [("c0", 0.05)]


def test_nothing_recalled_signals_nothing():
    assert signal_of([]) == 0.0


@pytest.mark.parametrize(
    ("type", "data", "expected"),
    [
        ("UserOverrideIssued", {"reason": "r"}, ("user override: r", 0.9, "anti_pattern")),
        ("UserApprovalGranted", {}, ("user approval: granted", 0.7, "similar_success")),
        ("UserApprovalGranted", {"reason": "r"}, ("user approval: r", 0.7, "similar_success")),
        ("UserApprovalRejected", {}, ("user rejection: declined", 0.7, "anti_pattern")),
        ("UserCorrection", {"target": {"kind": "fact", "fact_id": "f"}, "reason": "r"}, ("correction (fact): r", 0.85, "runbook")),
        (
            "UserBoundaryAdjusted",
            {"boundary": "expiry", "target": {"scope": "pack", "pack_id": "p"}, "reason": "r"},
            ("expiry boundary adjusted on pack:p: r", 0.8, "runbook"),
        ),
        (
            "UserBoundaryAdjusted",
            {"boundary": "expiry", "target": {"scope": "global"}, "reason": "r"},
            ("expiry boundary adjusted on global: r", 0.8, "runbook"),
        ),
        ("OutcomeRecorded", {"passed": False}, ("outcome failed: unspecified", 0.6, "similar_failure")),
        ("OutcomeRecorded", {"passed": False, "stop_reason": "Stuck"}, ("outcome failed: Stuck", 0.6, "similar_failure")),
    ],
)
def test_events_are_remembered(type, data, expected):
    remembered = memory_of({"event_id": "e", "event": {"type": type, "data": data}})
    assert remembered == RecallCandidate("e", *expected)


@pytest.mark.parametrize(
    "envelope",
    [
        {"event_id": "e", "event": {"type": "FactPromoted", "data": {}}},
        {"event_id": "e", "event": {"type": "OutcomeRecorded", "data": {"passed": True}}},
        {"event": {"type": "UserOverrideIssued", "data": {}}},
        {},
    ],
)
def test_other_events_are_not(envelope):
    assert memory_of(envelope) is None


@pytest.mark.parametrize(("confidence", "count"), [(0.5, 1), (0.4999, 0)])
def test_memories_of_too_little_confidence_are_left_out(confidence, count):
    assert told(calibration(), memory(confidence=confidence), recall=RecallPolicy())["prior-coverage"]["recall_count"] == count


@pytest.mark.parametrize(("most", "count"), [(1, 1), (2, 2), (3, 2)])
def test_no_more_memories_count_than_allowed(most, count):
    contents = told(calibration(), memory("a"), memory("b"), recall=RecallPolicy(max_k_total=most))
    assert contents["recall-summary"]["count"] == count
