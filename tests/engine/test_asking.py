"""How suggestors are asked: what they may answer, how they reach out, and what happens to those that fail."""

import math

import msgspec
import pytest

from runs.engine import EffectFailed, EffectResult, EffectsWanted, LLMCall, Payload, Proposal, ToolCall
from runs.engine.errors import LONGEST_ERROR
from runs.engine.subject import SubjectRef
from runs.engine.wire import MOST_NESTED
from tests.engine.teams import DIAGNOSTIC, HYPOTHESES, SEEDS, Asks, Does, Once, data, drive, text
from tests.engine.test_wire import nested

GOOD = text(HYPOTHESES, "h")


def proposal(**fields):
    given = {"key": HYPOTHESES, "id": "h", "payload": Payload.text_of("x"), "provenance": "p"}
    return Proposal(**given | fields)


def note(team, **terms):
    """The message of the first failure."""
    fact = drive(team, [text(SEEDS, "s")], **terms).result.context.get(DIAGNOSTIC)[0]
    return fact.payload.value["message"]


def raising(error):
    def suggest(context):
        raise error

    return suggest


class Unreadable(Exception):
    def __str__(self):
        raise RuntimeError("no words")


@pytest.mark.parametrize("said", [[GOOD], (GOOD,), iter([GOOD]), {GOOD: 1}], ids=lambda it: type(it).__name__)
def test_any_iterable_of_proposals_is_an_answer(said):
    assert drive([Does(lambda context: said if not context.has(HYPOTHESES) else [])]).ids() == ["h"]


def test_nothing_is_an_answer_too():
    told = drive([Does(lambda context: None)])
    assert (told.stop, told.result.cycles, told.of("SuggestorFinished")[0].data) == ("Converged", 1, {"proposals": 0})


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (7, "TypeError: 'int' object is not iterable"),
        (GOOD, "TypeError: 'Proposal' object is not iterable"),
        ("text", "TypeError: suggest() must give Proposals, not str"),
        ([GOOD, None], "TypeError: suggest() must give Proposals, not NoneType"),
        ([proposal(key="Nope")], "ValueError: unknown context key 'Nope'; allowed: Seeds, Hypotheses"),
        ([proposal(key=[])], "TypeError: unhashable type: 'list'"),
        ([proposal(id=1)], "TypeError: a Proposal has an id and a provenance of type str, and a Payload"),
        ([proposal(provenance=None)], "TypeError: a Proposal has an id and a provenance of type str, and a Payload"),
        ([proposal(payload={"text": "x"})], "TypeError: a Proposal has an id and a provenance of type str, and a Payload"),
        ([proposal(confidence="high")], "TypeError: the confidence of a Proposal is a number"),
        ([proposal(confidence=True)], "TypeError: the confidence of a Proposal is a number"),
        ([proposal(subject="nope")], 'SubjectInvalid: could not parse subject ref from "nope"; expected scheme://kind/id'),
        ([proposal(subject=5)], 'SubjectInvalid: could not parse subject ref from "5"; expected scheme://kind/id'),
        ([proposal(used=[("Nope", "a")])], "ValueError: 'Nope' is not a valid ContextKey"),
        ([proposal(used=[(SEEDS, 5)])], "AttributeError: 'int' object has no attribute 'encode'"),
        ([proposal(used=[(SEEDS, "\ud800")])], "NotCanonical: lone surrogate"),
        ([proposal(used=7)], "TypeError: 'int' object is not iterable"),
        ([proposal(id="é\ud800")], "NotCanonical: lone surrogate U+D800"),
        ([proposal(provenance="\udfff")], "NotCanonical: lone surrogate U+DFFF"),
        ([proposal(subject="a://b/\ud800")], "NotCanonical: lone surrogate U+D800"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_a_failure(said, words):
    assert note([Does(lambda context: said)]).startswith(words)


@pytest.mark.parametrize("confidence", [math.nan, math.inf, -math.inf, 5, -1, 1, 10**30])
def test_a_confidence_is_clamped_before_anybody_looks_at_it(confidence):
    blank = proposal(id="b", payload=Payload.text_of(" "), confidence=confidence)
    told = drive([Once(proposal(confidence=confidence), blank)])
    fact, refused = told.result.context.get(HYPOTHESES)[0], told.of("ProposalValidated")[0]
    assert fact.confidence == refused.data["proposal"]["confidence"] == (1.0 if confidence in (5, 1, 10**30) else 0.0)
    assert type(fact.confidence) is float


@pytest.mark.parametrize("subject", ["CRM://Deal/42", SubjectRef("crm", "deal", "42")])
def test_a_subject_is_kept_in_canonical_form(subject):
    assert drive([Once(proposal(subject=subject))]).result.context.get(HYPOTHESES)[0].subject == "crm://deal/42"


@pytest.mark.parametrize(
    ("used", "kept"),
    [([("Seeds", "s")], ((SEEDS, "s"),)), (iter([(SEEDS, "s"), (SEEDS, "é")]), ((SEEDS, "s"), (SEEDS, "é"))), (None, None), ((), ())],
)
def test_the_facts_that_a_proposal_rests_on_are_kept_by_name(used, kept):
    blank = text(HYPOTHESES, "blank", " ")
    told = drive([Once(proposal(used=used), msgspec.structs.replace(blank, used=kept))], [text(SEEDS, "s")])
    assert told.result.context.get(HYPOTHESES)[0].used == kept
    assert len(told.of("ProposalValidated")) == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("no"), "ValueError: no"),
        (KeyError("k"), "KeyError: 'k'"),
        (RuntimeError(), "RuntimeError"),
        (StopIteration(1), "StopIteration: 1"),
        (RecursionError("deep"), "RecursionError: deep"),
        (Unreadable(), "Unreadable: its message cannot be read"),
        (ValueError("\ud800"), "ValueError: ?"),
        (ValueError(object()), "ValueError: <object object>"),
    ],
)
def test_an_error_is_told_in_words_that_can_be_stored(error, words):
    assert note([Does(raising(error))]) == words


def test_a_long_error_is_cut():
    assert len(note([Does(raising(ValueError("x" * 9_999)))])) == LONGEST_ERROR


def test_a_suggestor_that_cannot_even_be_asked_has_failed():
    class Broken(Once):
        def accepts(self, context):
            raise KeyError("gone")

    assert note([Broken(GOOD)]) == "KeyError: 'gone'"


def test_a_suggestor_that_failed_once_to_be_asked_is_asked_afresh():
    class Moody(Once):
        def accepts(self, context):
            if not context.has(DIAGNOSTIC):
                raise KeyError("moody")
            return super().accepts(context)

    told = drive([Moody(GOOD)])
    assert (told.ids(), told.ids(DIAGNOSTIC)) == (["h"], ["suggestor-error:once:1"])


def batches(team, seeds=(), **terms):
    told = drive(team, seeds, **terms)
    wanted = [border for border in told.borders if isinstance(border, EffectsWanted)]
    return told, [[(ask.number, ask.ordinal, ask.effect.input["ask"]) for ask in border.requests] for border in wanted]


def test_effects_of_a_cycle_come_in_batches_in_order_of_registration():
    team = [Asks("a", 2), Once(text(HYPOTHESES, "plain")), Asks("b", 3), Asks("c", 1)]
    told, asked = batches(team)
    assert asked == [[(0, 0, "a"), (2, 0, "b"), (3, 0, "c")], [(0, 1, "a"), (2, 1, "b")], [(2, 2, "b")]]
    assert told.ids() == ["a", "plain", "b", "c"]


def test_ordinals_begin_anew_in_each_cycle():
    _, asked = batches([Asks("a"), Asks("b", on=[SEEDS]), Asks("a2", 2)], [text(SEEDS, "s")])
    again = [Asks("a"), Does(lambda context: [] if context.has(HYPOTHESES) else [text(SEEDS, "s2")])]
    assert {ordinal for batch in asked for _, ordinal, _ in batch} == {0, 1}
    assert batches(again)[1] == [[(0, 0, "a")]]


def test_an_answer_goes_back_to_who_asked():
    def by_name(border):
        return [EffectResult(request.effect.input["ask"].upper()) for request in border.requests]

    told = drive([Asks("a"), Asks("b")], answer=by_name)
    assert [fact.text for fact in told.result.context.get(HYPOTHESES)] == ['["A"]', '["B"]']


def test_a_failed_effect_is_thrown_in_and_may_be_caught():
    def careful(context):
        try:
            yield LLMCall("p", 1)
        except EffectFailed as error:
            return [text(HYPOTHESES, "h", f"instead of {error}")]

    told = drive([Does(lambda context: [] if context.has(HYPOTHESES) else careful(context))], answer=lambda _: [EffectResult(error="503")])
    assert told.result.context.get(HYPOTHESES)[0].text == "instead of 503"


def test_a_failed_effect_that_nobody_catches_is_a_failure():
    assert note([Asks("a")], answer=lambda _: [EffectResult(error="503")]) == "EffectFailed: 503"


def loop():
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (1, "TypeError: a suggestor may yield effects only, not int"),
        (GOOD, "TypeError: a suggestor may yield effects only, not Proposal"),
        (LLMCall("p", math.nan), "NotCanonical: "),
        (LLMCall("p", {1: 2}), "NotCanonical: a key must be text"),
        (LLMCall(None, object()), "NotCanonical: "),
        (ToolCall("t", "\ud800"), "NotCanonical: lone surrogate"),
        (ToolCall("t", loop()), "NotCanonical: "),
    ],
)
def test_what_is_no_storable_effect_is_a_failure_and_closes_the_conversation(effect, words):
    closed = []

    def suggest(context):
        try:
            yield effect
        finally:
            closed.append(True)

    assert note([Does(suggest)]).startswith(words)
    assert closed


@pytest.mark.parametrize("output", [math.nan, "\ud800", object(), {1: 2}])
def test_a_result_that_no_journal_could_hold_is_an_error(output):
    assert note([Asks("a")], answer=lambda _: [EffectResult(output)]).startswith("EffectFailed: the result cannot be stored: ")


@pytest.mark.parametrize("depth", range(MOST_NESTED - 5, MOST_NESTED + 2))
def test_an_effect_is_either_refused_or_enters_the_digest_with_its_result(depth):
    class Deep(Once):
        def suggest(self, context):
            yield LLMCall("p", nested(depth))
            return self.says

    told = drive([Deep(GOOD)], answer=lambda _: [EffectResult(nested(depth))])
    assert told.ids() == (["h"] if depth <= MOST_NESTED - 3 else [])
    assert told.stop == "Converged"


def test_an_answer_with_garbage_keeps_none_of_its_proposals():
    told = drive([Does(lambda context: [data(HYPOTHESES, "h", 1), 5]), Once(text(HYPOTHESES, "other"))])
    assert told.ids() == ["other"]


class AsksSeveral(Asks):
    """Asks all at once, and once more about what failed."""

    def suggest(self, context):
        heard = yield [ToolCall("t", n) for n in range(self.times)]
        again = [n for n, answer in enumerate(heard) if isinstance(answer, EffectFailed)]
        if again:
            heard[again[0]] = yield ToolCall("t", "again")
        return [text(HYPOTHESES, self.id, str(heard))]


def replying(border):
    return [EffectResult(error="busy") if one.effect.input == 1 else EffectResult(one.effect.input) for one in border.requests]


def test_several_effects_are_one_batch_and_a_failure_stands_among_the_answers():
    told = drive([AsksSeveral("h", 3, name="ada"), Asks("other", name="bob")], [text(SEEDS, "s")], answer=replying)
    asked = [[(one.name, one.ordinal) for one in border.requests] for border in told.borders if isinstance(border, EffectsWanted)]
    assert asked == [[("ada", 0), ("ada", 1), ("ada", 2), ("bob", 0)], [("ada", 3)]]
    assert told.result.context.fact(HYPOTHESES, "h").text == "[0, 'again', 2]"


@pytest.mark.parametrize(
    ("said", "says"), [([], "may not yield an empty list"), ([ToolCall("t", 0), 3], "may yield effects only, not int")]
)
def test_a_batch_that_is_none_is_an_error(said, says):
    def suggest(context):
        yield said

    assert says in note([Does(suggest)])
