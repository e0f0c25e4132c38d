"""The effects ledger and the skeptic ledger."""

import pytest

from runs.reading.effects import EffectFilter, ledger_of
from runs.reading.skeptics import skeptic_ledger_of
from tests.conducted import conducted, document, says
from tests.house import a_member, a_run

pytestmark = pytest.mark.django_db
SKEPTICS = [
    says("planner", "Strategies", "plan-a", text="Always ship on Friday; guaranteed."),
    {"kind": "assumption-breaker"},
    {"kind": "constraint-checker"},
    {"kind": "economic-skeptic"},
    {"kind": "operational-skeptic"},
    {"kind": "adversarial-review"},
]


def effect(run, number: int, **fields):
    """An answered call of a model, unless told otherwise."""
    values = {
        "kind": "LLMCall",
        "target": "small",
        "suggestor": "ada",
        "cycle": 1,
        "phase": "resolved",
        "input": '{"provider":"small","input":"?"}',
    }
    values |= {"output": '"!"', "tokens": 10, "cost_microdollars": 5, "latency_ms": 100} | fields
    return run.effects.create(identity=str(number), ordinal=number, requested_seq=number, **values)


@pytest.fixture
def ledger():
    """A run with a model asked, a tool used, a write in doubt, and a tool that failed."""
    run = a_run()
    effect(run, 1)
    effect(run, 2, kind="ToolCall", target="mail", input='{"tool":"mail","input":{"to":"•••"}}', sealed="x")
    effect(run, 3, kind="StateWrite", target="crm", phase="in_doubt", output=None, cycle=2)
    effect(run, 4, kind="ToolCall", target="mail", output=None, error="no line", cycle=2)
    return run


def targets(run, **wanted) -> list[int]:
    return [each.row.requested_seq for each in ledger_of(run, EffectFilter(**wanted)).effects]


def test_what_may_have_changed_the_outside_world_is_told_apart(ledger):
    assert targets(ledger) == [1, 2, 3, 4]
    assert targets(ledger, changed="yes") == [2, 3]
    assert ledger_of(ledger, EffectFilter()).changed == 2


def test_effects_are_narrowed_by_cycle_suggestor_and_kind(ledger):
    assert targets(ledger, cycle="2") == [3, 4]
    assert targets(ledger, cycle="1-2", kind="ToolCall") == [2, 4]
    assert targets(ledger, suggestor="bob") == []


def test_hidden_fields_are_shown_as_such(ledger):
    assert [each.hides for each in ledger_of(ledger, EffectFilter()).effects] == [False, True, False, False]


def test_sums_are_those_of_what_is_shown(ledger):
    assert ledger_of(ledger, EffectFilter()).sums == {"count": 4, "failed": 1, "tokens": 40, "cost": 20, "latency": 400}
    assert ledger_of(ledger, EffectFilter(cycle="2")).sums["tokens"] == 20


def test_later_effects_stand_on_the_next_page(ledger, monkeypatch):
    monkeypatch.setattr("runs.reading.effects.PAGE", 3)
    first = ledger_of(ledger, EffectFilter())
    assert len(first.effects) == 3
    assert [each.row.requested_seq for each in ledger_of(ledger, EffectFilter(), after=first.later).effects] == [4]


def test_challenges_are_told_with_what_became_of_them():
    told = skeptic_ledger_of(conducted(a_member(), document("Doubted", SKEPTICS)))
    assert {each.challenge.target_plan for each in told.challenges} == {"plan-a"}
    assert {each.verdict for each in told.challenges} == {"cleared"}
    weights = [each.challenge.severity for each in told.challenges]
    assert weights == sorted(weights, key=["blocker", "warning", "advisory"].index)


def test_a_skeptic_that_spends_no_tokens_has_no_yield():
    run = conducted(a_member(), document("Doubted", SKEPTICS))
    effect(run, 1, suggestor="economic-skeptic", tokens=500)
    rows = {row.name: row for row in skeptic_ledger_of(run).skeptics}
    assert rows["assumption-breaker"].yielded is None
    assert rows["economic-skeptic"].yielded == 2 * rows["economic-skeptic"].challenges
