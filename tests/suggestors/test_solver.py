"""The suggestor that has problems solved."""

import json
import re
import tomllib

import pytest

from runs.engine import ContextKey, EffectResult, Payload
from runs.suggestors import Formation, document_of
from runs.suggestors.optimization import Problem
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.providers import solver as provider
from runs.suggestors.solver import Solver, SolverParams
from tests.server import ROOT

KEY = ContextKey
PACKING = {
    "kind": "knapsack",
    "capacity": 5,
    "items": [{"name": "tent", "value": 8, "weight": 4}, {"name": "stove", "value": 3, "weight": 2}],
}
TOO_MUCH = PACKING | {"items": [one | {"required": True} for one in PACKING["items"]]}


def problem(content) -> Payload:
    return Payload.of("organism.problem", content)


def run(*payloads, key=KEY.SEEDS, answer=None, **params):
    formation = Formation("Solving").agent(Solver(SolverParams(**params)))
    for number, payload in enumerate(payloads):
        formation.seed_payload(key, f"p{number}", payload, "operator")
    return formation.run(answer=answer).context


def test_a_solution_is_proposed_in_numbers_and_in_words():
    (fact,) = run(problem(PACKING)).get(KEY.PROPOSALS)
    assert (fact.id, fact.payload.family, fact.provenance, fact.used) == (
        "solver:p0",
        "organism.solution",
        "organism-solver",
        ((KEY.SEEDS, "p0"),),
    )
    assert {"status": "optimal", "objective": 8.0, "kind": "knapsack"}.items() <= fact.payload.value.items()
    assert fact.payload.value["says"] == ["a value of 8 fits, with a weight of 4 of 5", "1 × tent (value 8, weight 4 each)"]


def test_a_problem_without_a_solution_is_a_constraint_that_says_what_conflicts():
    context = run(problem(TOO_MUCH))
    (fact,) = context.get(KEY.CONSTRAINTS)
    assert (fact.id, fact.payload.value["status"]) == ("solver:p0", "infeasible")
    assert fact.payload.value["conflict"] == ["all weighs at most 5", "'tent' is taken", "'stove' is taken"]
    assert not context.has(KEY.PROPOSALS)


def test_a_problem_may_be_written_in_a_text():
    assert run(Payload.text_of(json.dumps({"organism.problem": PACKING}))).fact(KEY.PROPOSALS, "solver:p0")


@pytest.mark.parametrize("text", ["Pack the car", "[1]", '{"organism.problem": 3}', '{"capacity": 5}'])
def test_everything_else_is_no_problem(text):
    context = run(Payload.text_of(text), problem(PACKING))
    assert [fact.id for key in (KEY.PROPOSALS, KEY.DIAGNOSTIC) for fact in context.get(key)] == ["solver:p1"]


def test_faults_of_a_problem_are_told_with_their_places():
    (note,) = run(problem(PACKING | {"capacity": -1, "items": [{"name": "tent", "value": 8}]})).get(KEY.DIAGNOSTIC)
    assert note.id == "solver:p0"
    assert "Seeds/p0 is not solved: problem.capacity: must be at least 0, not -1; problem.items[0].weight: is required" in note.payload.json


def test_without_or_tools_the_diagnostic_names_what_to_install(monkeypatch):
    monkeypatch.setattr(provider, "find_spec", lambda name: None)
    (note,) = run(problem(PACKING)).get(KEY.DIAGNOSTIC)
    assert "pip install 'organism-web[optimize]'" in note.payload.json


@pytest.mark.parametrize(
    ("output", "words"),
    [({"kind": "knapsack", "status": "unknown", "says": ["nothing was found"]}, "nothing was found"), ("42", "Expected `object`")],
    ids=["unknown", "nonsense"],
)
def test_what_was_not_solved_is_told(output, words):
    (note,) = run(problem(PACKING), answer=lambda request: output).get(KEY.DIAGNOSTIC)
    assert words in note.payload.json


def test_its_parameters_reach_the_solver():
    asked = []
    run(
        problem(PACKING),
        seed=7,
        max_deterministic_time=0.5,
        answer=lambda request: asked.append(request.effect) or EffectResult(error="no"),
    )
    assert asked[0].tool == "organism.solver"
    assert {name: asked[0].input[name] for name in ("seed", "max_deterministic_time")} == {"seed": 7, "max_deterministic_time": 0.5}


def test_it_looks_under_one_key():
    named = Solver(SolverParams(key="Strategies"), "packer")
    formation = Formation("Solving").agent(named)
    for key in (KEY.STRATEGIES, KEY.SEEDS):
        formation.seed_payload(key, f"in-{key}", problem(PACKING), "o")
    assert [fact.id for fact in formation.run().context.get(KEY.PROPOSALS)] == ["packer:in-Strategies"]


def the_document(**content):
    seed = {"key": "Seeds", "id": "p", "provenance": "o", "payload": {"family": "organism.problem", "payload": content}}
    return document_of({"schema": "organism.formation/v1", "label": "L", "team": [{"kind": "solver"}], "seeds": [seed]})


def test_a_document_with_a_problem_is_checked():
    assert the_document(**PACKING).team()[0].name == "solver"
    with pytest.raises(DocumentInvalid) as told:
        the_document(**PACKING | {"items": [{"name": "tent", "value": 8, "weight": "heavy"}], "goal": "x"})
    assert "seeds[0].payload.payload.items[0].weight: expected a number, not text" in str(told.value)
    assert "seeds[0].payload.payload.goal: unknown field" in str(told.value)


FAULTS = [
    ({"kind": "chess"}, "kind: must be one of assignment, knapsack, scheduling, budget_allocation"),
    ({"kind": "assignment", "agents": ["a", "a"], "tasks": ["t"], "pairs": []}, "agents[1]: 'a' is there already"),
    (
        {"kind": "assignment", "agents": ["a"], "tasks": ["t"], "pairs": [{"agent": "b", "task": "t", "amount": 1}]},
        "pairs: there is no agent 'b'",
    ),
    (PACKING | {"exclusive": [["tent", "boat"]]}, "exclusive[0]: there is no item 'boat'"),
    ({"kind": "scheduling", "tasks": [{"name": "a", "duration": 1, "after": ["b"]}]}, "tasks[0].after: there is no task 'b'"),
    ({"kind": "scheduling", "tasks": [{"name": "a", "duration": 1, "needs": {"crew": 1}}]}, "tasks[0].needs: there is no resource 'crew'"),
    (
        {"kind": "budget_allocation", "budget": 5, "options": [{"name": "a", "rate": 1, "most": 5, "rate_beyond": 2}]},
        "options[0].rate_beyond: must be at most the rate of 1",
    ),
]


@pytest.mark.parametrize(("content", "words"), FAULTS, ids=[words.partition(":")[0] for _, words in FAULTS])
def test_faults_that_no_type_can_tell(content, words):
    with pytest.raises(DocumentInvalid) as told:
        the_document(**content)
    assert words in str(told.value)


def test_the_name_of_the_installations_provider_is_its_own():
    with pytest.raises(DocumentInvalid, match=r'providers\["organism.solver"\]: the name .* belongs to the installation'):
        document_of(
            {"schema": "organism.formation/v1", "label": "L", "providers": {"organism.solver": {"kind": "scripted", "answers": []}}}
        )


def chapter() -> str:
    return (ROOT / "README.md").read_text().partition("## Problems and their solutions")[2].partition("\n## ")[0]


def test_the_example_of_the_readme_prints_what_it_says(capsys):
    source, printed = re.findall(r"```(?:python)?\n(.*?)```", chapter(), re.DOTALL)
    exec(compile(source, "README.md", "exec"), {})
    assert capsys.readouterr().out == printed


def test_every_kind_of_problem_stands_in_the_readme():
    assert re.findall(r"^\| `(\w+)` \|", chapter(), re.MULTILINE) == [kind.__struct_config__.tag for kind in Problem.__args__]


def test_every_extra_stands_in_the_readme():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    table = (ROOT / "README.md").read_text().partition("## Extras")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [name for name in extras if name != "dev"]
