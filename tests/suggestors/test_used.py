"""What the built-in suggestors declare as used: the facts that their proposals rest on."""

from runs.engine import ContextKey
from runs.suggestors.huddle import ConsensusEvaluator, DisagreementMapper, JoinProducer, RoundStarter, RoundSynthesizer
from runs.suggestors.stall import RoleStall
from tests.suggestors.teams import dissent, note, rule, run, text, vote

SEEDS, SIGNALS, CONSTRAINTS, HYPOTHESES = ContextKey.SEEDS, ContextKey.SIGNALS, ContextKey.CONSTRAINTS, ContextKey.HYPOTHESES
VOTES, DIAGNOSTIC, STRATEGIES = ContextKey.VOTES, ContextKey.DIAGNOSTIC, ContextKey.STRATEGIES


def used(result, key: ContextKey) -> dict[str, list[str]]:
    return {fact.id: [f"{key}/{id}" for key, id in fact.used] for fact in result.context.get(key)}


def test_a_verdict_rests_on_the_votes_that_count():
    seeds = [vote("t", "ada"), vote("u", "ada"), vote("t", "bob"), vote("t", "ada", "no", id="again")]
    assert used(run([ConsensusEvaluator("majority", 2)], *seeds), ContextKey.CONSENSUS_OUTCOMES) == {
        "outcome:t": ["Votes/again", "Votes/vote:t:bob"]
    }


def test_an_undecidable_topic_rests_on_its_votes():
    result = run([ConsensusEvaluator("majority", 1)], vote("t", "ada"), vote("t", "bob"))
    assert used(result, DIAGNOSTIC) == {"undecided:t": ["Votes/vote:t:ada", "Votes/vote:t:bob"]}


def test_a_map_rests_on_the_dissent_in_it():
    result = run([DisagreementMapper()], dissent("a", "ada"), dissent("b", "bob"), dissent("a", "cy"))
    assert used(result, DIAGNOSTIC)["disagreement_map:a"] == ["Disagreements/dissent:a:ada", "Disagreements/dissent:a:cy"]


def test_a_synthesis_rests_on_its_signal_and_its_notes():
    result = run([RoundStarter(1), note("ada", 1), note("bob", 1), RoundSynthesizer(2, JoinProducer())])
    assert used(result, STRATEGIES) == {"synthesis:1": ["Signals/round:start:1", "Hypotheses/note:ada:1", "Hypotheses/note:bob:1"]}


def test_a_synthesis_that_failed_rests_on_the_same():
    seeds = [text(SIGNALS, "round:start:+1")]
    result = run([RoundSynthesizer(0, JoinProducer())], *seeds)
    assert used(result, DIAGNOSTIC) == {"runtime:error:synthesis:1": ["Signals/round:start:+1"]}


def test_a_further_round_rests_on_the_marker_that_asked_for_it():
    result = run([RoundStarter(2)], text(CONSTRAINTS, "round:continue:1"))
    assert used(result, SIGNALS) == {"round:start:1": [], "round:start:2": ["Constraints/round:continue:1"]}


def test_a_rule_rests_on_the_facts_that_its_conditions_name():
    accepts = [{"has": "Seeds"}, {"has_fact": ["Seeds", "s1"]}, {"lacks_fact": ["Hypotheses", "h"]}]
    assert used(run([rule([SEEDS], accepts, [text(HYPOTHESES, "h")])], text(SEEDS, "s1")), HYPOTHESES) == {"h": ["Seeds/s1"]}


def test_a_rule_names_facts_as_it_found_them():
    accepts = [{"has_fact": ["Seeds", "s{count:Seeds}"]}, {"lacks_fact": ["Hypotheses", "h"]}]
    seeds = [text(SEEDS, "s1"), text(SEEDS, "s2")]
    assert used(run([rule([SEEDS], accepts, [text(HYPOTHESES, "h")])], *seeds), HYPOTHESES) == {"h": ["Seeds/s2"]}


def test_silence_rests_on_nothing_that_could_be_named():
    assert used(run([RoleStall(VOTES, "voter", 1)], text(SIGNALS, "x")), DIAGNOSTIC) == {"stall:voter": []}
