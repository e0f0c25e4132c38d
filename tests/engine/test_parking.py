"""When a cycle parks, and when a contradiction makes asking pointless."""

import pytest

from runs.engine import GateDecision, GatePolicy, GatesOpen
from tests.engine.teams import DIAGNOSTIC, SEEDS, SIGNALS, STRATEGIES, Does, Once, approve, drive, text

POLICY = GatePolicy(keys=(STRATEGIES,))
GATED, CLASH = text(STRATEGIES, "gated"), text(SEEDS, "s", "other")


def asked(told):
    return any(isinstance(border, GatesOpen) for border in told.borders)


def fails(context):
    raise ValueError("no")


def test_a_conflict_before_the_first_gated_proposal_ends_the_run_and_nobody_is_asked():
    told = drive([Does(lambda context: [CLASH, GATED])], [text(SEEDS, "s")], gates=POLICY)
    assert not asked(told)
    assert told.result.message.startswith("conflict detected for fact 's'")


def test_a_conflict_after_the_first_gated_proposal_shows_when_the_cycle_merges():
    told = drive([Once(GATED, CLASH)], [text(SEEDS, "s")], gates=POLICY)
    assert asked(told)
    assert told.result.message.startswith("conflict detected for fact 's'")
    assert told.ids(STRATEGIES) == ["gated"]


@pytest.mark.parametrize(
    ("before", "conflicts"),
    [
        ([text(SIGNALS, "x", "a"), text(SIGNALS, "x", "b")], True),
        ([text(SIGNALS, "x", "a"), text(SIGNALS, "x", "a", 0.1)], False),
        ([text(SIGNALS, "x", "a"), text(SEEDS, "x", "b")], False),
        ([text(SEEDS, "s", " ")], False),
        ([text(SEEDS, "s")], False),
    ],
)
def test_only_what_would_really_contradict_counts(before, conflicts):
    told = drive([Does(lambda context: [*before, GATED])], [text(SEEDS, "s")], gates=POLICY, decide=lambda border: None)
    assert asked(told) is not conflicts


def test_a_conflict_with_a_note_that_merges_before_counts():
    clash = text(DIAGNOSTIC, "suggestor-error:does:1", "mine")
    told = drive([Does(fails), Once(clash, GATED)], gates=POLICY)
    assert not asked(told)
    assert told.result.message.startswith("conflict detected for fact 'suggestor-error:does:1'")


def test_a_note_that_would_be_left_out_contradicts_nothing():
    mine = text(DIAGNOSTIC, "suggestor-error:does:1", "mine")
    told = drive([Does(fails), Once(GATED, name="g"), Does(lambda context: [mine], name="d")], [mine], gates=POLICY)
    assert asked(told)
    assert told.stop == "Converged"


def test_notes_of_the_engine_are_never_gated():
    told = drive([Does(fails)], gates=GatePolicy(keys=(DIAGNOSTIC,), confidence_threshold=1.0))
    assert not asked(told)
    assert len(told.ids(DIAGNOSTIC)) == 3


def test_a_failure_beside_a_gate_is_noted_in_its_place_when_the_cycle_merges():
    told = drive([Does(fails), Once(GATED)], gates=POLICY, decide=approve)
    assert [(row.fact.id, row.fact.stamp) for row in told.of("FactPromoted")][:2] == [("suggestor-error:does:1", 1), ("gated", 2)]


def test_gates_of_a_later_cycle_know_what_was_rejected_before():
    later = Once(text(STRATEGIES, "late"), text(SIGNALS, "gated", "ungated key"), on=[DIAGNOSTIC])
    told = drive([Once(GATED), later], gates=POLICY, decide=reject_gated)
    assert (told.ids(STRATEGIES), told.ids(SIGNALS)) == (["late"], [])


def reject_gated(border):
    return [GateDecision(gate.gate_id, "reject" if gate.proposal.id == "gated" else "approve", "ada") for gate in border.gates]
