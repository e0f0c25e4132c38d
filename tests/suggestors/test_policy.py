"""The suggestor that decides by policies."""

import json
import re

import pytest

from runs.engine import ContextKey, EffectResult, Payload
from runs.suggestors import Formation, document_of, document_schema
from runs.suggestors.policy import Policy, PolicyParams
from runs.suggestors.policy_request import ContextForm, Unreadable, values_at
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.providers import policy as provider
from runs.suggestors.summing import content_of
from tests.server import ROOT

KEY = ContextKey
SPEND = """
@id("small spend") permit (principal, action == Action::"adopt", resource) when { context.cost <= 1000 };
@id("no exports") forbid (principal, action, resource) when { context has actions && context.actions.contains("export") };
"""
COST = {"field": "annotation.costs[].estimate", "read": "sum"}
CONTEXT = {"cost": COST, "actions": {"field": "annotation.actions"}}


def policy(policies=SPEND, context=CONTEXT, name="policy", **params) -> Policy:
    kind = document_of(formed(policies=policies, context=context, **params)).seats[0]
    return Policy(kind.params, name)


def formed(**params):
    return {"schema": "organism.formation/v1", "label": "L", "team": [{"kind": "policy", "with": params}]}


def plan(*estimates, **annotation) -> Payload:
    return Payload.of("organism.plan", {"annotation": {"costs": [{"estimate": one} for one in estimates]} | annotation})


def run(one, *payloads, answer=None, key=KEY.STRATEGIES):
    formation = Formation("Policies").agent(one)
    for number, payload in enumerate(payloads):
        formation.seed_payload(key, f"s{number}", payload, "ada")
    return formation.run(answer=answer).context


def said(context) -> dict:
    facts = [fact for key in (KEY.EVALUATIONS, KEY.CONSTRAINTS) for fact in context.get(key)]
    return {f"{fact.key}/{fact.id}": content_of(fact) for fact in facts}


@pytest.mark.parametrize(
    ("payload", "place", "policies", "finding"),
    [
        (plan(600, 400), "Evaluations/policy-allow-s0", ["small spend"], "allowed by 'small spend'"),
        (plan(600, 401), "Constraints/policy-deny-s0", [], "denied: no policy allows it"),
        (plan(1, actions=["export"]), "Constraints/policy-deny-s0", ["no exports"], "denied by 'no exports'"),
        (plan(2000, actions=["export"]), "Constraints/policy-deny-s0", ["no exports"], "denied by 'no exports'"),
        (Payload.text_of("Buy it"), "Evaluations/policy-allow-s0", ["small spend"], "allowed by 'small spend'"),
        (Payload.text_of('{"annotation":{"costs":[{"estimate":1001}]}}'), "Constraints/policy-deny-s0", [], "denied: no policy allows it"),
    ],
    ids=["limit", "above", "forbidden", "both", "words", "JSON"],
)
def test_a_plan_is_decided_with_the_policies_that_decided_as_evidence(payload, place, policies, finding):
    ((where, content),) = said(run(policy(), payload)).items()
    assert (where, content["policies"], content["findings"]) == (place, policies, [finding])
    assert content.get("passed") is (True if place.startswith("Eval") else None)


def test_what_it_says_reads_like_any_judgement():
    (content,) = said(run(policy(), plan(5000))).values()
    assert list(content) == ["strategy_id", "agent", "kind", "decision", "severity", "policies", "findings", "severities"]
    assert (content["agent"], content["decision"], content["severities"]) == ("policy", "deny", ["blocker"])


def test_all_plans_of_a_cycle_are_one_effect_and_late_ones_another():
    asked = []

    def answer(request):
        asked.append(len(request.effect.input["requests"]))
        return [{"decision": "allow", "policies": ["x"]}] * asked[-1]

    context = run(policy(), plan(1), plan(2), plan(3), answer=answer)
    assert (asked, context.count(KEY.EVALUATIONS)) == ([3], 3)
    assert context.get(KEY.EVALUATIONS)[0].used == ((KEY.STRATEGIES, "s0"),)


def test_a_policy_that_cannot_be_evaluated_allows_nothing():
    careless = SPEND + '@id("team") forbid (principal, action, resource) when { context.team < 3 };'
    context = run(policy(careless), plan(5))
    (content,) = said(context).values()
    assert content["decision"] == "deny"
    assert content["findings"][0].startswith("denied, as it cannot be decided: error while evaluating policy `team`")
    assert context.fact(KEY.DIAGNOSTIC, "policy-error-s0").payload.value["message"].startswith("Strategies/s0: error while evaluating")


def test_what_the_mapping_cannot_read_is_denied_and_told():
    context = run(policy(), plan(1.5), plan(1))
    assert list(said(context)) == ["Evaluations/policy-allow-s1", "Constraints/policy-deny-s0"]
    assert "1.5 is no whole number; say decimal: true" in context.fact(KEY.DIAGNOSTIC, "policy-error-s0").payload.json


def test_decimals_of_cedar():
    limit = 'permit (principal, action, resource) when { context.cost.lessThanOrEqual(decimal("1.5")) };'
    context = run(policy(limit, {"cost": COST | {"decimal": True}}), plan(1.5), plan(1.5001), plan(1))
    assert list(said(context)) == ["Evaluations/policy-allow-s0", "Evaluations/policy-allow-s2", "Constraints/policy-deny-s1"]
    assert said(context)["Evaluations/policy-allow-s0"]["policies"] == ["policy0"]


def test_who_acts_on_what_is_mapped():
    rules = 'permit (principal == User::"bob", action == Action::"buy", resource == Plan::"s0") when { principal.level > 2 };'
    entities = [{"uid": {"type": "User", "id": "bob"}, "attrs": {"level": 3}, "parents": []}]
    mapping = {"principal": {"type": "User", "field": "contributor"}, "action": {"type": "Action", "id": "buy"}}
    one = policy(rules, {}, entities=entities, **mapping)
    context = run(
        one, Payload.text_of('{"contributor":"bob"}'), Payload.text_of('{"contributor":"bob"}'), Payload.text_of('{"contributor":3}')
    )
    assert sorted(said(context)) == ["Constraints/policy-deny-s1", "Constraints/policy-deny-s2", "Evaluations/policy-allow-s0"]
    assert "User: the field 'contributor' holds no text" in context.get(KEY.DIAGNOSTIC)[0].payload.json


def test_the_usual_principal_is_whoever_wrote_the_plan():
    assert "Evaluations/policy-allow-s0" in said(run(policy('permit (principal == Suggestor::"ada", action, resource);', {}), plan()))


def test_proposals_may_be_decided():
    assert "Evaluations/gate-allow-s0" in said(run(policy(key="Proposals", name="gate"), plan(1), key=KEY.PROPOSALS))


@pytest.mark.parametrize("output", [EffectResult(error="no"), {"decision": "allow"}, [{"decision": "maybe"}]], ids=["error", "one", "odd"])
def test_what_was_not_decided_is_told_and_not_asked_again(output):
    context = run(policy(), plan(1), answer=lambda request: output)
    assert [fact.id for fact in context.get(KEY.DIAGNOSTIC)] == ["policy-error-s0"]
    assert not said(context)


def test_without_cedar_the_diagnostic_names_what_to_install(monkeypatch):
    monkeypatch.setattr(provider, "find_spec", lambda name: None)
    (note,) = run(policy("nonsense that nobody can check"), plan(1)).get(KEY.DIAGNOSTIC)
    assert "pip install 'organism-web[policy]'" in note.payload.json


SCHEMA = "entity Suggestor; entity Plan; action adopt appliesTo {principal: [Suggestor], resource: [Plan], context: {cost: Long}};"
FAULTS = [
    ({"policies": "permit (principal, action"}, "team[0].with.policies: is not Cedar: unexpected end of input"),
    ({"policies": " "}, "team[0].with.policies: there is no policy, so nothing would ever be allowed"),
    ({"policies": "permit (principal == ?principal, action, resource);"}, "team[0].with.policies: templates"),
    ({"policies": '@id("a") permit (principal, action, resource);' * 2}, 'team[0].with.policies: two policies are called @id("a")'),
    ({"policies": SPEND, "schema": "entity {"}, "team[0].with.schema: is not Cedar: error parsing schema"),
    ({"policies": SPEND, "schema": SCHEMA.replace("cost", "price")}, "attribute `cost`"),
    ({"policies": SPEND, "entities": [{"uid": {"type": "User"}}]}, "team[0].with.entities: is not Cedar: "),
    ({"policies": SPEND, "context": {"cost": {"field": "a..b"}}}, "team[0].with.context.cost.field: 'a..b' is not of the form "),
    ({"policies": SPEND, "principal": {"type": "User"}}, "team[0].with.principal: exactly one of id, field, fact must be given"),
    ({}, "team[0].with.policies: is required"),
]


@pytest.mark.parametrize(("params", "words"), FAULTS, ids=[str(number) for number in range(len(FAULTS))])
def test_faults_are_told_when_the_document_is_read(params, words):
    with pytest.raises(DocumentInvalid) as told:
        document_of(formed(**params))
    assert words in str(told.value)


def test_policies_that_fit_their_schema_are_taken():
    assert policy(SPEND.splitlines()[1], {"cost": COST}, schema=SCHEMA)
    assert "policies" in json.dumps(document_schema())


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ({"field": "a.b[].c"}, [1, 2]),
        ({"field": "a.b[].c", "read": "sum"}, 3),
        ({"field": "a.b", "read": "count"}, 1),
        ({"field": "a.b[]", "read": "count"}, 3),
        ({"field": "a.z", "default": 7}, 7),
        ({"field": "a.z[]", "default": []}, []),
        ({"field": "t"}, True),
        ({"field": "whole"}, 2),
    ],
)
def test_fields_of_the_context(form, value):
    document = {"a": {"b": [{"c": 1}, {"c": 2}, "x"]}, "t": True, "whole": 2.0}
    assert ContextForm(**form).value(document) == value


@pytest.mark.parametrize("value", [1e300, 2**63, {"__entity": {"type": "User", "id": "root"}}, [{"x": {"__extn": 1}}]], ids=str)
def test_what_no_policy_should_meet_is_refused(value):
    with pytest.raises(Unreadable):
        ContextForm("a").value({"a": value})


def test_a_path_that_leads_nowhere_holds_nothing():
    assert values_at({"a": 3}, "a.b[].c") == []


def test_the_example_of_the_readme_prints_what_it_says(capsys):
    chapter = (ROOT / "README.md").read_text().partition("## Policies")[2].partition("\n## ")[0]
    source, printed = re.findall(r"```(?:python)?\n(.*?)```", chapter, re.DOTALL)
    exec(compile(source, "README.md", "exec"), {})
    assert capsys.readouterr().out == printed


def test_one_faulty_parameter_is_refused_in_python_too():
    with pytest.raises(ValueError, match="policies: is not Cedar"):
        PolicyParams("permit")
