"""Each template brings an example that becomes a valid document and comes to something."""

import json
from typing import Any

import pytest

from runs.engine import ContextKey, EffectResult, GateDecision
from runs.suggestors import DocumentInvalid, Formation, read_document
from runs.suggestors.formation import FormationResult
from runs.suggestors.providers.provider import Call
from runs.suggestors.templates import UnknownTemplate, template_named, templates
from tests.server import ROOT

NAMES = [template.name for template in templates()]
# Roles, capabilities, keywords, entities of the original's standard five, and of its four vendor flows.
STANDARD = {
    "organism-decision": (
        *("signal constraint evaluation synthesis", "llm_reasoning policy_enforcement analytics"),
        *("decision decide select approve choose incident", "approval option"),
    ),
    "organism-research": (
        *("signal analysis synthesis", "llm_reasoning knowledge_retrieval"),
        *("research investigate explore discover study strategy", "topic evidence"),
    ),
    "organism-evaluation": (
        *("signal evaluation synthesis", "llm_reasoning analytics policy_enforcement"),
        *("evaluation evaluate assess rank score compare", "candidate rubric"),
    ),
    "organism-planning": (
        *("signal planning constraint synthesis", "llm_reasoning analytics policy_enforcement"),
        *("planning plan schedule design sequence rollout", "milestone dependency"),
    ),
    "organism-diligence": (
        *("signal evaluation constraint synthesis", "llm_reasoning knowledge_retrieval policy_enforcement human_in_the_loop"),
        *("diligence vet audit verify validate qualify", "target claim evidence"),
    ),
}
FLOWS = {
    "Frame": ("frame-need-and-rubric", "need-and-strategy requirements", "ScoringRubric ShortlistSeed", "planning constraint"),
    "Source": (
        *("issue-and-ingest", "rfp-issuance vendor-response"),
        *("NormalizedVendorResponse QALedger EvidenceGapReport", "analysis constraint"),
    ),
    "Decide": (
        *("diligence-evaluate-decide", "due-diligence evaluation decision"),
        *("VendorSelectionDecisionRecord RubricBaseline AuditEntry", "evaluation constraint"),
    ),
    "Operate": (
        *("contract-operate-govern", "contract-and-onboard monitor-and-govern"),
        *("ObligationLedger AuditSnapshot RenewalRecommendation", "evaluation constraint"),
    ),
}
# What the examples come to: facts that must stand there.
RESULTS = {
    "organism-decision": [
        "Constraints/constraint-block-cheapslip",
        "ConsensusOutcomes/outcome:northpay",
        "Diagnostic/disagreement_map:stay",
    ],
    "organism-research": ["Signals/agenda:1", "Strategies/synthesis:1", "Proposals/findings"],
    "organism-evaluation": ["Constraints/anomaly-warn-swift", "Constraints/constraint-block-otter", "Diagnostic/disagreement_map:otter"],
    "organism-planning": ["Constraints/ops-skeptic-block-one-weekend", "Evaluations/ops-pass-floor-by-floor", "Proposals/schedule"],
    "organism-diligence": ["Evaluations/assumption-warn-kelp", "Constraints/policy-fail-kelp", "Signals/filed"],
    "vendor-selection-frame": ["ConsensusOutcomes/outcome:rubric", "Proposals/scoring-rubric", "Proposals/shortlist-seed"],
    "vendor-selection-source": ["Evaluations/response:Nightline", "Constraints/evidence-gap:Answerly", "Signals/qa-ledger"],
    "vendor-selection-decide": ["Constraints/constraint-block-answerly", "Proposals/vendor-selection-decision", "Signals/audit-entry"],
    "vendor-selection-operate": ["Constraints/obligation:reports", "Signals/audit-snapshot", "Proposals/renewal-recommendation"],
    "research-huddle": ["Constraints/round:continue:1", "Strategies/synthesis:2", "ConsensusOutcomes/outcome:four-days"],
    "plan-stress-test": [
        "Constraints/constraint-block-own-shop",
        "Evaluations/constraint-pass-corner",
        "Evaluations/recommendation-corner",
    ],
    "spend-approval": ["Evaluations/policy-pass-request", "Proposals/spend", "Evaluations/booked"],
}


def example(name: str) -> Any:
    return json.loads(json.dumps(template_named(name).card.example))


def run(name: str, **changed: Any) -> FormationResult:
    """Run the example; every gate is approved."""
    document = template_named(name).filled(example(name) | changed)
    formation = Formation(name).agents(document.team())
    for seed in document.seeds():
        formation.seed_payload(seed.key, seed.id, seed.payload, seed.provenance)
    if document.gates:
        formation.with_gates(document.gates)
    models = document.providers()
    return formation.run(
        decide=lambda gate: GateDecision(gate.gate_id, "approve", "ada"),
        answer=lambda request: models[request.effect.provider].answer(Call(request)),
    )


@pytest.mark.parametrize("name", NAMES)
def test_an_example_becomes_a_document_and_comes_to_something(name):
    result = run(name)
    assert result.converged
    facts = {f"{key}/{fact.id}" for key in ContextKey for fact in result.context.get(key)}
    assert set(RESULTS[name]) <= facts
    assert not [fact for fact in facts if "error" in fact or "undecided" in fact or "held-back" in fact]


@pytest.mark.parametrize("name", NAMES)
def test_its_document_is_an_ordinary_one(name):
    document = template_named(name).filled(example(name))
    assert read_document(document.to_yaml()).to_json() == document.to_json()


@pytest.mark.parametrize("name", STANDARD)
def test_the_standard_ones_are_those_of_the_original(name):
    card = template_named(name).card
    assert tuple(" ".join(words) for words in (card.roles, card.capabilities, card.keywords, card.entities)) == STANDARD[name]
    assert template_named(name).cost_hint == ("high" if name in ("organism-research", "organism-diligence") else "medium")


@pytest.mark.parametrize("name", FLOWS)
def test_the_vendor_flows_are_those_of_the_original(name):
    card = template_named(f"vendor-selection-{name.lower()}").card
    truth, stages, artifacts, roles = FLOWS[name]
    assert (card.flow.name, card.flow.truth, " ".join(card.flow.stages), " ".join(card.flow.artifacts)) == (name, truth, stages, artifacts)
    assert card.roles == ["signal", *roles.split(), "synthesis"]
    assert card.keywords == ["vendor", "rfp", "procurement", truth, name.lower()]
    assert card.entities == ["vendor", "rubric", "approval", *artifacts.split()]
    learning = ["experience_learning"] if name == "Operate" else []
    assert card.capabilities == ["knowledge_retrieval", "analytics", "policy_enforcement", "llm_reasoning", *learning]


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_described(name):
    silent = [
        f"{part}.{field}"
        for part, shape in template_named(name).schema()["$defs"].items()
        for field, told in shape.get("properties", {}).items()
        if "description" not in str(told)
    ]
    assert not silent


FAULTS = {
    "missing": ({}, "label", "is required"),
    "unknown": ({"foo": 1}, "foo", "unknown field; allowed: label"),
    "no option": ({"options": []}, "options", "must have at least 1 items, not 0"),
    "odd role": ({"people": [{"name": "a", "role": "boss"}]}, "people[0].role", "unknown value 'boss'"),
    "odd cost": (
        {"options": [{"id": "a", "text": "b", "plan": {"costs": [{"estimate": "x"}]}}]},
        "options[0].plan.costs[0].estimate",
        "expected a number, not text",
    ),
}


@pytest.mark.parametrize(("given", "path", "message"), FAULTS.values(), ids=FAULTS)
def test_it_says_what_is_wrong_and_where(given, path, message):
    parameters = given if not given else example("organism-decision") | given
    with pytest.raises(DocumentInvalid) as caught:
        template_named("organism-decision").filled(parameters)
    assert message in dict(caught.value.errors).get(path, "nothing")


def test_a_panel_without_a_critic_is_refused_like_in_any_document():
    people = [person for person in example("organism-decision")["people"] if person["role"] != "critic"]
    with pytest.raises(DocumentInvalid, match="nobody is critic"):
        template_named("organism-decision").filled(example("organism-decision") | {"people": people})


def test_an_unknown_template_is_named():
    with pytest.raises(UnknownTemplate, match="unknown template 'x'; allowed: organism-decision"):
        template_named("x")


def test_people_who_have_not_spoken_are_asked():
    people = [{"name": who, "role": role, "ask": "operator"} for who, role in (("a", "lead"), ("b", "domain"), ("c", "critic"))]
    document = template_named("organism-decision").filled(example("organism-decision") | {"people": people})
    asked = [(seat.name, seat.params.topic) for seat in document.seats if seat.kind.kind == "human"]
    assert ("a on stay", "stay") in asked
    assert len(asked) == 9


def test_models_sit_at_the_table_like_people():
    result = run("organism-research")
    (note,) = [fact for fact in result.context.get(ContextKey.HYPOTHESES) if fact.id == "note:Lea:1"]
    assert "Tyrol" in note.text
    assert [fact.id for fact in result.context.get(ContextKey.HYPOTHESES)] == ["note:Georg:1", "note:Lea:1", "note:Amir:1"]
    assert result.context.fact(ContextKey.STRATEGIES, "synthesis:1").text.startswith("The new carrier is the cause")
    assert "vote:mole:Rui votes" in {fact.id for fact in run("organism-evaluation").context.get(ContextKey.VOTES)}


@pytest.mark.parametrize("who", [{"ask": "operator"}, {"provider": "nobody"}])
def test_a_round_goes_on_without_somebody_who_never_answers(who):
    people = example("organism-research")["people"]
    absent = [*people, {"name": "Zoe", "role": "domain"} | who]
    document = template_named("organism-research").filled(example("organism-research") | {"people": absent})
    models = document.providers()

    def answer(request: Any) -> Any:
        if request.name.startswith("Zoe"):
            return EffectResult(error="too late")
        return models[request.effect.provider].answer(Call(request))

    formation = Formation("Absent").agents(document.team())
    for seed in document.seeds():
        formation.seed_payload(seed.key, seed.id, seed.payload, seed.provenance)
    context = formation.run(answer=answer).context
    assert context.fact(ContextKey.STRATEGIES, "synthesis:1") is not None
    assert not [fact.id for fact in context.get(ContextKey.HYPOTHESES) if "Zoe" in fact.id]


def test_a_mind_was_changed():
    votes = [fact.payload.value for fact in run("research-huddle").context.get(ContextKey.VOTES)]
    assert [vote["decision"] for vote in votes if vote["voter"] == "Emil"] == ["no", "yes"]


def test_a_disagreement_has_several_reasons():
    (map_,) = [f for f in run("organism-evaluation").context.get(ContextKey.DIAGNOSTIC) if f.id == "disagreement_map:otter"]
    assert len({entry["reason"] for entry in map_.payload.value["entries"]}) == 3


def test_all_stand_in_the_readme():
    rows = "".join(f"| `{each.name}` | {each.card.use} |\n" for each in templates())
    assert rows in (ROOT / "README.md").read_text()
