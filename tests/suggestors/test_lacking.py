"""What keeps a suggestor from speaking, in words."""

import pytest

from runs.engine import ContextKey, Suggestor
from runs.suggestors.huddle import ConsensusEvaluator, DisagreementMapper, JoinProducer, RoundStarter, RoundSynthesizer
from runs.suggestors.lacking import lacking
from runs.suggestors.stall import RoleStall
from tests.suggestors.teams import context_of, dissent, rule, text, vote

SEEDS, SIGNALS, HYPOTHESES = ContextKey.SEEDS, ContextKey.SIGNALS, ContextKey.HYPOTHESES
SEED = text(SEEDS, "s1")


def says(suggestor: Suggestor, *proposals) -> list[str]:
    return [lack.says for lack in lacking(suggestor, context_of(*proposals))]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"has": "Votes"}, "there is no fact under Votes"),
        ({"absent": "Seeds"}, "there are facts under Seeds"),
        ({"count_at_least": ["Seeds", 2]}, "Seeds has 1 fact, at least 2 are needed"),
        ({"count_below": ["Seeds", 1]}, "Seeds has 1 fact, fewer than 1 are needed"),
        ({"has_fact": ["Seeds", "s{count:Votes}"]}, "Seeds/s0 is missing"),
        ({"lacks_fact": ["Seeds", "s1"]}, "Seeds/s1 is there already"),
    ],
)
def test_the_condition_that_fails_is_named(condition, words):
    asked = rule([SEEDS], [{"has": "Seeds"}, condition], [text(HYPOTHESES, "h")])
    (lack,) = lacking(asked, context_of(SEED))
    assert (lack.says, lack.condition) == (words, condition)


def test_who_would_speak_lacks_nothing():
    assert says(rule([SEEDS], [{"has": "Seeds"}], [text(HYPOTHESES, "h")]), SEED) == []


def test_keys_without_facts_wake_nobody():
    asked = rule([SIGNALS, ContextKey.VOTES], [], [text(HYPOTHESES, "h")])
    assert says(asked, SEED) == ["no fact under Signals or Votes, which would wake it"]


def test_a_strange_suggestor_is_asked_for_its_facts_and_then_itself():
    class Strange(Suggestor):
        waits_for = ((SIGNALS, "go"),)
        done_when = ((SEEDS, "s1"),)

    class Never(Suggestor):
        def accepts(self, context):
            return False

    class Broken(Suggestor):
        def accepts(self, context):
            raise ValueError

    assert says(Strange(), SEED) == ["Signals/go is missing", "Seeds/s1 is there already"]
    assert says(Never(), SEED) == ["it found nothing to do"]
    assert says(Broken(), SEED) == []


def test_an_evaluator_tells_of_topics_that_are_not_settled():
    assert says(ConsensusEvaluator("majority", 3), vote("t", "ada"), vote("u", "ada"), vote("u", "bob")) == [
        "topic 't' has 1 of 3 votes, and the others may change its result"
    ]
    waits = ConsensusEvaluator("majority", 1, decide={"when": [{"has_fact": ["Signals", "done"]}]})
    assert says(waits, vote("t", "ada")) == ["Signals/done is missing"]


def test_a_mapper_tells_what_it_waits_for():
    assert says(DisagreementMapper(), dissent("t", "ada")) == []
    assert says(DisagreementMapper(), SEED) == ["no fact under Disagreements, which would wake it"]


def test_a_synthesizer_tells_of_rounds_short_of_notes():
    asked = RoundSynthesizer(2, JoinProducer())
    assert says(asked, text(HYPOTHESES, "note:ada:1")) == ["no round has started"]
    assert says(asked, text(SIGNALS, "round:start:1"), text(HYPOTHESES, "note:ada:1")) == ["round 1 has 1 of 2 notes"]


def test_a_starter_tells_of_the_marker_it_waits_for():
    one = text(SIGNALS, "round:start:1")
    assert says(RoundStarter(2)) == []
    assert says(RoundStarter(2), one) == ["Constraints/round:continue:1 is missing"]
    assert says(RoundStarter(1), one) == ["round 1, the last one, has started"]
    assert says(RoundStarter(2, terminal=lambda _: True), SEED) == ["its terminal conditions hold"]


def test_a_watcher_tells_why_nothing_is_wrong():
    assert says(RoleStall(SEEDS, "author"), SEED, text(SIGNALS, "x")) == [
        "there are facts under Seeds: nobody is silent",
        "1 fact elsewhere, at least 3 are needed",
    ]
