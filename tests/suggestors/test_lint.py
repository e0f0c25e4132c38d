"""What lint finds in a document alone."""

import pytest

from runs.management.demo import coffee, laptops
from runs.suggestors import document_of, read_document
from runs.suggestors.lint import findings_in
from runs.suggestors.operations import applied
from runs.suggestors.templates import templates
from runs.suggestors.text import parse
from tests.documents import chain, document, rule

SEED = {"key": "Seeds", "id": "s2", "text": "Choose", "provenance": "operator"}


def found(text: str) -> list[str]:
    return [f"{each.severity} {each}" for each in findings_in(read_document(text))]


def mended(text: str) -> list[str]:
    """What is left once every mend was taken."""
    value = parse(text)
    for finding in findings_in(read_document(text)):
        value = applied(value, finding.fix.operations)
    return [str(each) for each in findings_in(document_of(value))]


def counting(voters: int):
    return {"kind": "consensus-evaluator", "with": {"rule": "majority", "total_voters": voters}}


def vote(voter: str):
    content = {"family": "converge.governance.vote", "payload": {"topic": "s1", "voter": voter, "decision": "yes"}}
    return {"key": "Votes", "id": f"vote:{voter}", "payload": content, "provenance": voter}


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.name)
def test_no_template_is_blamed(template):
    assert {each.severity for each in findings_in(template.filled(template.card.example))} <= {"advice"}


@pytest.mark.parametrize("demo", [coffee, laptops], ids=["coffee", "laptops"])
def test_no_demo_is_blamed(demo):
    assert not found(demo.document())


@pytest.mark.parametrize("name", ["seattle-15-per-hour", "seattle-four-rounds"])
def test_no_real_formation_is_blamed(shared, name):
    assert not found((shared / "data" / f"{name}.formation.json").read_text())


def test_a_seat_that_nothing_wakes():
    text = document("d", [rule("first", "Proposals", "p", "x"), rule("late", "Proposals", "q", "x", after=("Signals", "never"))])
    (told,) = found(text)
    assert "team[1]: late can never speak: nothing ever stands under Signals" in told
    assert "nobody brings Signals/never" in told
    assert not mended(text)


def test_a_seat_that_waits_for_one_who_never_wakes():
    team = [rule("a", "Signals", "a", "x", after=("Signals", "b")), rule("b", "Signals", "b", "x", after=("Signals", "a"))]
    assert [line.split()[1] for line in found(document("d", team))] == ["team[0]:", "team[1]:"]


def test_two_writers_of_one_id():
    blunt = rule("b", "Proposals", "p", "other")
    blunt["with"]["accepts"] = []
    (told,) = found(document("d", [rule("a", "Proposals", "p", "one"), blunt]))
    assert told.startswith("warning team[1].with.proposes[0].id: team[0] says something else under Proposals/p")


def test_alternatives_that_look_whether_the_other_spoke_are_fine():
    assert not found(document("d", [rule("a", "Proposals", "p", "one"), rule("b", "Proposals", "p", "other")]))


def test_a_gate_that_never_opens():
    text = document("d", [rule("a", "Proposals", "p", "x")], gates={"keys": ["Strategies", "Proposals"]})
    assert found(text) == ["warning gates.keys[0]: nobody proposes anything under Strategies, so this gate never opens."]
    assert not mended(text)


def test_a_threshold_that_nobody_is_unsure_enough_for():
    (told,) = found(document("d", [rule("a", "Proposals", "p", "x", confidence=0.9)], gates={"confidence_threshold": 0.8}))
    assert "gates.confidence_threshold: everybody is surer than 0.8" in told
    assert not found(document("d", [rule("a", "Proposals", "p", "x", confidence=0.8)], gates={"confidence_threshold": 0.8}))


@pytest.mark.parametrize(("cycles", "is_told"), [(5, True), (6, False)])
def test_a_budget_too_small_for_the_depth(cycles, is_told):
    text = chain(5, budget={"max_cycles": cycles}).replace("Hypotheses", "Proposals")
    assert any("cannot speak before cycle 5" in line for line in found(text)) is is_told
    assert not mended(text)


def test_fewer_facts_than_seeds():
    text = document("d", [], budget={"max_facts": 1}, seeds=[SEED, SEED | {"id": "s3"}])
    assert found(text) == ["warning budget.max_facts: 1 are fewer than the 2 seeds."]
    assert not mended(text)


def test_votes_that_cannot_suffice():
    text = document("d", [counting(5)], seeds=[SEED, vote("ada"), vote("bela")])
    assert found(text) == ["warning team[0].with.total_voters: needs 3 of 5, and only 2 can vote."]
    assert not mended(text)
    assert not found(document("d", [counting(3)], seeds=[SEED, vote("ada"), vote("bela")]))


@pytest.mark.parametrize("blank", ["", " ", "\u2003\n"])
def test_a_seed_that_will_be_dropped(blank):
    text = document("d", [], seeds=[SEED, SEED | {"id": "s3", "text": blank}])
    assert found(text) == ["warning seeds[1].text: is blank, so the seed will be dropped."]
    assert not mended(text)


def test_what_nobody_reads_is_mere_advice():
    assert found(document("d", [rule("a", "Signals", "x", "x")])) == ["advice team[0]: nobody reads Signals, which a writes."]


def test_a_seat_that_is_off_is_left_alone():
    assert not found(document("d", [rule("a", "Proposals", "p", "x", after=("Signals", "never")) | {"enabled": False}]))
