"""Verifying runs: what was recorded comes out again in a process of its own, and whatever was changed is named."""

import json
import sys
import threading
from pathlib import Path

import pytest
from django.utils import timezone

from runs.actions.gates import decide_gate
from runs.actions.runs import cancel_run
from runs.actions.verifications import verify_run
from runs.engine import EffectResult
from runs.models import Gate, GateVote, Run, Verification
from runs.runner import carry, carry_out, claim_run, claim_verification, new_lease
from runs.runner import verify as room
from runs.runner.conduct import conduct
from runs.suggestors import registry
from runs.suggestors.document import read_document
from runs.suggestors.providers import Provider
from tests.altering import alter, remove, set_column, swap
from tests.conducted import GATED, HUDDLE, SPENT, conducted, document, says, started
from tests.house import a_member

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def verdict(run: Run) -> Verification:
    return carry_out(verify_run(by=a_member(), run=run, lease=new_lease()))


def seq_of(run: Run, fact: str, kind: str = "FactPromoted") -> int:
    return run.envelopes.get(kind=kind, body__contains=f'"fact_id":"{fact}"').seq


@pytest.mark.parametrize("formation", [HUDDLE, SPENT, GATED], ids=["converged", "exhausted", "waiting"])
def test_a_run_comes_out_again(formation):
    run = conducted(a_member(), formation)
    found = verdict(run)
    assert (str(found), found.head, found.by) == ("verified", run.head, "admin@acme.example")


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('"by":"approver@acme.example"', '"by":"mallory@acme.example"'),
        ('"reason":"fine"', '"reason":"never"'),
        ('"verdict":"approve"', '"verdict":"reject"'),
        ('"round":0', '"round":1'),
    ],
    ids=["who", "why", "what", "about what"],
)
def test_what_somebody_said_at_a_gate_cannot_be_altered(was, becomes):
    by, approver = a_member(), a_member("approver")
    gates = {"keys": ["Strategies"], "quorum": 2, "self_approval": True}
    run = conducted(by, document("Two", [says("ada", "Strategies", "s", text="x")], gates=gates))
    decide_gate(by=approver, gate=Gate.objects.get(), verdict="approve", reason="fine")
    assert str(verdict(run)) == "verified"
    run.refresh_from_db()
    alter(run, run.envelopes.get(kind="GateVoted").seq, was, becomes)
    assert str(verdict(run)).startswith("diverged at cycle 1")


def test_a_vote_that_stands_beside_the_journal_only_is_named():
    run = conducted(a_member(), GATED)
    GateVote.objects.create(run=run, gate_id="g", seq=run.head, verdict="approve", by="mallory", at=timezone.now())
    assert str(verdict(run)).startswith("diverged")


def test_a_long_journal_comes_out_again():
    """Longer than what fits into a pipe."""
    run = conducted(a_member(), document("Long", [says(f"s{n}", "Hypotheses", f"h{n}", text="x" * 1000) for n in range(300)]))
    assert str(verdict(run)) == "verified"


def test_a_decided_run_comes_out_again():
    run = conducted(a_member(), GATED)
    decide_gate(by=a_member("approver"), gate=Gate.objects.get(), verdict="reject", reason="too dear")
    carry(claim_run(run, timezone.now()))
    assert str(verdict(run)) == "verified"


@pytest.mark.parametrize("formation", [HUDDLE, GATED], ids=["queued", "waiting"])
def test_a_cancelled_run_comes_out_again(formation):
    by = a_member()
    run = started(by, formation) if formation is HUDDLE else conducted(by, formation)
    assert str(verdict(cancel_run(by=by, run=run))) == "verified"


def test_a_document_that_cannot_be_used_fails_again_in_the_same_words():
    broken = started(a_member(), document("Broken", [says("ada", "Hypotheses", "h", text="x")]), lease=new_lease())
    broken.version.document = '{"schema":"organism.formation/v1","label":"Broken","team":[{"kind":"nothing-like-it"}]}'
    carry(broken)
    run = Run.objects.get(pk=broken.pk)
    found = room.examine(_with(run, broken.version.document), threading.Event())
    assert (run.status, str(found)) == ("failed", "verified")


def _with(run: Run, text: str) -> Run:
    run.version.document = text
    return run


def test_an_altered_payload_is_named():
    run = conducted(a_member(), HUDDLE)
    alter(run, seq_of(run, "note:ada:1"), "The benches are dry", "The benches are wet")
    found = verdict(run)
    assert str(found) == "diverged at cycle 2, fact Hypotheses/note:ada:1"
    recorded, executed = found.sides
    assert "wet" in json.dumps(recorded)
    assert "dry" in json.dumps(executed)


def test_two_rows_in_another_order_are_named():
    run = conducted(a_member(), HUDDLE)
    one, other = seq_of(run, "vote:lunch:ada"), seq_of(run, "vote:lunch:bob")
    swap(run, one, other)
    assert str(verdict(run)) == "diverged at cycle 1, fact Votes/vote:lunch:bob"


KIND = '''
"""A kind from elsewhere."""
import msgspec
from runs.engine import ContextKey, Proposal, Suggestor, ToolCall
from runs.suggestors import Kind

class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """None."""

class Elsewhere(Suggestor):
    dependencies = (ContextKey.SEEDS,)
    done_when = ((ContextKey.HYPOTHESES, "h"),)
    def __init__(self, name):
        self.name = name
    def suggest(self, context):
        print("noise on standard output")
        ASK
        return [Proposal.text_of(ContextKey.HYPOTHESES, "h", "WORDS", "elsewhere")]

kind = Kind(kind="elsewhere", summary="x", params=Params, build=lambda _, name: Elsewhere(name), writes=lambda _: (ContextKey.HYPOTHESES,))
'''


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch):
    """A kind that another package registers; the function that is given back changes its code."""
    info = tmp_path / "elsewhere-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[organism.suggestors]\nelsewhere = elsewhere_kind:kind\n")

    def write(words: str, ask: str = "pass", *, here: bool = False) -> None:
        (tmp_path / "elsewhere_kind.py").write_text(KIND.replace("WORDS", words).replace("ASK", ask))
        if here:
            sys.modules.pop("elsewhere_kind", None)
            registry._load.cache_clear()

    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(registry, "_KINDS", dict(registry.kinds()))
    monkeypatch.syspath_prepend(str(tmp_path))
    write("as it was", here=True)
    yield write
    registry._load.cache_clear()
    sys.modules.pop("elsewhere_kind", None)
    monkeypatch.undo()
    registry.kinds()


ELSEWHERE = document("Elsewhere", [{"kind": "elsewhere", "name": "far"}])


def test_a_suggestor_whose_code_changed_is_named(elsewhere):
    run = conducted(a_member(), ELSEWHERE)
    assert str(verdict(run)) == "verified"
    elsewhere("as it is now")
    found = verdict(run)
    assert str(found) == "diverged at cycle 1, fact Hypotheses/h"
    assert [side["payload"]["payload"]["text"] for side in found.sides] == ["as it was", "as it is now"]


def test_a_suggestor_that_ends_its_process_is_told(elsewhere):
    run = conducted(a_member(), ELSEWHERE)
    elsewhere("x", ask="__import__('os')._exit(7)")
    found = verdict(run)
    assert (found.verdict, "code 7" in found.executed) == ("failed", True)


def test_a_suggestor_that_hangs_is_broken_off(elsewhere, monkeypatch):
    run = conducted(a_member(), ELSEWHERE)
    elsewhere("x", ask="__import__('threading').Event().wait()")
    monkeypatch.setattr(room, "LONGEST", 0.5)
    found = verdict(run)
    assert (found.verdict, found.sides[1]) == ("failed", "it took longer than 0.5 seconds")


def test_told_to_stop_it_lets_go_for_somebody_else(elsewhere):
    run = conducted(a_member(), ELSEWHERE)
    elsewhere("x", ask="__import__('threading').Event().wait()")
    stop = threading.Event()
    stop.set()
    left = carry_out(verify_run(by=a_member(), run=run, lease=new_lease()), stop)
    assert (left.verdict, left.lease) == ("asked", None)
    assert claim_verification(timezone.now()).pk == left.pk


def test_an_altered_effect_result_is_found_even_if_no_fact_changes(elsewhere):
    registry._KINDS.pop("elsewhere", None)
    elsewhere("x", ask='yield ToolCall("echo", {"say": "hi"})', here=True)
    run = started(a_member(), ELSEWHERE, lease=new_lease())
    conduct(run, read_document(run.version.document), providers={("ToolCall", "echo"): Echo()})
    assert str(verdict(run)) == "verified"
    alter(run, run.envelopes.get(body__contains='"phase":"resolved"').seq, '"output":"hi"', '"output":"ho"')
    found = verdict(run)
    assert (str(found), "digest" in found.recorded) == ("diverged at cycle 1", True)


class Echo(Provider):
    """Says what it is told."""

    def answer(self, call):
        return EffectResult(output=call.effect.input["say"])


@pytest.mark.parametrize(
    ("harm", "cycle"),
    [
        (lambda run: remove(run, 9), 1),
        (lambda run: remove(run, run.head), 4),
        (lambda run: set_column(run, 9, "kind", "CycleEnded"), 1),
        (lambda run: set_column(run, 9, "cycle", 3), 3),
        (lambda run: alter(run, 9, '"seq":9', '"seq":10'), 1),
        (lambda run: alter(run, 2, ':0"', ':1"'), 0),
        (lambda run: alter(run, 9, "{", "{{"), 1),
        (lambda run: alter(run, 9, '"family"', '"more":1,"family"'), 1),
        (lambda run: Run.objects.filter(pk=run.pk).update(digest="0" * 64), 4),
        (lambda run: Run.objects.filter(pk=run.pk).update(fact_count=1), 4),
        (lambda run: Run.objects.filter(pk=run.pk).update(status="failed", message="x"), 4),
        (lambda run: Run.objects.filter(pk=run.pk).update(status="queued"), 4),
        (lambda run: Run.objects.filter(pk=run.pk).update(head=run.head - 1), 4),
    ],
    ids=["gap", "cut", "kind", "cycle", "seq", "event", "json", "member", "digest", "facts", "status", "open", "head"],
)
def test_a_journal_that_is_not_as_it_was_written_is_named(harm, cycle):
    run = conducted(a_member(), HUDDLE)
    assert run.cycles == 4
    harm(run)
    found = verdict(run)
    assert (found.verdict, found.cycle) == ("diverged", cycle)
    assert found.recorded != found.executed


def test_projections_are_no_part_of_it():
    run = conducted(a_member(), HUDDLE)
    run.facts.all().delete()
    assert str(verdict(run)) == "verified"


def test_who_asks_twice_is_given_the_same():
    run, by = conducted(a_member(), HUDDLE), a_member()
    assert verify_run(by=by, run=run) == verify_run(by=by, run=run)


def test_only_one_takes_it():
    verify_run(by=a_member(), run=conducted(a_member(), HUDDLE))
    assert claim_verification(timezone.now()) is not None
    assert claim_verification(timezone.now()) is None
    assert claim_verification(timezone.now() + 2 * room.LEASE) is not None
