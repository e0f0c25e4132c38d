"""Invariants: when each class is checked, and what a violation leaves behind."""

import msgspec
import pytest

from runs.engine import Budget, InvariantClass
from tests.engine.teams import DIAGNOSTIC, HYPOTHESES, SEEDS, SIGNALS, Does, Once, drive, text

STRUCTURAL, SEMANTIC, ACCEPTANCE = InvariantClass


class Holds(msgspec.Struct):
    """An invariant that notes when it is checked, and holds until there are so many facts."""

    kind: InvariantClass
    heard: list
    most: int = 99
    name: str = "few"

    def check(self, context):
        self.heard.append(self.kind)
        return None if context.size <= self.most else f"{context.size} facts"


def all_kinds(most=99):
    heard = []
    return heard, [Holds(kind, heard, most) for kind in (ACCEPTANCE, SEMANTIC, STRUCTURAL)]


def test_a_productive_cycle_is_followed_by_structural_and_semantic_and_the_end_by_acceptance():
    heard, invariants = all_kinds()
    drive([Once(text(SEEDS, "s"))], invariants=invariants)
    assert heard == [STRUCTURAL, SEMANTIC, ACCEPTANCE]


def test_a_cycle_without_change_is_followed_by_structural_and_acceptance():
    heard, invariants = all_kinds()
    drive([Does(lambda context: [])], invariants=invariants)
    assert heard == [STRUCTURAL, ACCEPTANCE]


def test_when_nobody_is_eligible_at_first_only_acceptance_is_checked():
    heard, invariants = all_kinds()
    drive([], [text(SEEDS, "s")], invariants=invariants)
    assert heard == [ACCEPTANCE]


@pytest.mark.parametrize(
    ("kind", "cycles", "facts"), [(STRUCTURAL, 1, ["a", "b"]), (SEMANTIC, 1, ["a", "b"]), (ACCEPTANCE, 3, ["a", "b", "c"])]
)
def test_a_violation_of_any_class_ends_the_run_and_leaves_a_note(kind, cycles, facts):
    team = [Once(text(HYPOTHESES, "a"), text(HYPOTHESES, "b")), Once(text(HYPOTHESES, "c"), on=[HYPOTHESES])]
    told = drive(team, invariants=[Holds(kind, [], 1)])
    reason = f"{len(facts)} facts"
    assert told.stop == {"InvariantViolated": {"class": str(kind), "name": "few", "reason": reason}}
    assert told.result.message == f"{kind} invariant 'few' violated: {reason}"
    note = told.result.context.get(DIAGNOSTIC)[0]
    assert (note.id, note.text, note.stamp, note.is_note) == (f"violation:few:{len(facts)}", told.result.message, len(facts) + 1, True)
    assert (told.ids(), told.result.cycles, told.result.status) == (facts, cycles, "failed")


def test_the_note_is_in_the_digest_and_among_the_last_rows():
    plain = drive([Once(text(HYPOTHESES, "a"))])
    told = drive([Once(text(HYPOTHESES, "a"))], invariants=[Holds(ACCEPTANCE, [], 0)])
    assert told.kinds[-4:] == ["CycleEnded", "FactPromoted", "OutcomeRecorded", "RunFinished"]
    assert told.result.digest != plain.result.digest == told.of("CycleEnded")[-1].data["digest"]


def test_a_later_fact_of_the_same_merge_can_repair_a_structural_violation():
    class NeverAlone(Holds):
        def check(self, context):
            return "alone" if context.count(HYPOTHESES) == 1 else None

    told = drive([Once(text(HYPOTHESES, "a")), Once(text(HYPOTHESES, "b"))], invariants=[NeverAlone(STRUCTURAL, [])])
    assert told.stop == "Converged"


def test_the_first_in_order_of_registration_is_told():
    invariants = [
        Holds(SEMANTIC, [], 0, "late"),
        Holds(STRUCTURAL, [], 5, "kept"),
        Holds(STRUCTURAL, [], 0, "b"),
        Holds(STRUCTURAL, [], 0, "a"),
    ]
    assert drive([Once(text(SEEDS, "s"))], invariants=invariants).stop["InvariantViolated"]["name"] == "b"


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        ([STRUCTURAL, SEMANTIC], "Structural invariant 'few' violated: 1 facts"),
        ([SEMANTIC, ACCEPTANCE], "Semantic invariant 'few' violated: 1 facts"),
        ([ACCEPTANCE], "budget exhausted: max_facts (1 > 0)"),
    ],
)
def test_semantic_goes_before_the_fact_budget_and_acceptance_comes_too_late(kinds, message):
    told = drive([Once(text(SEEDS, "s"))], budget=Budget(max_facts=0), invariants=[Holds(kind, [], 0) for kind in kinds])
    assert told.result.message == message


def test_a_conflict_goes_before_structural():
    told = drive([Once(text(SIGNALS, "x"), text(SEEDS, "s", "y"))], [text(SEEDS, "s")], invariants=[Holds(STRUCTURAL, [], 0)])
    assert told.result.message.startswith("conflict detected")


def test_a_taken_note_id_does_not_hide_the_violation():
    told = drive([Once(text(HYPOTHESES, "a"))], [text(DIAGNOSTIC, "violation:few:2", "mine")], invariants=[Holds(STRUCTURAL, [], 1)])
    assert (told.result.status, told.ids(DIAGNOSTIC), told.result.integrity.clock_time) == ("failed", ["violation:few:2"], 2)


def test_an_invariant_that_cannot_be_checked_does_not_hold():
    class Broken(Holds):
        def check(self, context):
            raise KeyError("gone")

    told = drive([Once(text(SEEDS, "s"))], invariants=[Broken(STRUCTURAL, [])])
    assert told.result.message == "Structural invariant 'few' violated: KeyError: 'gone'"
