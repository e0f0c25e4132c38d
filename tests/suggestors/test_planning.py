"""Plans on the table, gaps, stability, hypotheses."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runs.engine import ContextKey
from runs.suggestors import document_of
from runs.suggestors.plan import FAMILY, Plan, PlanStep
from runs.suggestors.planning import GapDetector, HuddleSeed, HypothesisTracker, Stability
from runs.suggestors.planning.gaps import CATEGORIES, missing
from runs.suggestors.planning.huddle_seed import SYSTEMS, HuddleSeedParams, SeededPlan
from runs.suggestors.summing import content_of
from tests.suggestors.plans import DOCUMENTS
from tests.suggestors.teams import Script, context_of, ids, run, text

SEEDS, STRATEGIES, HYPOTHESES = ContextKey.SEEDS, ContextKey.STRATEGIES, ContextKey.HYPOTHESES
PROPOSALS, EVALUATIONS, DIAGNOSTIC = ContextKey.PROPOSALS, ContextKey.EVALUATIONS, ContextKey.DIAGNOSTIC
STEPS = [PlanStep("hire"), PlanStep("build")]


def test_the_intent_and_the_plans_are_put_on_the_table():
    result = run([HuddleSeed("Grow", [SeededPlan(Plan(steps=STEPS, rationale="demand")), SeededPlan(Plan("x"), "mine")])])
    assert ids(result, SEEDS) == ["intent"]
    assert ids(result, STRATEGIES) == ["huddle-llm-0", "mine"]
    first, second = result.context.get(STRATEGIES)
    assert (first.payload.family, first.provenance) == (FAMILY, "organism-planning")
    assert first.payload.value["description"] == "[llm-reasoning] hire | build -- demand"
    assert second.payload.value["description"] == "x"


def test_ids_are_made_from_the_reasoning_and_the_place():
    plans = [SeededPlan(Plan(contributor=system)) for system in SYSTEMS]
    assert ids(run([HuddleSeed("x", plans)]), STRATEGIES) == [
        f"huddle-{name}-{place}" for place, name in enumerate(["domain", "causal", "constraint", "cost", "llm", "ml", "fuzzy"])
    ]


def test_what_is_on_the_table_is_left():
    result = run([HuddleSeed("Grow", [SeededPlan(Plan("x"))])], text(SEEDS, "intent", "Shrink"))
    assert result.converged
    assert [fact.text for fact in result.context.get(SEEDS)] == ["Shrink"]
    assert ids(result, STRATEGIES) == ["huddle-llm-0"]


def test_two_plans_cannot_have_one_id():
    with pytest.raises(ValueError, match="the id 'a' of a plan stands twice"):
        HuddleSeedParams("x", [SeededPlan(Plan(), "a"), SeededPlan(Plan(), "a")])


def test_a_document_seeds_plans_that_its_reviewers_can_read():
    annotation = {"costs": [{"estimate": 500}], "assumptions": ["a"], "evidence": ["a"]}
    team = [
        {"kind": "huddle-seed", "with": {"outcome": "Grow", "plans": [{"plan": {"annotation": annotation}}]}},
        {"kind": "assumption-breaker"},
        {"kind": "cost-simulation"},
    ]
    document = document_of({"schema": "organism.formation/v1", "label": "L", "team": team})
    assert ids(run(document.team(), *document.seeds()), EVALUATIONS) == ["assumption-pass-huddle-llm-0", "cost-pass-huddle-llm-0"]


def hypotheses(*categories: str, start=0) -> list:
    return [text(HYPOTHESES, f"h{start + number}", json.dumps({"category": category})) for number, category in enumerate(categories)]


@pytest.mark.parametrize(("count", "gaps"), [(4, 0), (5, 5)])
def test_gaps_are_looked_for_once_there_are_five_hypotheses(count, gaps):
    assert len(ids(run([GapDetector(missing(CATEGORIES))], *hypotheses(*["product"] * count)), STRATEGIES)) == gaps


def test_a_gap_names_generation_and_what_was_seen():
    result = run([GapDetector(missing(["a", "b"]), min_hypotheses=1)], *hypotheses("a"))
    (fact,) = result.context.get(STRATEGIES)
    assert (fact.id, fact.text) == ("gap:gap-detector:1:1:b", "gap: no hypothesis is about b")


def test_it_looks_again_only_when_there_are_more_and_not_for_ever():
    turns = [hypotheses("a", start=number) for number in range(5)]
    result = run([Script(*turns), GapDetector(missing(["a", "b"]), min_hypotheses=1, max_generations=3)])
    assert ids(result, STRATEGIES) == [f"gap:gap-detector:{number}:{number}:b" for number in (1, 2, 3)]


def test_it_remembers_by_the_facts_alone():
    facts = [*hypotheses("a"), text(STRATEGIES, "gap:gap-detector:3:0:b"), text(STRATEGIES, "gap:other:9:9:b")]
    assert not GapDetector(missing(["b"]), min_hypotheses=1).accepts(context_of(*facts))
    assert GapDetector(missing(["b"]), min_hypotheses=1, max_generations=4).accepts(context_of(*facts))


def stability(required=2, watch=HYPOTHESES, output=PROPOSALS) -> Stability:
    return Stability(watch, output, lambda _, facts: [("end", f"{len(facts)} stand", 0.8)], required_stable_cycles=required)


@pytest.mark.parametrize(("required", "cycle"), [(1, 2), (2, 3), (4, 5)])
def test_it_concludes_once_nothing_changed_for_so_many_cycles(required, cycle):
    result = run([stability(required)], *hypotheses("a", "b"))
    (fact,) = result.context.get(PROPOSALS)
    assert (fact.id, fact.text, fact.confidence, fact.cycle) == ("end", "2 stand", 0.8, cycle)
    assert [id for _, id in fact.used] == ["h0", "h1"]


def test_a_change_begins_the_wait_anew():
    result = run([Script(*[hypotheses("a", start=number) for number in range(3)]), stability()])
    assert ids(result, DIAGNOSTIC) == ["stable:stability:1:1", "stable:stability:2:1", "stable:stability:3:1", "stable:stability:3:2"]
    assert [fact.text for fact in result.context.get(PROPOSALS)] == ["3 stand"]


def test_it_is_silent_with_nothing_to_watch_or_something_concluded():
    assert not stability().accepts(context_of(text(SEEDS, "s")))
    assert not stability().accepts(context_of(*hypotheses("a"), text(PROPOSALS, "p")))


@pytest.mark.parametrize(("watch", "output"), [(DIAGNOSTIC, PROPOSALS), (HYPOTHESES, DIAGNOSTIC)])
def test_its_own_notes_do_not_count(watch, output):
    result = run([stability(watch=watch, output=output)], text(watch, "x"))
    assert "end" in ids(result, output)


def fate(hypothesis: str, *others, threshold=0.7) -> dict:
    result = run([HypothesisTracker(threshold)], text(HYPOTHESES, "h", hypothesis), *others)
    return next((content_of(fact) for fact in result.context.get(DIAGNOSTIC)), {})


@pytest.mark.parametrize(
    ("hypothesis", "outcome"),
    [
        ("0.7", "confirmed"),
        ("0.69", "unresolved"),
        ('{"confidence": 0.7}', "confirmed"),
        ('{"confidence": 0.69}', "unresolved"),
        ('{"confidence": "0.9"}', "unresolved"),
        ("words", "unresolved"),
        ("7e9", "confirmed"),
    ],
)
def test_proposals_confirm_what_is_sure_enough(hypothesis, outcome):
    assert fate(hypothesis, text(PROPOSALS, "p"))["outcome"] == outcome


def test_an_evaluation_that_mentions_it_falsifies_it():
    seeds = [text(EVALUATIONS, "e1", "all is well"), text(EVALUATIONS, "e2", "against h"), text(PROPOSALS, "p")]
    assert fate('{"confidence": 1, "domain": "it"}', *seeds) == {
        "fact_id": "h",
        "domain": "it",
        "claim": '{"confidence": 1, "domain": "it"}',
        "confidence": 1.0,
        "formed_cycle": 0,
        "outcome": "falsified",
        "resolved_cycle": 0,
        "contradiction_id": "e2",
    }


def test_an_open_hypothesis_is_not_spoken_of():
    assert not fate("0.9")
    assert not fate("0.9", text(EVALUATIONS, "e", "no word of it"))


def test_it_hears_of_late_evaluations_and_says_each_thing_once():
    late = [[text(HYPOTHESES, "h1")], [text(EVALUATIONS, "e", "not h1")], [text(PROPOSALS, "p")]]
    result = run([Script(*late), HypothesisTracker()])
    (fact,) = result.context.get(DIAGNOSTIC)
    assert (fact.id, fact.provenance, content_of(fact)["resolved_cycle"]) == ("hypothesis:h1", "organism-hypothesis-tracker", 2)
    assert [id for _, id in fact.used] == ["h1", "e"]


@settings(max_examples=50)
@given(st.lists(DOCUMENTS, min_size=1, max_size=6))
def test_no_hypothesis_makes_them_fail(texts):
    seeds = [text(HYPOTHESES, f"h{number}", f"{content} x") for number, content in enumerate(texts)]
    result = run([GapDetector(missing(CATEGORIES)), stability(), HypothesisTracker()], *seeds)
    assert result.converged
    assert not [id for id in ids(result, DIAGNOSTIC) if id.startswith("suggestor-error")]


def test_a_plan_form_is_strict():
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"outcome": "x", "plans": [{"plan": {"stps": []}}]}, HuddleSeedParams)
