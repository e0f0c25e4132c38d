"""Workers: in threads here, and in processes that are killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from runs.actions.verifications import verify_run
from runs.journal import rebuild
from runs.models import Cycle, Envelope, Fact, Run, Verification
from runs.runner import work
from tests.documents import chain, gated
from tests.house import a_member, a_run, a_version
from tests.server import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases]


@contextmanager
def working(hands: int = 4) -> Iterator[None]:
    """A worker in a thread."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), kwargs={"hands": hands, "idle": 0.2})
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def statuses() -> set[str]:
    return set(Run.objects.values_list("status", flat=True))


def queued(document: str, number: int = 1, **fields) -> list[Run]:
    version = a_version(document)
    return [a_run(version=version, **fields) for _ in range(number)]


def test_a_worker_conducts_what_is_queued():
    queued(chain(3), 6)
    with working():
        until(lambda: statuses() == {"converged"})


def test_a_worker_verifies_what_it_is_asked_to():
    queued(chain(3))
    with working(hands=1):
        until(lambda: statuses() == {"converged"})
        verify_run(by=a_member(), run=Run.objects.get())
        until(lambda: set(Verification.objects.values_list("verdict", flat=True)) == {"verified"})


def test_a_worker_wakes_up_for_a_run_that_comes_later():
    with working():
        time.sleep(0.1)
        queued(gated())
        until(lambda: statuses() == {"waiting"})


def test_several_runs_go_on_side_by_side():
    queued(chain(5), 3, pace=0.1)
    begun = time.monotonic()
    with working(hands=3):
        until(lambda: statuses() == {"converged"})
    assert time.monotonic() - begun < 3 * 0.6


def test_a_worker_that_is_told_to_stop_lets_go():
    (run,) = queued(chain(50), pace=0.05)
    with working():
        until(lambda: Run.objects.get(pk=run.pk).cycle >= 2)
    run.refresh_from_db()
    assert (run.status, run.lease) == ("queued", None)


def test_two_workers_never_share_a_run():
    runs = queued(chain(4), 10)
    with working(hands=2), working(hands=2):
        until(lambda: statuses() == {"converged"})
    assert set(Run.objects.values_list("attempt", flat=True)) == {1}
    for run in runs:
        seqs = list(Envelope.objects.filter(run=run).order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, len(seqs) + 1))


@contextmanager
def worker_process(url: str) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py work` in a process of its own, with leases that run out soon."""
    code = (
        "import sys, datetime as d; import django; django.setup(); import runs.runner; m = sys.modules\n"
        "short = d.timedelta(seconds=1)\n"
        "for name in ('claim', 'writer'): m['runs.runner.' + name].LEASE = short\n"
        "m['runs.runner.heartbeat'].BEAT = 0.3\n"
        "from django.core.management import call_command; call_command('work')"
    )
    variables = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "organism_web.settings", "LOG_LEVEL": "WARNING"}
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=variables)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.live
def test_killed_twice_in_mid_run_it_ends_as_if_undisturbed(test_database_url):
    (whole,) = queued(chain(12))
    with working():
        until(lambda: Run.objects.get(pk=whole.pk).is_finished)
    (run,) = queued(chain(12), pace=0.15)
    for cycle in (3, 7):
        with worker_process(test_database_url) as process:
            until(partial(_has_come_to, run, cycle))
            os.kill(process.pid, signal.SIGKILL)
        assert Run.objects.get(pk=run.pk).status == "running"
    with worker_process(test_database_url):
        until(lambda: Run.objects.get(pk=run.pk).is_finished)
    run.refresh_from_db()
    assert (run.status, run.attempt, run.digest, run.merkle_root) == ("converged", 3, *_proof(whole))
    assert _chain(run) == _chain(whole)
    seqs = list(Envelope.objects.filter(run=run).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, run.head + 1))
    facts = list(Fact.objects.filter(run=run).values_list("key", "fact_id"))
    assert len(facts) == len(set(facts)) == run.fact_count
    assert len(set(Envelope.objects.filter(run=run).exclude(event_id=None).values_list("event_id", flat=True))) == run.event_count
    assert rebuild(run) == []


def _has_come_to(run: Run, cycle: int) -> bool:
    return Run.objects.get(pk=run.pk).cycle >= cycle


def _proof(run: Run) -> tuple[str, str]:
    run.refresh_from_db()
    return run.digest, run.merkle_root


def _chain(run: Run) -> list[str]:
    return list(Cycle.objects.filter(run=run).order_by("number").values_list("digest", flat=True))


@pytest.mark.live
def test_a_worker_process_stops_on_sigterm(test_database_url):
    (run,) = queued(chain(50), pace=0.05)
    with worker_process(test_database_url) as process:
        until(lambda: Run.objects.get(pk=run.pk).cycle >= 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert Run.objects.get(pk=run.pk).status == "queued"
