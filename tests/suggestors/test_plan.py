"""The plan: typed and checked at the door, and read from whatever stands there."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import Payload
from runs.suggestors import DocumentInvalid, document_of
from runs.suggestors.plan import FAMILY, Plan, PlanAnnotation, PlanCost
from runs.suggestors.plan_reading import plan_in
from tests.suggestors.plans import DOCUMENTS

TYPED = Plan("Buy", annotation=PlanAnnotation(costs=[PlanCost(120.5, "licences")], team_size=3))


def reading(text: str):
    return plan_in(Payload.text_of(text))


def test_what_was_not_given_is_not_written():
    assert TYPED.to_json() == {
        "description": "Buy",
        "annotation": {"costs": [{"estimate": 120.5, "category": "licences"}], "team_size": 3},
    }


@pytest.mark.parametrize("payload", [Payload.of(FAMILY, TYPED.to_json()), Payload.text_of(json.dumps(TYPED.to_json()))])
def test_typed_and_text_read_alike(payload):
    plan = plan_in(payload)
    assert (plan.numbers("costs", "estimate"), plan.count("team_size")) == ([120.5], 3)


@pytest.mark.parametrize(
    "text", ["Just buy it", '{"annotation":', '{"annotation":{"roi":NaN}}', '{"annotation":{"roi":1e400}}', f"[{'1' * 400}]"]
)
def test_what_is_no_json_is_a_description(text):
    assert json.loads(reading(text).everything()) == {"description": text}


@pytest.mark.parametrize("text", ["[1]", "3", "null", '"x"', '{"annotation":[1]}', '{"annotation":null}', "{}"])
def test_json_without_an_annotation_declares_nothing(text):
    assert reading(text).get("roi") is None
    assert json.loads(reading(text).everything()) == json.loads(text)


@pytest.mark.parametrize(
    ("literal", "count"),
    [
        ("0", 0),
        ("7", 7),
        ("2.0", None),
        ("-1", None),
        ("true", None),
        ('"3"', None),
        (str(2**32 - 1), 2**32 - 1),
        (str(2**32), 0),
        (str(2**64 - 1), 0),
        (str(2**64), None),
    ],
)
def test_whole_numbers_are_read_as_the_original_does(literal, count):
    assert reading(f'{{"annotation":{{"n":{literal}}}}}').count("n") == count


@pytest.mark.parametrize(("literal", "number"), [("1", 1.0), ("-2.5", -2.5), ("true", None), ('"1"', None), (str(2**70), float(2**70))])
def test_numbers_are_numbers_only(literal, number):
    assert reading(f'{{"annotation":{{"n":{literal}}}}}').number("n") == number


def test_lists_keep_what_is_of_their_kind():
    plan = reading('{"annotation":{"t":["a",1,null,"b"],"e":[{"x":1},2,{"x":"3"},{"x":true}]}}')
    assert plan.texts("t") == ["a", "b"]
    assert plan.numbers("e", "x") == [1.0]


@given(st.one_of(DOCUMENTS, st.text(alphabet=st.characters(exclude_categories=["Cs"]))))
def test_any_text_can_be_read(text):
    plan = reading(text)
    assert plan.everything()
    assert isinstance(plan.entries("costs"), list)


def document(content) -> dict:
    seed = {"key": "Strategies", "id": "s", "provenance": "p", "payload": {"family": FAMILY, "payload": content}}
    return {"schema": "organism.formation/v1", "label": "L", "seeds": [seed]}


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ({"annotation": {"costs": [{"estimate": "much"}]}}, "annotation.costs[0].estimate"),
        ({"annotation": {"asumptions": []}}, "annotation.asumptions"),
        ({"annotation": {"risks": [{"likelihood": "low"}]}}, "annotation.risks[0].likelihood"),
        ({"annotation": {"team_size": -1}}, "annotation.team_size"),
        ({"annotation": {"metrics": {"score": "x"}}}, "annotation.metrics.score"),
    ],
)
def test_a_document_refuses_a_plan_with_faults_and_names_the_place(content, path):
    with pytest.raises(DocumentInvalid) as refused:
        document_of(document(content))
    assert [where for where, _ in refused.value.errors] == [f"seeds[0].payload.payload.{path}"]


def test_a_document_takes_a_good_plan():
    (seed,) = document_of(document(TYPED.to_json())).seeds()
    assert plan_in(seed.payload).count("team_size") == 3
