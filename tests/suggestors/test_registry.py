"""The catalogue: every kind documents itself, and a plug-in is a kind like any other."""

import re
from importlib.metadata import EntryPoint
from typing import Any

import msgspec
import pytest

from runs.engine import ContextKey, Suggestor
from runs.suggestors import Kind, kind_of, kinds, read_document, register
from runs.suggestors import registry as catalogue
from tests.server import ROOT

GIVEN: dict[str, dict[str, Any]] = {
    "adversarial-review": {"skeptics": ["causal-skeptic"]},
    "anomaly-skeptic": {"threshold": 2.5, "metric_field": "speed"},
    "assumption-breaker": {},
    "causal-simulation": {"min_evidence_links": 2},
    "causal-skeptic": {},
    "consensus-evaluator": {"rule": "majority", "total_voters": 3, "decide": {"when": [{"has": "Signals"}]}},
    "constraint-checker": {"constraints": [{"name": "cap", "max_budget": 1000}, {"name": "law", "forbidden_action": "export"}]},
    "cost-simulation": {"budget_ceiling": 5000, "method": "monte_carlo", "runs": 50, "seed": 3},
    "disagreement-mapper": {"when": [{"has": "Signals"}]},
    "gap-detector": {"categories": ["market"], "min_hypotheses": 2},
    "huddle-seed": {"outcome": "Grow", "plans": [{"id": "p", "plan": {"annotation": {"costs": [{"estimate": 5}], "metrics": {"x": 1}}}}]},
    "human": {"ask": "approver", "wants": "vote", "topic": "t", "when": [{"has": "Signals"}], "round": 2},
    "economic-skeptic": {"skepticism_threshold": 0.2},
    "hypothesis-tracker": {"confidence_threshold": 0.5},
    "operational-simulation": {"max_system_load": 0.5},
    "operational-skeptic": {"max_parallel_initiatives": 2},
    "outcome-simulation": {"risk_weight": 0.5},
    "planning-prior": {"recall": {"max_k_total": 3}},
    "policy-simulation": {"require_compliance_tags": ["gdpr"]},
    "problem-classifier": {},
    "role-stall": {"watched_key": "Strategies", "role": "planning"},
    "round-starter": {"max_rounds": 3, "terminal": [{"has": "Proposals"}]},
    "round-synthesizer": {"expected_notes": 2, "terminal": [{"has": "Proposals"}], "producer": "counting"},
    "rule": {
        "dependencies": ["Seeds"],
        "accepts": [{"absent": "Signals"}],
        "proposes": [{"key": "Votes", "id": "{count:Evaluations}", "text": "t", "provenance": "p"}],
    },
}
GIVEN["fuzzy-inference"] = {
    "inputs": [{"variable": "heat", "key": "Signals", "id": "t", "field": "degrees"}],
    "variables": [{"name": "heat", "sets": [{"name": "hot", "function": {"kind": "right_shoulder", "start": 10, "end": 30}}]}],
    "rules": [{"if": {"op": "not", "term": {"op": "is", "variable": "heat", "set": "hot"}}, "then": {"variable": "heat", "set": "hot"}}],
}
GIVEN["stability"] = {"text": "{count:Hypotheses} stand", "id": "end", "required_stable_cycles": 3}
GIVEN["swarm-recommendation"] = {"dimensions": ["cost", "policy"]}
GIVEN["llm"] = {
    "provider": "gpt",
    "prompt": "Name risks. {facts:Seeds} {fact:Signals/go} {count:Strategies}",
    "proposes": {"key": "Hypotheses", "id": "risk-{n}-{count:Evaluations}", "most": 3, "schema": {"type": "string", "maxLength": 90}},
    "accepts": [{"has": "Constraints"}],
}
GIVEN["llm-voter"] = {"provider": "gpt", "topics": ["t"], "when": [{"has": "Signals"}]}
GIVEN["llm-synthesizer"] = {"provider": "gpt", "expected_notes": 2, "produces": "plan", "terminal": [{"has": "Proposals"}]}
GIVEN["policy"] = {
    "policies": "permit (principal, action, resource);",
    "context": {"cost": {"field": "annotation.costs[].estimate", "read": "sum"}},
}
GIVEN["solver"] = {"key": "Strategies", "seed": 3}
GIVEN["tool"] = {
    "tool": "web",
    "input": {"q": "{fact:Seeds/s1}", "all": ["{facts:Hypotheses}", 1]},
    "results": [{"key": "Signals", "id": "hit-{n}-{count:Votes}", "path": "/hits", "each": True}],
}
NAMES = sorted(GIVEN)
REACHING_OUT = {
    "human",
    "llm",
    "llm-synthesizer",
    "llm-voter",
    "policy",
    "solver",
    "tool",
}


@pytest.fixture
def empty_shelf(monkeypatch):
    """Whatever a test registers is gone after it."""
    kinds()
    monkeypatch.setattr(catalogue, "_KINDS", dict(catalogue._KINDS))
    return catalogue._KINDS


def test_the_kinds_stand_in_alphabetical_order():
    assert [name for name in kinds() if name in NAMES] == NAMES


def test_every_kind_is_tested_here():
    assert list(kinds()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_documents_itself_and_its_parameters(name):
    kind = kind_of(name)
    assert kind.summary.endswith(".")
    assert kind.params.__doc__
    schema = msgspec.json.schema(kind.params)
    properties = schema["$defs"][kind.params.__name__]["properties"]
    assert all("description" in str(field) for field in properties.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_is_built_under_its_seats_name(name):
    kind = kind_of(name)
    built = kind.build(msgspec.convert(GIVEN[name], kind.params), "seat")
    assert isinstance(built, Suggestor)
    assert built.name == "seat"


@pytest.mark.parametrize("name", NAMES)
def test_a_kind_reads_at_least_what_wakes_its_suggestor(name):
    kind = kind_of(name)
    params = msgspec.convert(GIVEN[name], kind.params)
    assert set(kind.build(params, "seat").dependencies) <= set(kind.reads(params))
    assert kind.writes(params)
    assert kind.reaches_out is (name in REACHING_OUT)


def test_a_rule_reads_what_it_counts_and_writes_what_it_proposes():
    kind = kind_of("rule")
    params = msgspec.convert(GIVEN["rule"], kind.params)
    assert kind.reads(params) == (ContextKey.SEEDS, ContextKey.SIGNALS, ContextKey.EVALUATIONS)
    assert kind.writes(params) == (ContextKey.VOTES,)


def test_an_unknown_kind_is_told_which_there_are():
    with pytest.raises(LookupError, match="unknown kind 'x'; allowed: adversarial-review, anomaly-skeptic"):
        kind_of("x")


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """None."""


PLUG_IN = Kind("plug-in", "Does nothing.", Params, lambda params, name: Suggestor())


def test_two_kinds_cannot_have_one_name(empty_shelf):
    with pytest.raises(ValueError, match="two kinds of suggestor are named 'rule'"):
        register(msgspec.structs.replace(PLUG_IN, kind="rule"))


def test_a_package_elsewhere_brings_its_kind_by_an_entry_point(empty_shelf, monkeypatch):
    entry = EntryPoint("plug-in", "tests.suggestors.test_registry:PLUG_IN", catalogue.GROUP)
    monkeypatch.setattr(catalogue, "entry_points", lambda group: [entry])
    catalogue._load.__wrapped__()
    assert kinds()["plug-in"].kind == "plug-in"


def test_the_example_of_the_readme_works(empty_shelf):
    chapter = (ROOT / "README.md").read_text().partition("## How to add a suggestor")[2].partition("\n## ")[0]
    source, document = re.findall(r"```(?:python|json)\n(.*?)```", chapter, re.DOTALL)
    exec(compile(source, "README.md", "exec"), {"__name__": "readme"})
    read = read_document(document)
    assert [one.name for one in read.team()] == ["herald"]
    from tests.suggestors.teams import ids, run

    assert ids(run(read.team(), *read.seeds()), ContextKey.SIGNALS) == ["heralded:s1"]


def test_every_kind_stands_in_the_readme():
    rows = "".join(f"| `{kind.kind}` | {kind.summary} |\n" for kind in kinds().values())
    assert f"| kind | what it does |\n|---|---|\n{rows}" in (ROOT / "README.md").read_text()
