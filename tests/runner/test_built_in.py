"""Providers of the installation: always there, never configured, and verified like any other."""

import pytest

from runs.actions.providers import UnableToConfigureProvider, set_provider
from runs.journal import rebuild
from runs.reading.lint import lint_of
from runs.suggestors.providers import policy, solver
from tests.documents import document
from tests.house import a_member
from tests.runner.asking import carried, verified

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
PACKING = {"kind": "knapsack", "capacity": 5, "items": [{"name": "tent", "value": 8, "weight": 4}]}
SEED = {"key": "Seeds", "id": "p", "provenance": "o", "payload": {"family": "organism.problem", "payload": PACKING}}
PACKER = document("Packing", [{"kind": "solver"}], seeds=[SEED])


def test_a_problem_is_solved_recorded_and_verified(monkeypatch):
    run = carried(a_member(), PACKER)
    effect = run.effects.get()
    assert (effect.kind, effect.phase, effect.attempts) == ("ToolCall", "resolved", 1)
    assert run.facts.get(key="Proposals").value["objective"] == 8
    assert rebuild(run) == []
    monkeypatch.setattr(solver.Solver, "answer", None)  # nobody is asked again
    assert verified(run).verified


def test_without_or_tools_the_run_ends_with_a_diagnostic_and_the_page_warns(monkeypatch):
    monkeypatch.setattr(solver, "find_spec", lambda name: None)
    by = a_member()
    run = carried(by, PACKER)
    lack = "OR-Tools is not installed: pip install 'organism-web[optimize]'"
    assert run.status == "converged"
    assert lack in run.facts.get(key="Diagnostic").value["message"]
    assert lint_of(by, PACKER) == [f"team[0].with: {lack}."]


def test_a_page_does_not_warn_when_all_is_there():
    assert lint_of(a_member(), PACKER) == []


def test_nobody_else_takes_its_name():
    with pytest.raises(UnableToConfigureProvider, match=r"the name 'organism\.solver' belongs to the installation"):
        set_provider(by=a_member(), name="organism.solver", kind="scripted", settings={"answers": []})


def test_policies_decide_and_are_verified_without_being_asked_again(monkeypatch):
    permit = {"kind": "policy", "with": {"policies": '@id("all") permit (principal, action, resource);'}}
    run = carried(a_member(), document("Policies", [permit], seeds=[SEED | {"key": "Strategies"}]))
    assert run.facts.get(key="Evaluations").fact_id == "policy-allow-p"
    monkeypatch.setattr(policy.Policies, "answer", None)
    assert (verified(run).verified, rebuild(run)) == (True, [])
