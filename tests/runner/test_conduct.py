"""Conducting: to the end, to the gates, or until told to stop; and on again from the journal."""

import json
import threading
from importlib import import_module

import pytest
from django.db import OperationalError
from django.utils import timezone

from runs.engine import ContextKey, Proposal
from runs.journal import LeaseLost, rebuild
from runs.models import Cycle, Envelope, Fact, Gate, Run
from runs.runner import carry, claim, conduct
from runs.suggestors.document import read_document
from tests.documents import chain, document, gated, rule
from tests.house import a_run, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def queued(text: str, **fields) -> Run:
    return a_run(version=a_version(text), **fields)


def taken(text: str, **fields) -> Run:
    queued(text, **fields)
    run = claim(timezone.now())
    assert run is not None
    return run


def kinds(run: Run) -> list[str]:
    return list(run.envelopes.order_by("seq").values_list("kind", flat=True))


def test_a_run_converges_and_is_told_whole():
    run = taken(chain(3))
    carry(run)
    run.refresh_from_db()
    assert (run.status, run.cycles, run.fact_count, run.lease) == ("converged", 4, 4, None)
    assert kinds(run)[0] == "RunStarted"
    assert kinds(run)[-2:] == ["OutcomeRecorded", "RunFinished"]
    assert rebuild(run) == []


def test_the_same_document_gives_the_same_digest_chain():
    runs = [taken(chain(5)) for _ in range(2)]
    for run in runs:
        carry(run)
    one, other = ([*Cycle.objects.filter(run=run).order_by("number").values_list("digest", flat=True)] for run in runs)
    assert one == other


def test_a_gate_makes_the_run_wait_without_a_lease():
    run = taken(gated())
    carry(run)
    run.refresh_from_db()
    assert (run.status, run.lease) == ("waiting", None)
    assert Gate.objects.pending().get().proposal_id == "plan-0"


def test_a_spent_budget_exhausts_the_run():
    run = taken(chain(5, budget={"max_cycles": 2}))
    carry(run)
    assert json.loads(Run.objects.get().stop_reason) == {"CycleBudgetExhausted": {"cycles_executed": 2, "limit": 2}}
    assert (run.status, "BudgetExceeded" in kinds(run)) == ("exhausted", True)


def test_a_document_that_cannot_be_read_fails_the_run_in_words():
    run = taken(document("Broken", [{"kind": "no-such-kind"}]))
    carry(run)
    assert (run.status, kinds(run)) == ("failed", ["OutcomeRecorded", "RunFinished"])
    assert "no-such-kind" in run.message


def test_seeds_that_contradict_each_other_fail_the_run():
    run = taken(chain(1))
    opened = read_document(chain(1))
    opened.seeds = lambda: [Proposal.text_of(ContextKey.SEEDS, "s", words, "p") for words in ("a", "b")]
    conduct(run, opened)
    assert run.status == "failed"
    assert "conflict" in run.message


def test_a_fault_of_the_engine_ends_the_run_in_words():
    run = taken(chain(2))
    opened = read_document(chain(2))
    team = opened.team()
    del team[0].dependencies
    team[0].dependencies = 7
    opened.team = lambda: team
    conduct(run, opened)
    assert run.status == "failed"
    assert "TypeError" in run.message


def test_told_to_stop_it_lets_go_and_another_goes_on():
    stop = threading.Event()
    stop.set()
    run = taken(chain(4))
    carry(run, stop)
    run.refresh_from_db()
    assert (run.status, run.lease) == ("queued", None)
    again = claim(timezone.now())
    carry(again)
    whole = taken(chain(4))
    carry(whole)
    assert again.digest == whole.digest
    assert again.attempt == 2
    assert rebuild(Run.objects.get(pk=again.pk)) == []


@pytest.mark.parametrize("cut", range(1, 18))
def test_cut_at_any_flush_and_resumed_it_equals_the_unbroken_run(cut, monkeypatch):
    monkeypatch.setattr("runs.runner.writer.PERIOD", 0)
    whole = taken(chain(4))
    carry(whole)
    run = taken(chain(4))
    _die_after(run, cut, monkeypatch)
    again = claim(run.lease_until + (run.lease_until - timezone.now()) if run.lease else timezone.now()) or run
    if again is not run:
        carry(again)
    assert again.digest == whole.digest
    assert again.merkle_root == whole.merkle_root
    assert list(Fact.objects.filter(run=again).order_by("seq").values_list("fact_id", "stamp")) == list(
        Fact.objects.filter(run=whole).order_by("seq").values_list("fact_id", "stamp")
    )
    seqs = list(Envelope.objects.filter(run=again).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, again.head + 1))


def _die_after(run: Run, flushes: int, monkeypatch) -> None:
    """Conduct, and be gone after some flushes, without a word."""
    from runs.runner import writer

    real, left = writer.append, [flushes]

    def deadly(*args, **keywords):
        if left[0] == 0:
            raise SystemExit
        left[0] -= 1
        real(*args, **keywords)

    with monkeypatch.context() as patch:
        patch.setattr(writer, "append", deadly)
        try:
            carry(run)
        except SystemExit:
            return


def test_whoever_lost_the_run_stops_and_writes_nothing_more():
    run = taken(chain(3))
    Run.objects.filter(pk=run.pk).update(lease="somebody-else")
    with pytest.raises(LeaseLost):
        carry(run)
    assert not Envelope.objects.exists()


def test_a_run_that_is_to_be_cancelled_ends_at_the_next_cycle():
    run = taken(chain(50), cancel_requested=True)
    carry(run)
    assert (run.status, run.cycles) == ("cancelled", 0)
    assert json.loads(run.stop_reason) == "UserCancelled"


def test_cancelled_while_it_is_paced_it_does_not_wait_for_long():
    run = taken(chain(5), pace=30.0)
    Run.objects.filter(pk=run.pk).update(cancel_requested=True)
    begun = timezone.now()
    carry(run)
    assert run.status == "cancelled"
    assert (timezone.now() - begun).total_seconds() < 2


def test_pace_waits_between_cycles():
    run = taken(chain(3), pace=0.05)
    begun = timezone.now()
    carry(run)
    assert (timezone.now() - begun).total_seconds() >= 0.2
    assert run.engine_us < 150_000


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_while_it_is_paced_costs_nothing(monkeypatch):
    asked = []

    def away(run: Run) -> bool:
        asked.append(run.cycle)
        raise OperationalError("terminating connection due to administrator command")

    monkeypatch.setattr(import_module("runs.runner.conduct"), "wants_cancel", away)
    run = taken(chain(2), pace=0.06)
    carry(run)
    assert (run.status, run.attempt, bool(asked)) == ("converged", 1, True)


def test_a_conflict_keeps_what_was_merged_before():
    team = [rule("a", "Hypotheses", "h", "one"), rule("b", "Hypotheses", "h", "two")]
    run = taken(document("Conflict", team))
    carry(run)
    assert run.status == "failed"
    assert Fact.objects.filter(run=run, fact_id="h").count() == 1
    assert rebuild(Run.objects.get(pk=run.pk)) == []


def test_a_run_that_is_cancelled_when_it_begins_to_wait_ends_without_a_decision(monkeypatch):
    from runs.runner import writer

    run, real = taken(gated()), writer.append

    def cancelled_meanwhile(*args, **keywords):
        Run.objects.filter(pk=run.pk).update(cancel_requested=True)
        real(*args, **keywords)

    monkeypatch.setattr(writer, "append", cancelled_meanwhile)
    monkeypatch.setattr("runs.runner.writer.PERIOD", 1e9)
    carry(run)
    run.refresh_from_db()
    assert (run.status, run.lease) == ("cancelled", None)
    assert not Gate.objects.pending().exists()
    assert rebuild(run) == []
