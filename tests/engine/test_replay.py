"""Resuming: a run that was cut, whenever and however often, ends as if it had not been."""

import os
import subprocess
import sys
from collections import Counter
from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from runs.engine import CycleMerged, Finished, GateDecision, GatePolicy, GatesOpen, State, restore
from runs.engine.errors import InvalidResume
from tests.engine.formations import House, a_plan, ends
from tests.engine.interruptions import DiesAtEvery, SlowHumans, SlowPeople
from tests.engine.teams import DIAGNOSTIC, HYPOTHESES, SEEDS, STRATEGIES, Does, Once, drive, envelopes, text

plans = st.randoms(use_true_random=False).map(a_plan)


@settings(max_examples=120)
@given(plans)
def test_the_same_formation_ends_the_same_twice(plan):
    assert House(plan).go().end == House(plan).go().end


@settings(max_examples=120)
@given(plans)
def test_a_run_cut_at_every_border_and_rebuilt_from_its_rows_equals_the_uncut_run(plan):
    assert House(plan, DiesAtEvery("after the flush")).go().end == House(plan).go().end


@settings(max_examples=120)
@given(plans)
def test_a_run_that_loses_the_rows_of_every_border_once_equals_the_uncut_run(plan):
    assert House(plan, DiesAtEvery("before the flush")).go().end == House(plan).go().end


@settings(max_examples=80)
@given(plans)
def test_it_does_not_matter_whether_humans_answer_at_once_or_while_nobody_conducts(plan):
    slow = SlowHumans(plan, lambda border: "after the flush" if isinstance(border, GatesOpen) else "")
    assert slow.go().end == House(plan).go().end


@settings(max_examples=80)
@given(plans)
def test_it_does_not_matter_whether_people_answer_questions_at_once_or_while_nobody_conducts(plan):
    assert SlowPeople(plan).go().end == House(plan).go().end


@settings(max_examples=60)
@given(plans, st.randoms(use_true_random=False))
def test_whoever_of_a_batch_answers_first_the_digest_is_the_same(plan, random):
    class AnyOrder(House):
        def reply(self, border, state):
            if not hasattr(border, "requests"):
                return super().reply(border, state)
            shuffled = random.sample(border.requests, len(border.requests))
            results = {(one.number, one.ordinal): self.resolve(one) for one in shuffled}
            return [results[one.number, one.ordinal] for one in border.requests]

    assert AnyOrder(plan).go().end == House(plan).go().end


def test_the_random_formations_meet_everything():
    houses = [House(a_plan(Random(seed))).go() for seed in range(150)]
    kinds = Counter(row.kind for house in houses for row in house.journal)
    assert {"ProposalValidated", "GateDecisionRecorded", "BudgetExceeded", "LLMCall", "InterruptRaise", "CycleParked"} <= set(kinds)
    edits = [row for house in houses for row in house.journal if row.kind == "GateDecisionRecorded" and "edit" in row.data["decision"]]
    assert edits
    stops = {house.told.result.stop_reason.kind for house in houses}
    budgets = {"CycleBudgetExhausted", "FactBudgetExhausted", "TokenBudgetExhausted", "TimeBudgetExhausted", "CostBudgetExhausted"}
    assert stops >= budgets | {"Converged", "Error", "AgentRefused", "InvariantViolated"}


def test_formations_end_the_same_under_two_hash_seeds():
    def printed(seed):
        command = [sys.executable, "-m", "tests.engine.formations", "60"]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(command, check=True, capture_output=True, env=environment).stdout.strip()

    assert printed("1") == printed("2") == msgspec.json.encode(ends(60))


def rebuilt(told, borders=None):
    rows = [row for border in told.borders[:borders] for row in border.rows]
    return restore(envelopes(rows))


def test_of_nothing_comes_a_run_that_has_not_started():
    state = restore([])
    assert (state.started, state.cycle, state.ended) == (False, 0, False)


def test_everything_a_run_needs_comes_back():
    state = State.fresh([text(SEEDS, "s")])
    told = drive([Once(text(STRATEGIES, "st"), text(HYPOTHESES, "h"))], state=state, gates=GatePolicy(keys=(STRATEGIES,)), lap=lambda: 5)
    back = rebuilt(told)
    for name in ("started", "cycle", "dirty", "clock", "digest", "rejected", "failures", "spent", "parked", "parked_effects", "ended"):
        assert getattr(back, name) == getattr(state, name), name
    assert list(back.context.facts()) == list(state.context.facts())


def test_a_finished_run_says_so():
    told = drive([])
    assert rebuilt(told).ended
    assert not rebuilt(told, -1).ended


def test_a_failure_in_an_attempt_that_came_to_nothing_is_forgotten():
    def moody(fails):
        def suggest(context):
            if fails and context.has(SEEDS):
                raise ValueError("no")
            return []

        return [Does(suggest), Once(text(HYPOTHESES, "h"))]

    first = drive(moody(fails=True), [text(SEEDS, "s")])
    begun = [*first.borders[0].rows, *(row for row in first.borders[1].rows if row.kind in ("CycleStarted", "SuggestorFinished"))]
    again = drive(moody(fails=False), state=restore(envelopes(begun)))
    assert restore(envelopes([*begun, *again.rows])).failures == {}
    assert (again.ids(DIAGNOSTIC), again.stop) == ([], "Converged")


def test_a_seat_stays_benched_after_a_cut():
    def fails(context):
        raise ValueError("no")

    told = drive([Does(fails)])
    after_three = [border for border in told.borders if isinstance(border, CycleMerged)][-1].cycle + 1
    again = drive([Does(fails)], state=rebuilt(told, after_three))
    assert again.ids(DIAGNOSTIC) == [f"suggestor-error:does:{nth}" for nth in (1, 2, 3)]
    assert isinstance(again.borders[-1], Finished)


def test_a_cycle_that_waits_is_not_begun_again():
    policy = GatePolicy(keys=(STRATEGIES,))
    waiting = drive([Once(text(STRATEGIES, "st"))], gates=policy, decide=lambda border: None)
    never = Does(lambda context: [text(HYPOTHESES, "must not be heard")])
    again = drive([never], state=rebuilt(waiting), gates=policy)
    assert [type(border) for border in again.borders[:2]] == [GatesOpen, CycleMerged]
    assert again.borders[1].cycle == 1
    assert again.ids(STRATEGIES) == ["st"]


def test_a_waiting_cycle_merges_by_the_terms_under_which_it_was_parked():
    waiting = drive([Once(text(STRATEGIES, "st"))], gates=GatePolicy(keys=(STRATEGIES,), quorum=2), decide=lambda border: None)
    again = drive([Once(text(STRATEGIES, "st"))], state=rebuilt(waiting), gates=None)
    gate = again.borders[0].gates[0]
    assert (gate.gate_id, gate.policy.quorum, gate.to_json()) == ("hitl-1-0-st", 2, waiting.of("GateRequested")[0].data["request"])


def test_the_digest_does_not_depend_on_attempt_or_correlation():
    team = [Once(text(HYPOTHESES, "h"), text(HYPOTHESES, "blank", " "))]
    one, other = (drive(team, attempt=attempt, correlation=f"c-{attempt}") for attempt in (1, 2))
    assert one.result.digest == other.result.digest
    assert [row.attempt for row in other.of("CycleStarted")] == [2, 2]


def test_a_decision_for_no_gate_of_the_waiting_cycle_is_refused():
    waiting = drive([Once(text(STRATEGIES, "st"))], gates=GatePolicy(keys=(STRATEGIES,)), decide=lambda border: None)
    told = drive(
        [Once(text(STRATEGIES, "st"))], state=rebuilt(waiting), decide=lambda border: [GateDecision("hitl-2-0-st", "approve", "ada")]
    )
    assert isinstance(told.result.error, InvalidResume)
