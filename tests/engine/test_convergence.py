"""The loop: cycles and their count, what ends a run, failing suggestors, provenance, who hears what and when."""

import pytest

from runs.engine import Budget, CycleMerged, Finished, FormationExperienceObserver, GatePolicy, State
from runs.engine.convergence import converge
from tests.engine.teams import DIAGNOSTIC, HYPOTHESES, SEEDS, SIGNALS, STRATEGIES, Asks, Does, Once, approve, drive, reject, text

SEED = text(SEEDS, "s")


def fails(context):
    raise ValueError("no")


def follower():
    return Once(text(HYPOTHESES, "h"), name="follower", on=[SEEDS])


def sower():
    return Once(SEED, name="sower")


@pytest.mark.parametrize(
    ("team", "seeds", "cycles"),
    [
        ([], [], 1),
        ([], [SEED], 1),
        ([sower()], [], 2),
        ([sower(), follower()], [], 3),
        ([follower(), sower()], [], 3),
        ([follower()], [SEED], 2),
        ([Does(lambda context: [])], [], 1),
        ([Does(lambda context: [text(SEEDS, "b", " ")])], [], 1),
        ([Once(text(HYPOTHESES, "h"), on=[STRATEGIES])], [SEED], 1),
    ],
)
def test_the_last_empty_cycle_counts(team, seeds, cycles):
    told = drive(team, seeds)
    assert (told.stop, told.result.cycles) == ("Converged", cycles)
    assert told.of("CycleEnded")[-1].cycle == cycles


@pytest.mark.parametrize(("team", "needed"), [([], 1), ([sower()], 2), ([sower(), follower()], 3)])
def test_the_budget_must_cover_the_last_empty_cycle(team, needed):
    assert drive(team, budget=Budget(max_cycles=needed)).stop == "Converged"
    spent = {"CycleBudgetExhausted": {"cycles_executed": needed - 1, "limit": needed - 1}}
    assert drive(team, budget=Budget(max_cycles=needed - 1)).stop == spent


def test_a_stable_context_converges_in_one_cycle():
    context = drive([sower(), follower()]).result.context
    again = drive([sower(), follower()], state=State.fresh(context=context))
    assert (again.result.cycles, again.result.integrity.clock_time, again.result.integrity.fact_count) == (1, 0, 2)


def test_what_is_staged_alone_wakes_when_something_of_it_was_promoted():
    context = drive([], [text(SIGNALS, "old")]).result.context
    team = [Once(text(HYPOTHESES, "by-signal"), on=[SIGNALS]), Once(text(HYPOTHESES, "by-seed"), on=[SEEDS])]
    assert drive(team, state=State.fresh([SEED], context)).ids() == ["by-seed"]


def test_when_all_that_is_staged_is_refused_every_key_is_dirty():
    context = drive([], [text(SIGNALS, "old")]).result.context
    team = [Once(text(HYPOTHESES, "by-signal"), on=[SIGNALS])]
    assert drive(team, state=State.fresh([text(SEEDS, "b", " ")], context)).ids() == ["by-signal"]


def test_seeds_are_promoted_in_the_order_given_as_cycle_nought():
    told = drive([], [text(SIGNALS, "b"), text(SEEDS, "blank", " "), text(SEEDS, "a"), text(SIGNALS, "a", provenance=" ")])
    assert [(row.fact.id, row.fact.stamp, row.cycle, row.suggestor) for row in told.of("FactPromoted")] == [
        ("b", 1, 0, None), ("a", 2, 0, None), ("a", 3, 0, None),
    ]  # fmt: skip
    assert told.kinds[0] == "RunStarted"
    assert told.of("RunStarted")[0].data == {"suggestors": [], "reads": [], "seeds": 4}


def test_a_seed_that_contradicts_a_given_context_ends_the_run():
    context = drive([], [SEED]).result.context
    told = drive([sower()], state=State.fresh([text(SEEDS, "s", "y")], context))
    assert (told.result.message[:30], told.result.cycles, len(told.borders)) == ("conflict detected for fact 's'", 0, 1)


def test_all_see_the_context_from_before_the_merge():
    seen = []

    def look(context):
        seen.append(context.count(HYPOTHESES))
        return []

    drive([Once(text(HYPOTHESES, "h")), Does(look)])
    assert seen == [0, 1]


def test_every_kind_of_row_has_its_place():
    told = drive([sower(), follower()])
    assert told.kinds == [
        "RunStarted", "CycleEnded",
        "CycleStarted", "SuggestorFinished", "FactPromoted", "CycleEnded",
        "CycleStarted", "SuggestorFinished", "FactPromoted", "CycleEnded",
        "CycleStarted", "CycleEnded",
        "OutcomeRecorded", "RunFinished",
    ]  # fmt: skip
    assert [row.data["eligible"] for row in told.of("CycleStarted")] == [1, 1, 0]
    assert [type(border) for border in told.borders] == [CycleMerged, CycleMerged, CycleMerged, Finished]


# -- failing suggestors ---------------------------------------------------------------------------------------------


def test_a_failure_is_noted_and_the_run_goes_on():
    told = drive([Does(fails, "bad"), sower()])
    note = told.result.context.get(DIAGNOSTIC)[0]
    assert (note.id, note.payload.value) == ("suggestor-error:bad:1", {"source": "bad", "message": "ValueError: no"})
    assert told.of("SuggestorFinished")[0].data == {"proposals": 0, "error": "ValueError: no", "number": 0, "failures": 1}
    assert told.ids(SEEDS) == ["s"]


def test_after_the_third_failure_the_seat_is_benched():
    told = drive([Does(fails, "bad")])
    assert told.ids(DIAGNOSTIC) == [f"suggestor-error:bad:{nth}" for nth in (1, 2, 3)]
    assert (told.stop, told.result.cycles, told.of("CycleStarted")[-1].data["eligible"]) == ("Converged", 4, 0)


def test_failures_are_counted_by_seat_not_by_name():
    told = drive([Does(fails, "bad", on=[SEEDS]), Does(fails, "bad")], [SEED])
    failures = [(row.data["number"], row.data["failures"]) for row in told.of("SuggestorFinished")]
    assert failures == [(0, 1), (1, 1), (1, 2), (1, 3)]
    assert told.ids(DIAGNOSTIC) == [f"suggestor-error:{nth}" for nth in ("bad:1", "bad-2:1", "bad-2:2", "bad-2:3")]


def test_a_seat_may_say_that_its_failure_ends_the_run():
    told = drive([Does(fails, "bad", on_error="fail"), Does(fails, "never heard")])
    assert told.stop == {"AgentRefused": {"agent_id": "bad", "reason": "ValueError: no"}}
    assert told.result.message == "agent failed: bad: ValueError: no"
    assert [row.suggestor for row in told.of("SuggestorFinished")] == ["bad"]
    assert (told.ids(DIAGNOSTIC), told.result.status) == ([], "failed")


# -- provenance -----------------------------------------------------------------------------------------------------


def blank(name):
    return Once(text(HYPOTHESES, "good"), text(HYPOTHESES, "bad", provenance="\u00a0"), name=name)


def test_blank_provenance_ends_the_run_before_anything_of_the_cycle_is_merged():
    told = drive([sower(), blank("first"), blank("second")])
    reason = "suggestor emitted proposals with empty provenance"
    assert told.stop == {"AgentRefused": {"agent_id": "first", "reason": reason}}
    assert told.result.message == (
        "suggestor 'first' emitted proposals with empty provenance — stamp each ProposedFact with a non-empty ProvenanceSource string"
    )
    assert told.facts() == []
    assert [row.suggestor for row in told.of("SuggestorFinished")] == ["sower", "first"]


def test_blank_provenance_is_looked_at_when_all_have_answered():
    spoken = []

    def speak(context):
        spoken.append("asked")
        return []

    assert drive([blank("first"), Does(speak), Asks("a")]).result.status == "failed"
    assert spoken == ["asked"]


def test_of_a_failure_and_a_blank_provenance_the_first_in_order_counts():
    stern = Does(fails, "stern", on_error="fail")
    assert drive([stern, blank("blank")]).stop["AgentRefused"]["agent_id"] == "stern"
    assert drive([blank("blank"), stern]).stop["AgentRefused"]["agent_id"] == "blank"


def test_control_characters_are_a_provenance():
    assert drive([Once(text(HYPOTHESES, "h", provenance="\x1c"))]).ids() == ["h"]


# -- cancelling -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "cycles"), [(0, 0), (1, 1), (2, 2)])
def test_a_cancelled_run_stops_before_the_next_cycle(after, cycles):
    left = iter([False] * after + [True] * 9)
    told = drive([sower(), follower(), Once(text(SIGNALS, "x"), on=[HYPOTHESES])], cancelled=lambda: next(left))
    assert (told.stop, told.result.cycles, told.result.status) == ("UserCancelled", cycles, "cancelled")
    assert told.of("OutcomeRecorded")[0].data["passed"] is False


def test_who_has_converged_cannot_be_cancelled_any_more():
    assert drive([Does(lambda context: [])], cancelled=iter([False, True]).__next__).stop == "Converged"


# -- who hears what -------------------------------------------------------------------------------------------------


class Ear:
    """Notes every call."""

    def __init__(self):
        self.heard = []

    def on_cycle_start(self, cycle):
        self.heard.append(f"start {cycle}")

    def on_fact(self, cycle, fact):
        self.heard.append(f"fact {cycle} {fact.id}")

    def on_cycle_end(self, cycle, facts_added):
        self.heard.append(f"end {cycle} +{facts_added}")

    def on_event(self, event):
        self.heard.append(event.type)

    def append(self, envelope):
        self.heard.append(f"{envelope.event_id} {envelope.event.type}")


def test_the_stream_follows_the_loop_and_seeds_have_no_cycle():
    ear = Ear()
    drive([follower()], [SEED], streaming=ear)
    assert ear.heard == ["fact 0 s", "start 1", "fact 1 h", "end 1 +1", "start 2", "end 2 +0"]


def test_a_cycle_over_the_budget_begins_and_does_not_end():
    ear = Ear()
    drive([sower()], budget=Budget(max_cycles=1), streaming=ear)
    assert ear.heard == ["start 1", "fact 1 s", "end 1 +1", "start 2"]


def test_a_conflict_is_not_heard_as_a_fact_and_does_not_end_its_cycle():
    ear = Ear()
    drive([Once(text(SIGNALS, "x"), text(SEEDS, "s", "y"))], [SEED], streaming=ear, observer=ear)
    assert ear.heard == ["FactPromoted", "fact 0 s", "start 1", "FactPromoted", "fact 1 x", "ProposalValidated", "OutcomeRecorded"]


def test_an_event_is_heard_when_its_fact_is_there():
    run = State.fresh([SEED])

    class Looks(Ear):
        def on_event(self, event):
            self.heard.append(run.context.size)

    ear = Looks()
    drive([follower()], state=run, observer=ear)
    assert ear.heard == [1, 2, 2]


def test_observers_hear_exactly_the_experience_rows_of_the_journal():
    ear = Ear()
    team = [Once(text(STRATEGIES, "a"), text(HYPOTHESES, "blank", " ")), Does(fails)]
    told = drive(team, [SEED], gates=GatePolicy(keys=(STRATEGIES,)), decide=reject, observer=FormationExperienceObserver(ear, None, "c-1"))
    rows = [row.kind for row in told.rows if row.family == "experience"]
    assert ear.heard == [f"formation:c-1:{number} {kind}" for number, kind in enumerate(rows)]
    assert {"FactPromoted", "GateDecisionRecorded", "ProposalValidated", "OutcomeRecorded"} == set(rows)


def test_it_never_raises_for_what_a_run_can_meet():
    run = converge([Does(fails, on_error="fail")], State.fresh())
    assert [type(border) for border in run] == [CycleMerged, Finished]


class Deaf:
    """Fails at whatever it is told."""

    def __getattr__(self, name):
        def fail(*told):
            raise RuntimeError(f"no {name}")

        return fail


def test_a_listener_that_fails_changes_nothing_and_is_logged_once(caplog):
    team = [Once(text(STRATEGIES, "plan")), follower()]
    terms = {"gates": GatePolicy(keys=(STRATEGIES,)), "decide": approve}
    heard, alone = drive(team, [SEED], observer=Deaf(), streaming=Deaf(), **terms), drive(team, [SEED], **terms)
    assert (heard.stop, heard.result.digest) == ("Converged", alone.result.digest)
    assert [record.message for record in caplog.records] == ["a listener of the run failed"]
