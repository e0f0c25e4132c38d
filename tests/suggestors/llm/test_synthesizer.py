"""`llm-synthesizer`: rounds summed up by a model."""

import pytest

from runs.engine import EffectResult
from runs.suggestors import DocumentInvalid, document_of
from tests.suggestors.llm.asked import KEY, in_words, item, run, seat

ROUNDS = {"kind": "round-starter", "with": {"max_rounds": 1}}


def note(who):
    heard = [{"has_fact": ["Signals", "round:start:1"]}, {"lacks_fact": ["Hypotheses", f"note:{who}:1"]}]
    says = [{"key": "Hypotheses", "id": f"note:{who}:1", "text": f"{who} says", "provenance": who}]
    return {"kind": "rule", "name": who, "with": {"dependencies": ["Signals"], "accepts": heard, "proposes": says}}


def summed(says, notes=2, gates=None, **params):
    team = [ROUNDS, note("ada"), note("bob"), seat("llm-synthesizer", "sums", expected_notes=notes, **params)]
    return run(*team, says=says)


def test_a_round_is_summed_up_once_its_notes_are_there():
    asked, result = summed([in_words(item("They agree", 0.8, "Both said so."))])
    (fact,) = result.context.get(KEY.STRATEGIES)
    assert (fact.id, fact.text, fact.confidence, fact.provenance) == ("synthesis:1", "They agree", 0.8, "llm:gpt-4o")
    assert fact.used == ((KEY.SIGNALS, "round:start:1"), (KEY.HYPOTHESES, "note:ada:1"), (KEY.HYPOTHESES, "note:bob:1"))
    assert result.context.fact(KEY.DIAGNOSTIC, "rationale:synthesis:1").payload.value["rationale"] == "Both said so."
    lines = asked[0]["messages"][0]["content"].splitlines()
    assert lines[1:3] == ['<facts key="Hypotheses" shown="2">', '{"id":"note:ada:1","text":"ada says"}']
    assert len(asked) == 1


def test_a_plan_is_what_skeptics_read():
    plan = {"description": "Buy", "annotation": {"costs": [{"estimate": 5}]}}
    asked, result = summed([item({"costs": 5}), item(plan)], produces="plan")
    (fact,) = result.context.get(KEY.STRATEGIES)
    assert (fact.payload.family, fact.payload.value, len(asked)) == ("organism.plan", plan, 2)


@pytest.mark.parametrize("says", [[EffectResult(error="timeout: no")], ["no", "no"]])
def test_a_synthesis_that_fails_is_not_tried_again(says):
    asked, result = summed(says)
    (fact,) = result.context.get(KEY.DIAGNOSTIC)
    assert (fact.id, len(asked), result.context.count(KEY.STRATEGIES)) == ("runtime:error:synthesis:1", len(says), 0)
    assert fact.payload.value["source"] == "organism-round-synthesizer"


@pytest.mark.parametrize(
    ("params", "notes"),
    [({}, 3), ({"terminal": [{"has": "Seeds"}]}, 2), ({"rounds": [2]}, 2), ({"prompt": "{notes} {fact:Signals/never}"}, 2)],
)
def test_it_waits_for_what_it_was_told_to(params, notes):
    assert summed([], notes, **params)[0] == []


def test_a_prompt_without_the_notes_is_refused():
    team = [seat("llm-synthesizer", "sums", expected_notes=1, prompt="Sum up.")]
    with pytest.raises(DocumentInvalid, match=r"team\[0\]\.with: the prompt must hold \{notes\}"):
        document_of({"schema": "organism.formation/v1", "label": "L", "team": team})
