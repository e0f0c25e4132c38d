"""Fuzzy inference."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import ContextKey
from runs.suggestors import DocumentInvalid, document_of
from runs.suggestors.fuzzy import FuzzyInvalid, FuzzyRule, Variable, infer
from runs.suggestors.fuzzy.functions import Function
from tests.suggestors.teams import context_of, ids, run, text

SIGNALS, EVALUATIONS, DIAGNOSTIC = ContextKey.SIGNALS, ContextKey.EVALUATIONS, ContextKey.DIAGNOSTIC
TRIANGLE = {"kind": "triangular", "min": 0, "peak": 10, "max": 30}
TRAPEZE = {"kind": "trapezoidal", "min": 0, "lower_peak": 10, "upper_peak": 20, "max": 40}
LEFT = {"kind": "left_shoulder", "start": 10, "end": 20}
RIGHT = {"kind": "right_shoulder", "start": 10, "end": 20}
BELL = {"kind": "gaussian", "center": 10, "sigma": 2}


def function(form: dict[str, Any]) -> Function:
    return msgspec.convert(form, Function)


@pytest.mark.parametrize(
    ("form", "points"),
    [
        (TRIANGLE, {-1: 0, 0: 0, 5: 0.5, 10: 1, 20: 0.5, 30: 0, 31: 0}),
        (TRAPEZE, {0: 0, 5: 0.5, 10: 1, 15: 1, 20: 1, 30: 0.5, 40: 0}),
        (TRAPEZE | {"upper_peak": 10}, {10: 1, 25: 0.5}),
        (LEFT, {0: 1, 10: 1, 15: 0.5, 20: 0, 30: 0}),
        (RIGHT, {0: 0, 10: 0, 15: 0.5, 20: 1, 30: 1}),
        (BELL, {10: 1, 12: 0.606530659713, 8: 0.606530659713, 1e300: 0}),
    ],
)
def test_memberships(form, points):
    assert {value: function(form).degree(value) for value in points} == points


@pytest.mark.parametrize(
    "form", [TRIANGLE | {"peak": 0}, TRIANGLE | {"max": 10}, TRAPEZE | {"upper_peak": 5}, LEFT | {"end": 10}, RIGHT | {"end": 1}]
)
def test_a_function_must_rise(form):
    with pytest.raises(msgspec.ValidationError, match="must rise"):
        function(form)


@given(st.sampled_from([TRIANGLE, TRAPEZE, LEFT, RIGHT, BELL]), st.floats(allow_nan=False, allow_infinity=False))
def test_every_degree_is_in_the_unit_interval(form, value):
    assert 0 <= function(form).degree(value) <= 1


HEAT = {"name": "heat", "sets": [{"name": "cold", "function": LEFT}, {"name": "hot", "function": RIGHT}]}
FAN = {"name": "fan", "sets": [{"name": "slow", "function": LEFT}, {"name": "fast", "function": RIGHT}]}


def fact(variable: str, set: str) -> dict[str, Any]:
    return {"op": "is", "variable": variable, "set": set}


def rule(condition: dict[str, Any], variable="fan", set="fast", **more: Any) -> dict[str, Any]:
    return {"if": condition, "then": {"variable": variable, "set": set}} | more


def inferred(rules: list[dict[str, Any]], heat: float = 12.5, variables: Any = (HEAT, FAN)):
    return infer(msgspec.convert(list(variables), list[Variable]), msgspec.convert(rules, list[FuzzyRule]), {"heat": heat})


HOT, COLD = fact("heat", "hot"), fact("heat", "cold")


@pytest.mark.parametrize(
    ("condition", "strength"),
    [
        (HOT, 0.25),
        (COLD, 0.75),
        ({"op": "not", "term": HOT}, 0.75),
        ({"op": "and", "terms": [HOT, COLD]}, 0.25),
        ({"op": "or", "terms": [HOT, COLD]}, 0.75),
        ({"op": "or", "terms": [{"op": "and", "terms": [HOT]}, {"op": "not", "term": COLD}]}, 0.25),
    ],
)
def test_expressions(condition, strength):
    assert inferred([rule(condition)]).memberships == {"fan.fast": strength}


def test_the_strongest_rule_counts_and_weights_weaken():
    trace = inferred([rule(HOT, id="a"), rule(COLD, weight=0.5), rule(HOT, set="slow", weight=0)])
    assert trace.memberships == {"fan.fast": 0.375, "fan.slow": 0.0}
    assert [(one.id, one.strength) for one in trace.activated_rules] == [("a", 0.25), ("rule-2", 0.375)]
    assert (trace.confidence, trace.total_rules) == (0.375, 3)


def test_without_rules_there_are_the_memberships_of_the_inputs():
    trace = inferred([])
    assert trace.input_memberships == {"heat": {"cold": 0.75, "hot": 0.25}}
    assert (trace.memberships, trace.confidence, trace.total_rules) == ({}, 0.75, 0)


@pytest.mark.parametrize(
    ("rules", "variables", "inputs", "message"),
    [
        ([], [], {"heat": 1}, "no variables"),
        ([], [HEAT], {}, "no inputs"),
        ([], [HEAT], {"cold": 1}, "is no variable"),
        ([], [HEAT], {"heat": float("inf")}, "finite"),
        ([], [HEAT, HEAT], {"heat": 1}, "stands twice"),
        ([rule(fact("heat", "warm"))], [HEAT, FAN], {"heat": 1}, "unknown set 'heat.warm'"),
        ([rule(HOT)], [HEAT], {"heat": 1}, "unknown set 'fan.fast'"),
        ([rule(fact("fan", "slow"))], [HEAT, FAN], {"heat": 1}, "needs the input 'fan'"),
    ],
)
def test_what_cannot_be_inferred(rules, variables, inputs, message):
    with pytest.raises(FuzzyInvalid, match=message):
        infer(msgspec.convert(variables, list[Variable]), msgspec.convert(rules, list[FuzzyRule]), inputs)


def team(**params: Any):
    given = {"inputs": [{"variable": "heat", "key": "Signals", "id": "t"}], "variables": [HEAT, FAN], "rules": [rule(HOT)]} | params
    return document_of({"schema": "organism.formation/v1", "label": "L", "team": [{"kind": "fuzzy-inference", "with": given}]}).team()


def test_it_infers_from_a_number_in_the_context_once():
    (found,) = run(team(), text(SIGNALS, "t", "15")).context.get(EVALUATIONS)
    assert (found.id, found.provenance) == ("organism.fuzzy.fuzzy-inference.inference", "organism-planning")
    assert found.payload.value["memberships"] == {"fan.fast": 0.5}


def test_it_reads_a_field_of_json():
    inputs = [{"variable": "heat", "key": "Signals", "id": "t", "field": "degrees"}]
    (found,) = run(team(inputs=inputs), text(SIGNALS, "t", json.dumps({"degrees": 20}))).context.get(EVALUATIONS)
    assert found.payload.value["confidence"] == 1.0


@pytest.mark.parametrize(
    ("signal", "message"),
    [("words", "input extraction failed: could not convert"), ("nan", "inference failed: the input 'heat' must be a finite number")],
)
def test_what_goes_wrong_is_one_diagnostic(signal, message):
    result = run(team(), text(SIGNALS, "t", signal))
    (note,) = result.context.get(DIAGNOSTIC)
    assert note.id == "organism.fuzzy.fuzzy-inference.diagnostic"
    assert str(note.text).startswith(message)
    assert result.converged


def test_a_fact_that_is_not_there_is_told():
    (note,) = run(team(), text(SIGNALS, "other")).context.get(DIAGNOSTIC)
    assert "there is no fact Signals/t" in str(note.text)


def test_it_is_silent_without_signals_or_where_a_result_stands():
    assert not team()[0].accepts(context_of())
    assert ids(run(team(), text(SIGNALS, "t", "1"), text(EVALUATIONS, "organism.fuzzy.fuzzy-inference.x")), EVALUATIONS) == [
        "organism.fuzzy.fuzzy-inference.x"
    ]


@pytest.mark.parametrize(
    ("params", "path", "message"),
    [
        ({"rules": [rule(fact("heat", "warm"))]}, "", "unknown set 'heat.warm'"),
        ({"rules": [rule({"op": "xor"})]}, ".rules[0].if.op", "must be one of is, and, or, not"),
        ({"rules": [rule({"op": "and", "terms": []})]}, ".rules[0].if.terms", "must have at least 1 items"),
        ({"rules": [rule({"op": "not", "term": {"op": "is", "variable": "heat"}})]}, ".rules[0].if.term.set", "is required"),
        ({"rules": [rule({"op": "not", "term": 3})]}, ".rules[0].if.term", "expected an object, not a whole number"),
        ({"inputs": []}, ".inputs", "must have at least 1 items"),
    ],
)
def test_a_document_names_the_place_of_a_fault(params, path, message):
    with pytest.raises(DocumentInvalid) as refused:
        team(**params)
    found = dict(refused.value.errors)
    assert list(found) == [f"team[0].with{path}"]
    assert message in found[f"team[0].with{path}"]
