"""Turns and rights at a chartered table."""

import json
from typing import Any

import pytest

from runs.engine import ContextKey, EffectResult
from runs.suggestors import Formation, FormationDocument, read_document
from runs.suggestors.formation import FormationResult
from runs.suggestors.lacking import lacking

PEOPLE = {"ada": "domain", "bela": "lead", "chidi": "critic", "dana": "synthesizer"}
STARTER = {"kind": "round-starter", "with": {"max_rounds": 2}}


def note(who: str, number: int = 1, **seat: Any) -> dict[str, Any]:
    """A seat that would speak as soon as its round starts."""
    said = {"key": "Hypotheses", "id": f"note:{who}:{number}", "text": f"{who} in {number}", "provenance": who}
    begun = [{"has_fact": ["Signals", f"round:start:{number}"]}, {"lacks_fact": ["Hypotheses", said["id"]]}]
    return {"kind": "rule", "name": f"{who}-{number}", "with": {"dependencies": ["Signals"], "accepts": begun, "proposes": [said]}} | seat


def says(name: str, key: str, id: str, after: tuple[str, str] | None = None) -> dict[str, Any]:
    said = {"key": key, "id": id, "text": "x", "provenance": name}
    conditions = [{"lacks_fact": [key, id]}] + ([{"has_fact": list(after)}] if after else [])
    return {"kind": "rule", "name": name, "with": {"accepts": conditions, "proposes": [said]}}


def document_with(team: list[dict[str, Any]], members: dict[str, Any], **terms: Any) -> FormationDocument:
    charter = {"topology": "huddle", "members": members, "minimum_members": 1, "expected_roles": [], **terms}
    charter |= {"require_done_gate": False, "require_report_owner": False}
    return read_document(json.dumps({"schema": "organism.formation/v1", "label": "t", "team": team, "charter": charter}))


def run(team: list[dict[str, Any]], members: dict[str, Any], topology: str = "huddle", **options: Any) -> FormationResult:
    answer = options.pop("answer", None)
    return Formation("t").agents(document_with(team, members, topology=topology, **options).team()).run(answer=answer)


def spoke(result: FormationResult) -> list[list[str]]:
    """Who wrote notes, cycle by cycle."""
    notes = result.context.get(ContextKey.HYPOTHESES)
    return [[n.provenance for n in notes if n.cycle == cycle] for cycle in sorted({n.cycle for n in notes})]


def fine(_: Any) -> dict[str, str]:
    return {"answer": "Fine", "by": "a@x.example"}


def seats(*numbers: int) -> dict[str, Any]:
    return {who: {"role": role, "seats": [f"{who}-{n}" for n in numbers]} for who, role in PEOPLE.items()}


CADENCES = {
    "round_robin": [["ada"], ["bela"], ["chidi"], ["dana"]],
    "lead_then_round_robin": [["bela"], ["ada"], ["chidi"], ["dana"]],
    "moderator_then_round_robin": [["ada"], ["bela"], ["chidi"], ["dana"]],
    "synthesis_only": [["dana"]],
    "figure_it_out": [["ada", "bela", "chidi", "dana"]],
}


@pytest.mark.parametrize(("cadence", "order"), CADENCES.items(), ids=CADENCES)
def test_the_cadence_orders_who_speaks(cadence, order):
    assert spoke(run([STARTER, *(note(who) for who in PEOPLE)], seats(1), cadence=cadence)) == order


def test_without_explicit_turns_all_speak_at_once():
    result = run([STARTER, *(note(who) for who in PEOPLE)], seats(1), require_explicit_turns=False)
    assert spoke(result) == [list(PEOPLE)]


def test_a_table_serves_run_after_run():
    document = document_with([STARTER, *(note(who) for who in PEOPLE)], seats(1))
    first, second = (Formation("t").agents(document.team()).run() for _ in range(2))
    assert spoke(first) == spoke(second) == [[who] for who in PEOPLE]


def test_the_order_begins_anew_in_each_round():
    going_on = says("chair", "Constraints", "round:continue:1", ("Hypotheses", "note:dana:1"))
    result = run([STARTER, *(note(who, number) for number in (2, 1) for who in PEOPLE), going_on], seats(1, 2))
    assert spoke(result) == [[who] for who in PEOPLE] * 2


def test_who_has_nothing_to_say_in_a_round_is_passed_over():
    members = seats(1) | {"bela": {"role": "lead", "seats": ["bela-2"]}, "chidi": {"role": "critic", "seats": ["chidi-1"]}}
    team = [STARTER, note("ada"), note("bela", 2), note("chidi", enabled=False), note("dana")]
    assert spoke(run(team, members)) == [["ada"], ["dana"]]


def test_without_rounds_the_run_is_one_round():
    team = [says(who, "Hypotheses", f"h-{who}") for who in PEOPLE]
    assert spoke(run(team, PEOPLE, "panel")) == [["bela"], ["ada"], ["chidi"], ["dana"]]


def test_nobody_speaks_before_the_moderator_has_opened_the_round():
    members = {"mira": {"role": "moderator", "seats": ["opens", "goes-on"]}} | seats(1, 2)
    opens = says("opens", "Seeds", "agenda:1", ("Signals", "round:start:1"))
    goes_on = says("goes-on", "Constraints", "round:continue:1", ("Hypotheses", "note:dana:1"))
    notes = [note(who, number) for number in (1, 2) for who in PEOPLE]
    assert spoke(run([STARTER, opens, goes_on, *notes], members, "discussion_group")) == [[who] for who in PEOPLE] * 2
    silent = run([STARTER, {**opens, "enabled": False}, goes_on, *notes], members, "discussion_group")
    assert spoke(silent) == []


def test_a_member_who_does_not_answer_holds_up_nobody():
    asked = {"kind": "human", "name": "ada", "with": {"ask": "ada@x.example", "wants": "note", "topic": "t", "round": 1}}
    result = run([STARTER, asked, note("bela")], {"ada": "domain", "bela": {"role": "lead", "seats": ["bela-1"]}})
    assert result.context.fact(ContextKey.DIAGNOSTIC, "unanswered:ada")
    assert spoke(result) == [["bela"]]


def model(who: str) -> dict[str, Any]:
    """A seat of a model that writes a note in every round."""
    return {
        "kind": "llm",
        "name": who,
        "with": {"provider": "gpt", "prompt": "Speak.", "proposes": {"key": "Hypotheses"}, "each_round": True},
    }


def test_models_speak_when_it_is_their_turn_and_one_that_fails_holds_up_nobody():
    said = {"proposals": [{"content": "Fine", "confidence": 0.5, "rationale": ""}]}
    team, members = [STARTER, model("ada"), model("bela"), model("chidi")], {"ada": "domain", "bela": "lead", "chidi": "critic"}
    answer = lambda request: EffectResult(error="timeout: no") if request.name == "bela" else said  # noqa: E731
    result = run(team, members, answer=answer)
    assert [fact.id for fact in result.context.get(ContextKey.DIAGNOSTIC)] == ["llm-error:note:bela:1"]
    assert [(fact.id, fact.cycle) for fact in result.context.get(ContextKey.HYPOTHESES)] == [("note:ada:1", 2), ("note:chidi:1", 4)]


def test_people_are_asked_when_it_is_their_turn():
    team = [
        STARTER,
        note("bela"),
        {"kind": "human", "name": "ada", "with": {"ask": "a@x.example", "wants": "note", "topic": "t", "round": 1}},
    ]
    result = run(team, {"bela": {"role": "lead", "seats": ["bela-1"]}, "ada": "domain"}, answer=fine)
    assert [n.provenance for n in result.context.get(ContextKey.HYPOTHESES)] == ["bela", "human:a@x.example"]


def test_what_a_role_may_not_say_is_held_back_visibly():
    mixed = says("judy", "Hypotheses", "note:judy:1")
    mixed["with"]["proposes"].append({"key": "Signals", "id": "s", "text": "x", "provenance": "judy"})
    result = run([says("mute", "Votes", "v"), mixed], {"mute": "synthesizer", "judy": "judge"}, "self_organizing")
    assert not result.context.has(ContextKey.HYPOTHESES)
    assert not result.context.has(ContextKey.VOTES)
    told = {fact.id: fact.payload.value["message"] for fact in result.context.get(ContextKey.DIAGNOSTIC)}
    assert told == {
        "held-back:mute": "mute is synthesizer and may not vote",
        "held-back:judy:note:judy:1": "judy is judge and may not add notes: Hypotheses/note:judy:1 is not accepted",
    }


def test_an_observer_is_not_even_asked():
    asked = {"kind": "human", "name": "olga", "with": {"ask": "o@x.example", "wants": "vote", "topic": "t"}}
    result = run([asked], {"olga": "observer"}, "self_organizing", answer=fine)
    assert [fact.id for fact in result.context.get(ContextKey.DIAGNOSTIC)] == ["held-back:olga"]


def test_who_belongs_to_nobody_keeps_to_no_turn():
    assert spoke(run([STARTER, note("ada"), note("bela"), note("guest")], {"ada": {"role": "lead", "seats": ["ada-1"]}})) == [
        ["ada", "bela", "guest"]
    ]


def test_it_tells_whose_turn_it_is():
    members = {who: {"role": role, "seats": [f"{who}-1"]} for who, role in PEOPLE.items()}
    charter = {"topology": "huddle", "members": members}
    team = [STARTER, note("ada", enabled=True), *(note(who) for who in ("bela", "chidi", "dana"))]
    team[1]["with"]["accepts"].append({"has": "Competitors"})
    document = read_document(json.dumps({"schema": "organism.formation/v1", "label": "t", "team": team, "charter": charter}))
    result = Formation("t").agents(document.team()).run()
    bela = next(seat for seat in document.seats if seat.name == "bela-1")
    assert [lack.says for lack in lacking(bela.suggestor(), result.context)] == ["its turn has not come: it is ada's turn"]
