"""`tool`: what it hands over, and the facts it makes of what comes back."""

import json

import pytest

from runs.engine import EffectResult
from runs.suggestors import DocumentInvalid, document_of
from runs.suggestors.pointers import found_at, is_pointer
from tests.server import ROOT
from tests.suggestors.llm.asked import KEY, SEED, run

HITS = {"hits": [{"title": "A"}, {"title": "B"}], "best": {"score": 0.5, "a/b": "x", "m~n": ""}}


def tool(*results, **params):
    given = {"tool": "web", "results": list(results) or [result()]}
    return {"kind": "tool", "name": "search", "with": given | params}


def result(id="found", path="", **more):
    return {"key": "Signals", "id": id, "path": path} | more


def signals(outcome):
    return {fact.id: fact.text for fact in outcome.context.get(KEY.SIGNALS)}


def error(outcome, id="found"):
    fact = outcome.context.fact(KEY.DIAGNOSTIC, f"tool-error:{id}")
    return fact and fact.payload.value["message"]


@pytest.mark.parametrize(
    ("given", "handed_over"),
    [
        ("{fact:Seeds/s1}", "Move to the new vendor?"),
        ("Q: {fact:Seeds/s1}", "Q: Move to the new vendor?"),
        ({"n": "{count:Seeds}", "m": ["{count:Seeds} seeds", 1, None]}, {"n": 1, "m": ["1 seeds", 1, None]}),
        ("{facts:Seeds}", [{"id": "s1", "content": "Move to the new vendor?"}]),
        ("{facts:Votes} of {count:Seeds}", "[] of 1"),
        ("{name} {facts:Unknown}", "{name} {facts:Unknown}"),
        (7, 7),
    ],
)
def test_places_of_the_input_are_filled(given, handed_over):
    asked, _ = run(tool(input=given), says=["x"])
    assert asked == [handed_over]


def test_content_of_other_families_is_handed_over_as_json():
    seed = {"key": "Seeds", "id": "s1", "payload": {"family": "acme.order", "payload": {"n": 3}}, "provenance": "p"}
    asked, _ = run(tool(input=["{fact:Seeds/s1}", "is {fact:Seeds/s1}"]), says=["x"], seeds=[seed])
    assert asked == [[{"n": 3}, 'is {"n":3}']]


@pytest.mark.parametrize(
    ("made", "facts"),
    [
        (result(), {"found": json.dumps(HITS, separators=(",", ":"))}),
        (result(path="/best/score"), {"found": "0.5"}),
        (result(path="/best/a~1b"), {"found": "x"}),
        (result("{name}", "/hits/1/title"), {"search": "B"}),
        (result("hit-{n}", "/hits", each=True), {"hit-1": '{"title":"A"}', "hit-2": '{"title":"B"}'}),
    ],
)
def test_what_comes_back_becomes_facts(made, facts):
    asked, outcome = run(tool(made, input="{fact:Seeds/s1}"), says=[HITS])
    assert (signals(outcome), len(asked), outcome.context.count(KEY.DIAGNOSTIC)) == (facts, 1, 0)
    fact = outcome.context.get(KEY.SIGNALS)[0]
    assert (fact.provenance, fact.used) == ("tool:web", ((KEY.SEEDS, "s1"),))


def test_several_results_are_made_of_one_output_and_families_are_kept():
    plan = {"description": "Buy", "annotation": {"team_size": 2}}
    results = [result("a", "/plan", key="Strategies", family="organism.plan"), result("b", "/n", family="acme.n")]
    _, outcome = run(tool(*results), says=[{"plan": plan, "n": 4}])
    assert outcome.context.fact(KEY.STRATEGIES, "a").payload.value == plan
    assert (outcome.context.fact(KEY.SIGNALS, "b").payload.family, outcome.context.count(KEY.DIAGNOSTIC)) == ("acme.n", 0)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (result(path="/nowhere/1"), "Signals/found: there is nothing at /nowhere/1: no 'nowhere'"),
        (result(path="/hits/2"), "there is nothing at /hits/2: no '2'"),
        (result(path="/hits/-"), "no '-'"),
        (result("found-{n}", "/best", each=True), "there is no list with items at /best"),
        (result(path="/best/m~0n"), "the text is blank"),
        (result(family="organism.plan"), "Object contains unknown field"),
    ],
)
def test_what_is_not_where_it_should_be_is_told_and_the_tool_not_used_again(made, words):
    asked, outcome = run(tool(made), says=[HITS])
    assert words in error(outcome, made["id"].replace("{n}", "1"))
    assert (signals(outcome), len(asked)) == ({}, 1)


def test_what_is_too_much_is_left_out_and_told():
    _, outcome = run(tool(result("h-{n}", "", each=True, most=2)), says=[["a", "b", "c"]])
    assert (signals(outcome), error(outcome, "h-1")) == ({"h-1": "a", "h-2": "b"}, "Signals/h-{n}: 1 of 3 items were left out")


def test_a_tool_that_fails_is_told():
    asked, outcome = run(tool(), says=[EffectResult(error="timeout: no")])
    assert (error(outcome), len(asked)) == ("timeout: no", 1)


@pytest.mark.parametrize("params", [{"accepts": [{"has": "Votes"}]}, {"input": "{fact:Votes/v}"}])
def test_it_waits_for_its_conditions_and_for_the_facts_of_its_input(params):
    assert run(tool(**params), says=[])[0] == []


def test_an_id_that_counts_is_an_occasion_of_its_own():
    later = {"kind": "rule", "name": "later", "with": {"accepts": [{"has": "Signals"}, {"lacks_fact": ["Seeds", "s2"]}], "proposes": [
        SEED | {"id": "s2"}]}}  # fmt: skip
    asked, outcome = run(tool(result("of-{count:Seeds}"), input="{count:Seeds}"), later, says=["a", "b"])
    assert (asked, signals(outcome)) == ([1, 2], {"of-1": "a", "of-2": "b"})


@pytest.mark.parametrize(
    ("params", "path", "words"),
    [
        ({"results": []}, "results", "must have at least 1 items"),
        ({"results": [result(path="hits")]}, "results[0].path", "is no JSON Pointer such as /items/0/title"),
        ({"results": [result(path="/a~2")]}, "results[0].path", "is no JSON Pointer"),
        ({"results": [result(each=True)]}, "results[0].id", "must hold {n} when there may be several"),
        ({"tool": " "}, "tool", "must not be blank"),
    ],
)
def test_parameters_that_make_no_sense_are_told_with_their_path(params, path, words):
    with pytest.raises(DocumentInvalid) as caught:
        document_of({"schema": "organism.formation/v1", "label": "L", "team": [tool(**params)]})
    ((where, message),) = caught.value.errors
    assert where == f"team[0].with.{path}"
    assert words in message


@pytest.mark.parametrize(
    ("pointer", "found"), [("", {"": {"a/b": [1], "~1": 2}}), ("/", {"a/b": [1], "~1": 2}), ("//a~1b/0", 1), ("//~01", 2)]
)
def test_pointers_are_those_of_the_standard(pointer, found):
    assert is_pointer(pointer)
    assert found_at({"": {"a/b": [1], "~1": 2}}, pointer) == found


def test_the_example_of_the_readme_can_be_read():
    chapter = (ROOT / "README.md").read_text().partition("\n## Tools")[2].partition("\n## ")[0]
    example = json.loads(chapter.partition("```json\n")[2].partition("```")[0])
    assert [one.name for one in document_of({"schema": "organism.formation/v1", "label": "L", "team": [example]}).team()] == ["search"]


@pytest.mark.parametrize(
    ("says", "path"),
    [
        ("a b&admin=1#x", "a%20b%26admin%3D1%23x"),
        ("../../delete", "..%2F..%2Fdelete"),
        ("@evil.example/?", "%40evil.example%2F%3F"),
        ("ü%2e", "%C3%BC%252e"),
    ],
)
def test_a_fact_within_a_url_is_no_more_than_a_name(says, path):
    asked, _ = run(
        tool(input={"url": "https://web.example/find/{fact:Seeds/s1}?n={count:Seeds}"}), says=["x"], seeds=[SEED | {"text": says}]
    )
    assert asked == [{"url": f"https://web.example/find/{path}?n=1"}]


@pytest.mark.parametrize(
    ("says", "url"), [("..", "https://web.example/a/{fact:Seeds/s1}/b"), (".", "https://web.example/.{fact:Seeds/s1}")]
)
def test_a_fact_that_would_lead_out_of_the_path_is_refused(says, url):
    asked, outcome = run(tool(input={"url": url}), says=["x"], seeds=[SEED | {"text": says}])
    assert asked == []
    assert "would lead out of the path" in error(outcome)


def test_facts_of_the_body_and_a_url_that_is_a_fact_stay_as_they_are():
    asked, _ = run(tool(input={"url": "{fact:Seeds/s1}", "body": {"url": "is {fact:Seeds/s1}"}}), says=["x"])
    assert asked == [{"url": "Move to the new vendor?", "body": {"url": "is Move to the new vendor?"}}]
