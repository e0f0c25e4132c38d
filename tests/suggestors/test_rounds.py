"""Rounds: how they start, how they are summed up, and how their numbers are read."""

import pytest

from runs.engine import ContextKey, Payload, Proposal
from runs.suggestors.conditions import compiled, condition_of
from runs.suggestors.huddle import CountingProducer, JoinProducer, RoundConventions, RoundStarter, RoundSynthesizer, SynthesisFailed
from runs.suggestors.huddle.conventions import round_number
from tests.suggestors.teams import Script, context_of, ids, note, rule, run, text

SIGNALS, CONSTRAINTS, HYPOTHESES = ContextKey.SIGNALS, ContextKey.CONSTRAINTS, ContextKey.HYPOTHESES
STRATEGIES, DIAGNOSTIC = ContextKey.STRATEGIES, ContextKey.DIAGNOSTIC


def signal(number: int | str) -> Proposal:
    return text(SIGNALS, f"round:start:{number}")


def go_on(number: int) -> Proposal:
    return text(CONSTRAINTS, f"round:continue:{number}")


def a_note(number: int, who: str = "ada") -> Proposal:
    return text(HYPOTHESES, f"note:{who}:{number}", f"{who} says {number}")


def started(result) -> list[str]:
    return [id.removeprefix("round:start:") for id in ids(result, SIGNALS)]


def syntheses(result) -> list[str]:
    return ids(result, STRATEGIES)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("255", 255), ("+7", 7), ("007", 7), ("0", 0), ("000", 0), ("00000000255", 255)]
    + [(bad, None) for bad in ("", "256", "-1", "++1", "1 ", " 1", "1_0", "٣", "1.0", "x", "99999999999", "+")],
)
def test_round_numbers_are_read_as_the_original_reads_them(text, number):
    assert round_number(text) == number


@pytest.mark.parametrize(
    ("notes", "excused", "summed"), [(2, 0, False), (2, 1, True), (1, 1, False), (1, 2, True), (0, 2, False), (0, 3, False)]
)
def test_who_is_excused_need_not_speak_but_somebody_must(notes, excused, summed):
    told = [text(DIAGNOSTIC, f"unanswered:{n}") for n in range(excused)]
    context = context_of(signal(1), *(a_note(1, f"p{n}") for n in range(notes)), *told)
    assert RoundSynthesizer(3, excuses=[["other", f"unanswered:{n}"] for n in range(3)]).accepts(context) is summed


def test_round_one_starts_by_itself():
    result = run([RoundStarter(3)])
    assert started(result) == ["1"]
    assert result.context.get(SIGNALS)[0].text == "start round 1"
    assert result.context.get(SIGNALS)[0].provenance == "organism-runtime"


def test_each_round_waits_for_the_marker_of_the_one_before():
    assert started(run([RoundStarter(3)], go_on(1), go_on(2))) == ["1", "2", "3"]
    assert started(run([RoundStarter(3)], go_on(1))) == ["1", "2"]


def test_no_round_starts_beyond_the_last():
    assert started(run([RoundStarter(2)], go_on(1), go_on(2))) == ["1", "2"]
    assert started(run([RoundStarter(0)], go_on(1))) == ["1"]


def test_in_strict_order_a_round_waits_until_the_one_before_it_started():
    assert started(run([RoundStarter(3)], go_on(2))) == ["1"]
    assert started(run([RoundStarter(3, strict_order=False)], go_on(2))) == ["1", "3"]


def test_one_round_starts_in_a_cycle():
    assert [fact.cycle for fact in run([RoundStarter(3)], go_on(1), go_on(2)).context.get(SIGNALS)] == [1, 2, 3]


def test_a_terminal_huddle_starts_and_sums_up_nothing():
    terminal = compiled([condition_of({"has_fact": ["Constraints", "stop"]})])
    team = [RoundStarter(3, terminal=terminal), RoundSynthesizer(1, CountingProducer(), terminal=terminal)]
    result = run(team, text(CONSTRAINTS, "stop"), go_on(1), signal(2), a_note(2))
    assert (started(result), syntheses(result)) == (["2"], [])


def test_a_started_round_is_summed_up_once_its_notes_are_there():
    result = run([RoundSynthesizer(2, CountingProducer())], signal(1), a_note(1), a_note(1, "bob"), a_note(11))
    (synthesis,) = result.context.get(STRATEGIES)
    assert (synthesis.id, synthesis.text, synthesis.provenance) == ("synthesis:1", "round 1 from 2 notes", "organism-runtime")


def test_too_few_notes_are_waited_for():
    assert syntheses(run([RoundSynthesizer(2, CountingProducer())], signal(1), a_note(1))) == []


def test_notes_come_to_the_producer_in_fact_order():
    result = run([RoundSynthesizer(2, JoinProducer())], signal(1), a_note(1, "bob"), a_note(1))
    assert result.context.get(STRATEGIES)[0].text == "bob says 1\nada says 1"


def test_every_ready_round_is_summed_up_one_in_a_cycle():
    result = run([RoundSynthesizer(1, CountingProducer())], signal(2), signal(1), a_note(1), a_note(2))
    assert [(fact.id, fact.cycle) for fact in result.context.get(STRATEGIES)] == [("synthesis:2", 1), ("synthesis:1", 2)]


def test_without_wake_on_signals_the_second_ready_round_is_stranded_as_in_the_original():
    team = [RoundSynthesizer(1, CountingProducer(), wake_on_signals=False)]
    assert syntheses(run(team, signal(2), signal(1), a_note(1), a_note(2))) == ["synthesis:2"]


@pytest.mark.parametrize(("wake_on_signals", "expected"), [(True, ["synthesis:1"]), (False, [])])
def test_notes_that_come_before_the_signal_are_summed_up(wake_on_signals, expected):
    late = rule([], [{"lacks_fact": ["Signals", "round:start:1"]}, {"has_fact": ["Constraints", "x"]}], [signal(1)])
    team = [Script([text(CONSTRAINTS, "x")]), late, RoundSynthesizer(1, CountingProducer(), wake_on_signals=wake_on_signals)]
    assert syntheses(run(team, a_note(1))) == expected


def test_only_the_given_rounds_are_summed_up():
    seeds = [signal(number) for number in (1, 2, 3)] + [a_note(number) for number in (1, 2, 3)]
    assert syntheses(run([RoundSynthesizer(1, CountingProducer(), rounds=[1, 3])], *seeds)) == ["synthesis:1", "synthesis:3"]


class Failing:
    """Fails for round 1."""

    def synthesize(self, number, notes, context):
        if number == 1:
            raise SynthesisFailed("no model: ü")
        return Payload.of("test.sum", {"n": number})


def test_a_failed_synthesis_leaves_the_reason_and_is_not_tried_again():
    result = run([RoundSynthesizer(1, Failing())], signal(1), signal(2), a_note(1), a_note(2), text(DIAGNOSTIC, "other"))
    failed = result.context.fact(DIAGNOSTIC, "runtime:error:synthesis:1")
    assert failed
    assert failed.payload.value == {"source": "organism-round-synthesizer", "message": "no model: ü"}
    assert syntheses(result) == ["synthesis:2"]


@pytest.mark.parametrize("notes", [[], [text(HYPOTHESES, "note:1", "  ")]])
def test_nothing_to_join_is_a_failure_and_not_a_blank_text(notes):
    result = run([RoundSynthesizer(0, JoinProducer())], signal(1), *notes)
    assert ids(result, DIAGNOSTIC) == ["runtime:error:synthesis:1"]


def test_notes_of_other_families_are_joined_as_json():
    other = Proposal(HYPOTHESES, "note:x:1", Payload.of("test.data", {"a": 1}), "p")
    assert run([RoundSynthesizer(2, JoinProducer())], signal(1), a_note(1), other).context.get(STRATEGIES)[0].text == 'ada says 1\n{"a":1}'


def test_other_conventions_move_every_fact():
    rules = RoundConventions(
        round_signal_key=ContextKey.PROPOSALS,
        round_signal_prefix="r-",
        continue_key=ContextKey.EVALUATIONS,
        continue_prefix="next-",
        note_key=ContextKey.COMPETITORS,
        synthesis_key=ContextKey.SEEDS,
        synthesis_prefix="sum-",
    )
    team = [RoundStarter(2, conventions=rules), RoundSynthesizer(1, CountingProducer(), conventions=rules)]
    result = run(team, text(ContextKey.EVALUATIONS, "next-1"), text(ContextKey.COMPETITORS, "n:1"), text(ContextKey.COMPETITORS, "n:2"))
    assert ids(result, ContextKey.PROPOSALS) == ["r-1", "r-2"]
    assert ids(result, ContextKey.SEEDS) == ["sum-1", "sum-2"]


def test_a_huddle_of_two_rounds_runs_by_itself():
    moderator = rule(
        [STRATEGIES], [{"has_fact": ["Strategies", "synthesis:1"]}, {"lacks_fact": ["Constraints", "round:continue:1"]}], [go_on(1)]
    )
    notes = [note(who, number) for number in (1, 2) for who in ("ada", "bob")]
    result = run([RoundStarter(2), *notes, moderator, RoundSynthesizer(2, CountingProducer())])
    assert (started(result), syntheses(result)) == (["1", "2"], ["synthesis:1", "synthesis:2"])


def test_it_looks_at_the_context_it_is_given_and_not_at_another_one():
    one = RoundSynthesizer(1, CountingProducer())
    assert one.accepts(context_of(signal(1), a_note(1)))
    assert not one.accepts(context_of(signal(1)))
    assert one.accepts(context_of(signal(1), a_note(1)))
