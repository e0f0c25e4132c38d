"""The suggestor that is a person."""

import msgspec
import pytest

from runs.engine import ContextKey, EffectResult, InterruptRaise
from runs.engine.governance import VOTE_FAMILY
from runs.suggestors import Formation, document_of
from runs.suggestors.huddle import DisagreementMapper
from runs.suggestors.human import Human, HumanParams
from runs.suggestors.problems import DocumentInvalid

KEY = ContextKey


def human(name="ada", **params) -> Human:
    given = {"ask": "ada@acme.example", "wants": "vote", "topic": "boats"} | params
    return Human(msgspec.convert(given, HumanParams), name)


def run(team, said, seed="boats"):
    """The questions that were asked, and the result."""
    asked = []

    def answer(request):
        assert isinstance(request.effect, InterruptRaise)
        asked.append(request.effect.value)
        return said if isinstance(said, EffectResult) else EffectResult({"answer": said, "by": "ada@acme.example"})

    formation = Formation("Humans").seed(KEY.SEEDS, seed, "Shall we buy boats?", "operator")
    for one in team:
        formation.agent(one)
    return asked, formation.run(answer=answer)


def test_a_vote_is_asked_for_and_stands_under_votes():
    asked, result = run([human()], {"decision": "no", "reason": "wet"})
    (fact,) = result.context.get(KEY.VOTES)
    assert (fact.id, fact.provenance, fact.payload.family) == ("vote:boats:ada", "human:ada@acme.example", VOTE_FAMILY)
    assert fact.payload.value == {"topic": "boats", "voter": "ada", "decision": "no", "reason": "wet"}
    assert (asked[0]["question"], asked[0]["ask"]) == ("How do you vote? Shall we buy boats?", "ada@acme.example")
    assert len(asked) == 1


def test_a_vote_counts_like_any_other():
    team = [human("ada"), human("bob")]
    formation = Formation("Panel").seed(KEY.SEEDS, "boats", "Boats?", "operator").agent(team[0]).agent(team[1])
    formation.with_consensus_evaluator("majority", 2)
    result = formation.run(answer=lambda request: {"answer": {"decision": "yes"}, "by": request.name})
    assert result.context.fact(KEY.CONSENSUS_OUTCOMES, "outcome:boats").payload.value["passes"]


def test_a_note_is_a_text_of_its_round():
    team = [human(wants="note", round=1, question="What do you see?")]
    formation = Formation("Notes").seed(KEY.SEEDS, "boats", "Boats?", "operator").with_round_starter(1).agent(team[0])
    result = formation.run(answer=lambda request: {"answer": request.effect.value["question"] + " Rain.", "by": "bob"})
    (fact,) = result.context.get(KEY.HYPOTHESES)
    assert (fact.id, fact.text, fact.provenance) == ("note:ada:1", "What do you see? Rain.", "human:bob")


@pytest.mark.parametrize("when", [[{"has": "Signals"}], [{"has_fact": ["Signals", "x"]}]])
def test_nobody_is_asked_before_the_time_has_come(when):
    asked, result = run([human(when=when)], {"decision": "yes"})
    assert (asked, result.context.count(KEY.VOTES)) == ([], 0)


def test_nobody_is_asked_twice_who_would_not_answer():
    asked, result = run([human(), DisagreementMapper()], EffectResult(error="timeout gave no answer"))
    fact = result.context.fact(KEY.DIAGNOSTIC, "unanswered:ada")
    assert (len(asked), fact.payload.value["message"]) == (1, "timeout gave no answer")
    assert result.context.count(KEY.VOTES) == 0


def test_a_topic_without_a_seed_is_named():
    asked, _ = run([human(timeout_seconds=60)], {"decision": "abstain"}, seed="other")
    assert (asked[0]["question"], asked[0]["timeout_seconds"]) == ("How do you vote? boats", 60)


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"ask": "x", "wants": "song", "topic": "t"}, "team[0].with.wants"),
        ({"ask": " ", "wants": "vote", "topic": "t"}, "team[0].with.ask"),
        ({"ask": "x", "wants": "vote"}, "team[0].with.topic"),
        ({"ask": "x", "wants": "note", "topic": "t", "round": 0}, "team[0].with.round"),
        ({"ask": "x", "wants": "note", "topic": "t", "timeout_seconds": 0}, "team[0].with.timeout_seconds"),
    ],
)
def test_parameters_that_make_no_sense_are_told_with_their_path(params, path):
    with pytest.raises(DocumentInvalid) as caught:
        document_of({"schema": "organism.formation/v1", "label": "L", "team": [{"kind": "human", "with": params}]})
    assert [where for where, _ in caught.value.errors] == [path]
