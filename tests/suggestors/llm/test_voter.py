"""`llm-voter`: one vote on each topic, with its reasons."""

import pytest

from runs.engine import EffectResult
from runs.suggestors import DocumentInvalid, document_of
from tests.suggestors.llm.asked import KEY, SEED, in_words, run, seat

BOATS = [SEED | {"id": "boats", "text": "Boats?"}, SEED | {"id": "brief", "text": "Decide."}]
YES, NO = {"decision": "yes", "reason": "It floats."}, {"decision": "no", "reason": "It is wet.", "confidence": 0.6}


def voter(name="ada", **params):
    return seat("llm-voter", name, **({"topics": ["boats"], "prompt": "Vote. {topic}"} | params))


def test_a_vote_says_why_and_what_it_rests_on():
    asked, result = run(voter(), says=[in_words(YES)], seeds=BOATS)
    (vote,) = result.context.get(KEY.VOTES)
    assert (vote.id, vote.provenance, vote.used) == ("vote:boats:ada", "llm:gpt-4o", ((KEY.SEEDS, "boats"),))
    assert vote.payload.value == {"topic": "boats", "voter": "ada", "decision": "yes", "reason": "It floats."}
    assert asked[0]["messages"][0]["content"] == 'Vote. <facts key="Seeds" shown="1">\n{"id":"boats","text":"Boats?"}\n</facts>'
    assert (len(asked), result.context.count(KEY.DISAGREEMENTS)) == (1, 0)


def test_a_no_is_a_disagreement_as_the_mapper_wants_it():
    team = [voter(), voter("bob"), {"kind": "disagreement-mapper"}]
    _, result = run(*team, says=lambda request: NO if request.name == "ada" else YES, seeds=BOATS)
    (dissent,) = result.context.get(KEY.DISAGREEMENTS)
    assert (dissent.id, dissent.confidence) == ("disagreement:boats:ada", 0.6)
    assert dissent.payload.value == {"topic": "boats", "dissenter": "ada", "reason": "It is wet."}
    assert result.context.fact(KEY.DIAGNOSTIC, "disagreement_map:boats").payload.value["entries"][0]["dissenter"] == "ada"


def test_votes_of_models_count_like_any_other():
    rule = {"kind": "consensus-evaluator", "with": {"rule": "majority", "total_voters": 3}}
    _, result = run(voter("a"), voter("b"), voter("c"), rule, says=[YES, NO, YES], seeds=BOATS)
    outcome = result.context.fact(KEY.CONSENSUS_OUTCOMES, "outcome:boats").payload.value
    assert (outcome["passes"], outcome["yesVotes"], outcome["noVotes"]) == (True, 2, 1)


def test_without_a_list_it_votes_on_all_that_stand_under_the_key():
    asked, result = run(voter(topics=None), says=[YES, NO], seeds=BOATS)
    assert (len(asked), [fact.id for fact in result.context.get(KEY.VOTES)]) == (2, ["vote:boats:ada", "vote:brief:ada"])


def test_all_topics_are_asked_at_once_so_that_a_budget_stops_none_halfway():
    spent = lambda request: EffectResult(YES, tokens=40)  # noqa: E731
    asked, result = run(voter(topics=None), says=spent, seeds=BOATS, budget={"max_tokens": 50})
    assert (len(asked), result.context.count(KEY.VOTES)) == (2, 2)


def test_one_topic_that_fails_or_is_mended_keeps_no_other_from_its_vote():
    _, result = run(voter(topics=None), says=[EffectResult(error="busy"), {"decision": "maybe"}, NO], seeds=BOATS)
    assert [fact.id for fact in result.context.get(KEY.VOTES)] == ["vote:brief:ada"]
    assert result.context.fact(KEY.DIAGNOSTIC, "llm-error:vote:boats:ada").payload.value["message"] == "busy"


def test_a_later_vote_in_the_same_name_counts():
    thinks = {"when": [{"has": "Votes"}], "voter": "ada"}
    rule = {
        "kind": "consensus-evaluator",
        "with": {"rule": "majority", "total_voters": 1, "decide": {"when": [{"count_at_least": ["Votes", 2]}]}},
    }
    _, result = run(voter(), voter("ada-again", **thinks), rule, says=[NO, YES], seeds=BOATS)
    assert [fact.payload.value["voter"] for fact in result.context.get(KEY.VOTES)] == ["ada", "ada"]
    assert result.context.fact(KEY.CONSENSUS_OUTCOMES, "outcome:boats").payload.value["passes"]


@pytest.mark.parametrize("said", [{"decision": "maybe", "reason": "x"}, {"decision": "yes"}, {"decision": "no", "reason": " "}, "yes"])
def test_a_vote_that_is_none_is_mended_once(said):
    asked, result = run(voter(), says=[said, YES], seeds=BOATS)
    assert (len(asked), result.context.count(KEY.VOTES)) == (2, 1)


def test_who_cannot_be_asked_leaves_a_diagnostic_and_the_other_topics_are_voted_on():
    asked, result = run(voter(topics=None), says=[EffectResult(error="timeout: no"), YES], seeds=BOATS)
    assert [fact.id for fact in result.context.get(KEY.DIAGNOSTIC)] == ["llm-error:vote:boats:ada"]
    assert ([fact.id for fact in result.context.get(KEY.VOTES)], len(asked)) == (["vote:brief:ada"], 2)


@pytest.mark.parametrize("params", [{"when": [{"has": "Strategies"}]}, {"topics": ["cars"]}, {"topics_from": "Proposals"}])
def test_it_waits_for_its_conditions_and_its_topics(params):
    assert run(voter(**params), says=[], seeds=BOATS)[0] == []


@pytest.mark.parametrize(
    ("params", "path", "words"),
    [({"prompt": "Vote!"}, "", "the prompt must hold {topic}"), ({"topics": []}, ".topics", "must have at least 1 items, not 0")],
)
def test_parameters_that_make_no_sense_are_told(params, path, words):
    with pytest.raises(DocumentInvalid) as caught:
        document_of({"schema": "organism.formation/v1", "label": "L", "team": [voter(**params)]})
    assert caught.value.errors == [(f"team[0].with{path}", words)]
