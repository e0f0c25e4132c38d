"""Snapshots: there and back, and every contradiction by name."""

import copy

import pytest

from runs.engine import GatePolicy, Payload, PayloadError, PayloadRegistry, State
from runs.engine.errors import InvalidSnapshot
from runs.engine.snapshot import from_snapshot, snapshot
from tests.engine.teams import DIAGNOSTIC, HYPOTHESES, SEEDS, SIGNALS, STRATEGIES, Does, Once, data, drive, text

STANDARD = PayloadRegistry.standard()


def fails(context):
    raise ValueError("no")


def whole():
    """A context with a seed, typed and text facts, a note, an approved fact, and something staged."""
    team = [Once(data(HYPOTHESES, "h", [1.0, {"b": 1, "a": 2}])), Once(text(STRATEGIES, "s")), Does(fails)]
    context = drive(team, [text(SEEDS, "a", "é")], gates=GatePolicy(keys=(STRATEGIES,))).result.context
    context.add_proposal(text(SIGNALS, "later", confidence=0.5))
    return context


def refusal(change):
    taken = copy.deepcopy(snapshot(whole()))
    change(taken)
    with pytest.raises(InvalidSnapshot) as refused:
        from_snapshot(taken, STANDARD)
    return str(refused.value).removeprefix("invalid context snapshot: ")


def test_it_comes_back_as_it_was():
    taken = snapshot(whole())
    back = from_snapshot(taken, STANDARD)
    assert snapshot(back) == taken
    assert back.merkle_root() == whole().merkle_root()
    assert back.fact(STRATEGIES, "s").approver == "ada"


def test_its_parts_stand_in_order():
    taken = snapshot(whole())
    assert list(taken) == ["version", "merkle_root", "facts", "proposals"]
    assert list(taken["facts"]) == ["Seeds", "Hypotheses", "Strategies", "Diagnostic"]
    assert len(taken["merkle_root"]) == 32


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda it: it["facts"].update(Signals=it["facts"].pop("Seeds")), "fact 'a' stored under Signals but declares Seeds"),
        (lambda it: it["facts"]["Seeds"].append(it["facts"]["Seeds"][0]), "duplicate fact 'a' under Seeds"),
        (
            lambda it: it["proposals"].update(Votes=it["proposals"].pop("Signals")),
            "proposal 'later' stored under Votes but declares Signals",
        ),
        (lambda it: it["proposals"]["Signals"].append(it["proposals"]["Signals"][0]), "duplicate proposal 'later' under Signals"),
        (lambda it: it["merkle_root"].reverse(), "snapshot merkle root does not match restored facts"),
        (lambda it: it["facts"]["Seeds"][0].update(id="b"), "snapshot merkle root does not match restored facts"),
        (lambda it: it["facts"]["Seeds"][0]["payload"]["payload"].update(text="y"), "snapshot merkle root does not match restored facts"),
    ],
)
def test_a_contradiction_is_named(change, words):
    assert refusal(change) == words


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.update(more=1),
        lambda it: it.pop("version"),
        lambda it: it["facts"]["Seeds"][0].update(more=1),
        lambda it: it["facts"]["Seeds"][0].update(key="Nope"),
        lambda it: it["facts"]["Seeds"][0]["payload"].update(more=1),
        lambda it: it["facts"]["Seeds"][0].pop("promotion_record"),
        lambda it: it["proposals"]["Signals"][0].update(confidence=1.5),
        lambda it: it["merkle_root"].pop(),
        lambda it: it["merkle_root"].__setitem__(0, 300),
    ],
)
def test_another_shape_is_refused(change):
    assert "`" in refusal(change)


def test_a_payload_that_its_family_refuses_is_refused():
    taken = snapshot(whole())
    taken["facts"]["Seeds"][0]["payload"]["payload"]["more"] = 1
    with pytest.raises(PayloadError, match=r"converge\.text v1"):
        from_snapshot(taken, STANDARD)


def test_version_and_record_are_not_protected_but_the_version_does_not_count_facts():
    taken = snapshot(whole())
    facts = sum(map(len, taken["facts"].values()))
    taken["version"] = 99
    taken["facts"]["Seeds"][0]["promotion_record"]["trace_link"] = {"type": "Remote", "system": "s"}
    back = from_snapshot(taken, STANDARD)
    assert (back.version, len(back)) == (99, facts)
    assert drive([], state=State.fresh(context=back)).result.integrity.fact_count == facts + 1


def test_all_keys_of_a_restored_context_are_dirty():
    back = from_snapshot(snapshot(drive([], [text(SEEDS, "a")]).result.context), STANDARD)
    told = drive([Once(text(HYPOTHESES, "h"), on=[SEEDS])], state=State.fresh(context=back))
    assert told.ids() == ["h"]
    assert told.result.integrity.clock_time == 1


def test_notes_keep_the_epoch():
    note = from_snapshot(snapshot(whole()), STANDARD).get(DIAGNOSTIC)[0]
    assert (note.created_at, note.is_note) == ("1970-01-01T00:00:00Z", True)
    assert note.payload == Payload.diagnostic_of("does", "ValueError: no")
