"""The fluent builder: the original's own tests word for word, then what is ours."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import (
    Budget,
    ConsensusRule,
    ContextKey,
    EffectResult,
    FormationExperienceObserver,
    GateDecision,
    GatePolicy,
    LLMCall,
    MemoryEffectSink,
    Proposal,
    Suggestor,
    Vote,
    VoteDecision,
)
from runs.suggestors import ConvergenceFailed, Formation
from runs.suggestors.huddle import CountingProducer
from tests.server import ROOT
from tests.suggestors.teams import note, text_of

SEEDS, HYPOTHESES, VOTES = ContextKey.SEEDS, ContextKey.HYPOTHESES, ContextKey.VOTES
IDS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,15}", fullmatch=True)
TEXTS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,31}", fullmatch=True)
PROVENANCES = st.from_regex(r"[a-z][a-z0-9-]{2,15}", fullmatch=True)


class EchoSeeds(Suggestor):
    """Repeats every seed as a hypothesis."""

    name = "echo-seeds"
    dependencies = (SEEDS,)

    def accepts(self, context):
        return context.has(SEEDS) and not context.has(HYPOTHESES)

    def suggest(self, context):
        return [Proposal.text_of(HYPOTHESES, f"observed-{seed.id}", f"observed {seed.text}", "echo") for seed in context.get(SEEDS)]


def seeded(text: str, id: str = "seed-1", provenance: str = "external-request") -> Formation:
    return Formation("valid-seed").agent(EchoSeeds()).seed(SEEDS, id, text, provenance)


def test_formation_promotes_valid_seed_before_agent_loop():
    result = seeded("seed content").run()
    assert result.converged
    assert not result.context.has_pending_proposals()
    assert text_of(result, SEEDS) == {"seed-1": "seed content"}
    assert text_of(result, HYPOTHESES) == {"observed-seed-1": "observed seed content"}


def test_formation_rejects_invalid_seed_before_agent_can_observe_it():
    result = seeded(" \t\n").run()
    assert result.converged
    assert not result.context.has(SEEDS)
    assert not result.context.has(HYPOTHESES)
    assert not result.context.has_pending_proposals()


def test_formation_rejects_conflicting_seed_ids_before_engine_run():
    formation = Formation("conflict").seed(SEEDS, "seed-1", "one", "p").seed(SEEDS, "seed-1", "two", "p")
    with pytest.raises(ConvergenceFailed, match="conflict detected for fact 'seed-1'") as caught:
        formation.run()
    assert "conflict detected for fact 'seed-1'" in caught.value.message


@given(id=IDS, text=TEXTS, provenance=PROVENANCES)
def test_formation_roundtrips_valid_seed_inputs(id, text, provenance):
    result = seeded(text, id, provenance).run()
    assert text_of(result, SEEDS) == {id: text}
    assert text_of(result, HYPOTHESES) == {f"observed-{id}": f"observed {text}"}
    assert not result.context.has_pending_proposals()


@given(text=st.text(" \t\n", min_size=1, max_size=12))
def test_formation_never_promotes_whitespace_only_seed_content(text):
    result = seeded(text).run()
    assert not result.context.has(SEEDS)
    assert not result.context.has(HYPOTHESES)


def test_a_formation_without_anything_converges_at_cycle_one():
    result = Formation("empty").run()
    assert (result.converged, result.cycles, result.integrity.fact_count) == (True, 1, 0)


def test_it_gives_what_the_engine_found():
    result = seeded("seed content").run()
    assert (result.label, str(result.stop_reason), result.cycles) == ("valid-seed", "Converged", 2)
    assert result.integrity.merkle_root == result.context.merkle_root()
    assert result.digest == seeded("seed content").run().digest


def test_a_formation_can_be_run_again_as_nobody_remembers_anything():
    formation = Formation("votes").with_consensus_evaluator("majority", 1).with_disagreement_mapper()
    formation.seed_payload(VOTES, "v", Vote("t", "ada", VoteDecision.YES), "p")
    assert formation.run().digest == formation.run().digest


def test_an_equal_seed_is_taken_once():
    assert seeded("a").seed(SEEDS, "seed-1", "a", "external-request").run().context.count(SEEDS) == 1


def test_seeds_of_text_and_typed_ones_keep_their_order():
    formation = Formation("order").seed(VOTES, "a", "text", "p").seed_payload(VOTES, "b", Vote("t", "v", VoteDecision.NO), "p")
    assert [fact.id for fact in formation.seed(VOTES, "c", "text", "p").run().context.get(VOTES)] == ["a", "b", "c"]


def test_a_spent_budget_fails_with_the_engines_words_and_keeps_the_facts():
    with pytest.raises(ConvergenceFailed) as caught:
        seeded("a").with_budget(Budget(max_cycles=1)).run()
    assert caught.value.message == "budget exhausted: max_cycles (1)"
    assert str(caught.value) == "convergence failed: budget exhausted: max_cycles (1)"
    assert caught.value.result.context.count(HYPOTHESES) == 1
    assert caught.value.result.stop_reason.kind == "CycleBudgetExhausted"


def test_a_whole_huddle_is_built_by_its_methods():
    formation = Formation("huddle").with_round_starter(1).with_round_synthesizer(1, CountingProducer()).agent(note("ada", 1))
    formation.with_consensus_evaluator(ConsensusRule.MAJORITY, 1).seed_payload(VOTES, "v", Vote("t", "ada", VoteDecision.YES), "p")
    context = formation.with_disagreement_mapper().run().context
    assert context.fact(ContextKey.STRATEGIES, "synthesis:1")
    assert context.fact(ContextKey.CONSENSUS_OUTCOMES, "outcome:t")


class Asks(Suggestor):
    """Asks a model once."""

    name = "asks"

    def accepts(self, context):
        return not context.has(HYPOTHESES)

    def suggest(self, context):
        said = yield LLMCall("openai", {"prompt": "?"})
        return [Proposal.text_of(HYPOTHESES, "said", str(said), "p")]


@pytest.mark.parametrize("answer", ["yes", EffectResult("yes", tokens=3)])
def test_effects_are_answered_by_whoever_runs_it(answer: Any):
    result = Formation("asks").agent(Asks()).run(answer=lambda request: answer)
    assert text_of(result, HYPOTHESES) == {"said": "yes"}


def test_a_sink_is_told_of_every_effect():
    sink = MemoryEffectSink()
    Formation("asks").agent(Asks()).recording_effects(sink).run(answer=lambda request: "yes")
    assert [(run_id, type(effect)) for run_id, effect in sink.records] == [("asks", LLMCall)]


def test_an_effect_that_nobody_answers_fails():
    result = Formation("asks").agent(Asks()).run()
    assert "EffectFailed: nobody answers LLMCall" in result.context.get(ContextKey.DIAGNOSTIC)[0].payload.json


def gated() -> Formation:
    return seeded("a").with_gates(GatePolicy(keys=(HYPOTHESES,)))


def test_a_gate_that_nobody_decides_ends_the_run():
    with pytest.raises(ConvergenceFailed, match="HITL gate pending: hitl-1-0-observed-seed-1") as caught:
        gated().run()
    assert caught.value.result.context.count(SEEDS) == 1


def test_gates_are_decided_by_whoever_runs_it():
    result = gated().run(decide=lambda gate: GateDecision(gate.gate_id, "approve", "ada"))
    assert [fact.approver for fact in result.context.get(HYPOTHESES)] == ["ada"]


def test_an_observer_hears_every_event():
    envelopes = []

    class Sink:
        def append(self, envelope):
            envelopes.append(envelope)

    seeded("a").run_with_event_observer(FormationExperienceObserver.tenant_scoped(Sink(), "tenant-a", "c"))
    assert [envelope.event.type for envelope in envelopes] == ["FactPromoted", "FactPromoted", "OutcomeRecorded"]
    assert [envelope.event_id for envelope in envelopes] == ["formation:c:0", "formation:c:1", "formation:c:2"]


def test_the_example_of_the_readme_converges(capsys):
    chapter = (ROOT / "README.md").read_text().partition("## Formation documents")[2].partition("\n## ")[0]
    (source,) = re.findall(r"```python\n(.*?)```", chapter, re.DOTALL)
    exec(compile(source, "README.md", "exec"), {"__name__": "readme"})
    assert capsys.readouterr().out.startswith("Converged 2 ")
