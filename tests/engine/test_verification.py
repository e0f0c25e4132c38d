"""Verification: what was recorded comes out again, however often the run was cut; what was changed does not."""

import json

import pytest
from hypothesis import given, settings

from runs.engine import EffectResult, EffectsWanted, GatePolicy, GatesOpen, Seal, State, StopReason, Suggestor, ToolCall, converge, ending
from runs.engine.effects import effect_row
from runs.engine.recording import Recording
from runs.engine.verification import verify
from tests.engine.formations import Few, House
from tests.engine.interruptions import DiesAtEvery
from tests.engine.teams import HYPOTHESES, SEEDS, STRATEGIES, Once, drive, text
from tests.engine.test_replay import plans

AT = "2026-11-22T01:02:03.000004Z"
SEED = text(SEEDS, "s")


def sealed(rows):
    return Seal("7f3a", "acme", "c-1").envelopes(rows, 0, 0, AT)


def team():
    return [Once(text(HYPOTHESES, "h"), name="ada", on=[SEEDS]), Once(text(STRATEGIES, "st", confidence=0.5), on=[HYPOTHESES])]


def recorded(**terms):
    return sealed(drive(team(), [SEED], correlation="c-1", **terms).rows)


@settings(max_examples=80)
@given(plans)
def test_every_run_comes_out_again_however_often_it_was_cut(plan):
    for house in (House(plan), House(plan, DiesAtEvery("after the flush"))):
        recording = Recording(sealed(house.go().journal))
        told = verify(plan.team(), plan.seeds, recording, budget=plan.budget, gates=plan.gates, invariants=[Few(plan.most_facts)])
        assert str(told) == "verified"


@pytest.mark.parametrize("rows", range(2, 14))
def test_a_run_that_is_not_over_is_compared_as_far_as_it_went(rows):
    assert verify(team(), [SEED], Recording(recorded()[:rows])).verified


@pytest.mark.parametrize(
    ("was", "becomes", "where"),
    [
        (
            '"text":"x"}},"provenance":"test","confidence":0.5',
            '"text":"y"}},"provenance":"test","confidence":0.5',
            "cycle 2, fact Strategies/st",
        ),
        ('"confidence":0.5', '"confidence":0.6', "cycle 2, fact Strategies/st"),
        ('"stamp":"lamport:2"', '"stamp":"lamport:3"', "cycle 1, fact Hypotheses/h"),
        ('"facts_added":1,"rejected":0,"facts":2', '"facts_added":1,"rejected":0,"facts":3', "cycle 1"),
        ('"cycles":3', '"cycles":4', "cycle 3"),
    ],
)
def test_what_was_changed_is_found_and_named(was, becomes, where):
    texts = recorded()
    assert any(was in one for one in texts)
    told = verify(team(), [SEED], Recording(one.replace(was, becomes) for one in texts))
    assert str(told) == f"diverged at {where}"


def test_a_fact_that_was_left_out_is_found():
    texts = [one for one in recorded() if json.loads(one).get("fact", {}).get("id") != "h"]
    told = verify(team(), [SEED], Recording(texts))
    assert (told.cycle, told.fact, told.executed["id"]) == (1, "Hypotheses/h", "h")


def test_another_team_does_not_come_out_the_same():
    told = verify([*team(), Once(text(HYPOTHESES, "more"))], [SEED], Recording(recorded()))
    assert (told.verified, told.fact) == (False, "Hypotheses/more")


def test_other_seeds_do_not_come_out_the_same():
    assert str(verify(team(), [text(SEEDS, "s", "y")], Recording(recorded()))) == "diverged at cycle 0, fact Seeds/s"
    assert verify(team(), [SEED, text(SEEDS, "s", "y")], Recording(recorded())).cycle == 0


def test_a_waiting_run_is_verified_up_to_its_gate():
    policy = GatePolicy(keys=(STRATEGIES,))
    waiting = recorded(gates=policy, decide=lambda border: None)
    assert verify(team(), [SEED], Recording(waiting), gates=policy).verified


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_cancelled_run_comes_out_again(after):
    left = iter([False] * after + [True] * 9)
    assert verify(team(), [SEED], Recording(recorded(cancelled=lambda: next(left)))).verified


def test_a_run_cancelled_at_its_gate_comes_out_again():
    policy = GatePolicy(keys=(STRATEGIES,))
    state = State.fresh([SEED])
    rows = []
    for border in converge(team(), state, gates=policy, correlation="c-1"):
        rows += border.rows
        if isinstance(border, GatesOpen):
            break
    texts = sealed([*rows, *ending(state, StopReason.of("UserCancelled"), None, "c-1")[0]])
    assert verify(team(), [SEED], Recording(texts), gates=policy).verified


class Asks(Suggestor):
    """Asks a tool once and proposes what it says, or that it failed."""

    name = "asks"
    done_when = ((HYPOTHESES, "h"),)

    def __init__(self, *, takes_note: bool = True) -> None:
        self.takes_note = takes_note

    def suggest(self, context):
        said = yield ToolCall("echo", {"say": "hello"})
        return [text(HYPOTHESES, "h", said if self.takes_note else "x")]


def recorded_with_effects(**asks):
    rows = []
    loop, sent = converge([Asks(**asks)], State.fresh([SEED]), correlation="c-1"), None
    while True:
        try:
            border = loop.send(sent)
        except StopIteration:
            return sealed(rows)
        sent = None
        rows += border.rows
        if isinstance(border, EffectsWanted):
            rows += [effect_row(one, "requested", "e" * 64, None, 1) for one in border.requests]
            sent = [EffectResult(output="hi")]
            rows += [effect_row(one, "resolved", "e" * 64, EffectResult(output="hi"), 1) for one in border.requests]


def changed(texts, was, becomes):
    assert any(was in one for one in texts)
    return Recording(one.replace(was, becomes) for one in texts)


def test_effects_come_out_of_the_journal():
    assert verify([Asks()], [SEED], Recording(recorded_with_effects())).verified


def test_an_altered_result_is_found_in_the_fact_it_led_to():
    told = verify([Asks()], [SEED], changed(recorded_with_effects(), '"output":"hi"', '"output":"ho"'))
    assert str(told) == "diverged at cycle 1, fact Hypotheses/h"


def test_an_altered_result_that_led_to_nothing_is_found_in_the_digest():
    told = verify([Asks(takes_note=False)], [SEED], changed(recorded_with_effects(takes_note=False), '"output":"hi"', '"output":"ho"'))
    assert str(told) == "diverged at cycle 1"
    assert told.recorded["data"]["digest"] != told.executed["data"]["digest"]


def test_an_altered_request_is_found():
    told = verify([Asks()], [SEED], changed(recorded_with_effects(), '"say":"hello"', '"say":"bye"'))
    assert (str(told), told.recorded) == ("diverged at cycle 1", {"ToolCall": {"tool": "echo", "input": {"say": "bye"}}})


def test_an_effect_that_nobody_asked_for_is_found():
    texts = recorded_with_effects()
    forged = [one.replace('"ordinal":0', '"ordinal":7') for one in texts if '"family":"effect"' in one]
    told = verify([Asks()], [SEED], Recording([*texts[:5], *forged, *texts[5:]]))
    assert (str(told), told.executed) == ("diverged at cycle 1", None)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [('"summary":"x"', '"summary":"y"'), ('"eligible":1', '"eligible":2'), ('"proposals":1', '"proposals":2'), ('"seeds":1', '"seeds":3')],
)
@pytest.mark.parametrize("decided", [True, False])
def test_what_led_to_a_merge_is_held_as_well(was, becomes, decided):
    policy = GatePolicy(keys=(STRATEGIES,))
    decide = {} if decided else {"decide": lambda border: None}
    assert not verify(team(), [SEED], changed(recorded(gates=policy, **decide), was, becomes), gates=policy).verified


def test_rows_in_another_order_are_found():
    three = [Once(text(HYPOTHESES, "h1"), text(HYPOTHESES, "h2"), on=[SEEDS])]
    texts = sealed(drive(three, [SEED], correlation="c-1").rows)
    places = [place for place, one in enumerate(texts) if '"kind":"FactPromoted"' in one][-2:]
    texts[places[0]], texts[places[1]] = texts[places[1]], texts[places[0]]
    assert str(verify(three, [SEED], Recording(texts))) == "diverged at cycle 1, fact Hypotheses/h2"


def test_members_before_the_body_are_no_part_of_it():
    texts = recorded()
    place = next(place for place, one in enumerate(texts) if '"kind":"CycleEnded","cycle":1' in one)
    texts[place] = texts[place].replace('"family":"progress"', '"family":"progress","family":"progress"')
    assert str(verify(team(), [SEED], Recording(texts))) == "diverged at cycle 1"
