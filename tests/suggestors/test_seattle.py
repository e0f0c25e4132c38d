"""A real conversation, run by the engine alone: every tally, verdict, round and map as counted from the source."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert

from runs.engine import (
    ConsensusOutcome,
    ConsensusRule,
    Context,
    ContextKey,
    ConvergeResult,
    Finished,
    Seal,
    State,
    Vote,
    converge,
    restore,
)
from runs.engine.facts import EPOCH
from runs.engine.wire import decode
from runs.suggestors import read_document

ONE_TALK, FOUR_ROUNDS = "seattle-15-per-hour", "seattle-four-rounds"


@cache
def run_of(folder: Path, name: str) -> ConvergeResult:
    document = read_document((folder / "data" / f"{name}.formation.json").read_bytes())
    *_, last = converge(document.team(), State.fresh(document.seeds()), budget=document.budget)
    return last.result


def expected_of(folder: Path, name: str) -> Any:
    return json.loads((folder / "data" / f"{name}.expected.json").read_text())


def outcomes(context: Context) -> dict[str, dict[str, Any]]:
    return {fact.payload.value["topic"]: fact.payload.value for fact in context.get(ContextKey.CONSENSUS_OUTCOMES)}


def picked(outcome: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: outcome[name] for name in names}


COUNTS = ("yesVotes", "noVotes", "abstainVotes", "totalVoters")


@pytest.mark.parametrize(("name", "cycles", "facts"), [(ONE_TALK, 36, 1454), (FOUR_ROUNDS, 47, 1521)])
def test_it_takes_as_many_cycles_and_facts_as_it_should(shared, name, cycles, facts):
    result = run_of(shared, name)
    assert (str(result.stop_reason), result.cycles, result.integrity.fact_count) == ("Converged", cycles, facts)


@pytest.mark.parametrize("name", [ONE_TALK, FOUR_ROUNDS])
def test_cut_after_every_cycle_and_gone_on_with_afresh_it_ends_the_same(shared, name):
    document = read_document((shared / "data" / f"{name}.formation.json").read_bytes())
    seal, rows, state = Seal("run", None, "c"), [], State.fresh(document.seeds())
    while True:
        border = next(converge(document.team(), state, budget=document.budget, correlation="c"))
        rows += map(decode, seal.envelopes(border.rows, 0, 0, EPOCH))
        if isinstance(border, Finished):
            break
        state = restore(rows)
    assert border.result.digest == run_of(shared, name).digest
    assert border.result.integrity == run_of(shared, name).integrity


def test_the_tallies_are_those_of_the_source(shared):
    expected = expected_of(shared, ONE_TALK)
    found = outcomes(run_of(shared, ONE_TALK).context)
    assert {topic: picked(outcome, *COUNTS) for topic, outcome in found.items()} == {
        topic: picked(outcome, *COUNTS) for topic, outcome in expected.items()
    }
    assert {topic: outcome["passes"] for topic, outcome in found.items()} == {
        topic: outcome["passes"]["majority"] for topic, outcome in expected.items()
    }


@pytest.mark.parametrize("rule", ConsensusRule)
def test_every_rule_gives_the_verdict_of_the_source(shared, rule):
    context = run_of(shared, ONE_TALK).context
    votes = [convert(fact.payload.value, Vote) for fact in context.get(ContextKey.VOTES)]
    for topic, expected in expected_of(shared, ONE_TALK).items():
        assert ConsensusOutcome.evaluate(topic, rule, votes, 34).passes == expected["passes"][rule], topic


def test_the_maps_name_everyone_who_dissents(shared):
    context = run_of(shared, ONE_TALK).context
    maps = [fact.payload.value for fact in context.get(ContextKey.DIAGNOSTIC)]
    found = {entry["topic"]: len({one["dissenter"] for one in entry["entries"]}) for entry in maps}
    expected = {topic: said["dissenters"] for topic, said in expected_of(shared, ONE_TALK).items() if said["dissenters"]}
    assert found == expected


def test_four_rounds_end_with_the_outcomes_of_the_source(shared):
    expected = expected_of(shared, FOUR_ROUNDS)["outcomes"]
    found = outcomes(run_of(shared, FOUR_ROUNDS).context)
    assert {topic: picked(outcome, *COUNTS, "passes") for topic, outcome in found.items()} == expected


def test_each_round_has_its_notes_and_its_synthesis(shared):
    context = run_of(shared, FOUR_ROUNDS).context
    notes = [fact.id for fact in context.get(ContextKey.HYPOTHESES)]
    for number, expected in expected_of(shared, FOUR_ROUNDS)["rounds"].items():
        assert context.fact(ContextKey.SIGNALS, f"round:start:{number}")
        synthesis = context.fact(ContextKey.STRATEGIES, f"synthesis:{number}")
        assert (len([id for id in notes if id.endswith(f":{number}")]), synthesis is not None) == (
            expected["notes"],
            expected["synthesis"],
        )


def test_a_synthesis_joins_the_notes_of_its_round(shared):
    context = run_of(shared, FOUR_ROUNDS).context
    notes = [fact.text for fact in context.get(ContextKey.HYPOTHESES) if fact.id.endswith(":2")]
    synthesis = context.fact(ContextKey.STRATEGIES, "synthesis:2")
    assert synthesis
    assert synthesis.text == "\n".join(text or "" for text in notes)
