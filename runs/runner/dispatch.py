"""The worker: takes runs as they come, and conducts several side by side."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog
from django.db import Error, close_old_connections, connections

from runs.doorbell import Bell, listening
from runs.journal import LeaseLost
from runs.models import Run, Verification
from runs.runner.claim import claim
from runs.runner.clock import Clock
from runs.runner.conduct import abandon, conduct
from runs.runner.expire import expire_gates
from runs.runner.verify import carry_out, claim_verification
from runs.suggestors.document import read_document
from runs.suggestors.problems import DocumentInvalid

log = structlog.get_logger(__name__)

#: Runs that one worker conducts side by side.
HANDS = 4
#: Seconds after which it looks even when nobody rang.
IDLE = 1.0


def carry(run: Run, stop: threading.Event | None = None) -> None:
    """Conduct a run that we hold, from its document on; what went wrong stands in the run afterwards."""
    try:
        document = read_document(run.version.document)
    except DocumentInvalid as error:
        abandon(run, f"the formation document cannot be used: {error}")
    else:
        conduct(run, document, stop=stop)


def work(stop: threading.Event, *, hands: int = HANDS, idle: float = IDLE) -> None:
    """Take and conduct runs until `stop`; then every run is let go at its next border, for others to take."""
    bell, clock, free = Bell(), Clock(), threading.Semaphore(hands)
    try:
        with listening(bell.ring), ThreadPoolExecutor(hands, thread_name_prefix="run") as pool:
            while not stop.is_set():
                _take_all(pool, clock, free, stop)
                bell.wait(idle)
    finally:
        connections.close_all()


def _take_all(pool: ThreadPoolExecutor, clock: Clock, free: threading.Semaphore, stop: threading.Event) -> None:
    """Start whatever there is to start, as far as hands are free."""
    close_old_connections()
    try:
        now = clock.now()
        if clock.is_settled():
            expire_gates(now)
        while free.acquire(blocking=False):
            if not _take_one(pool, clock, free, stop):
                return
    except Error:
        log.exception("database-away")


def _take_one(pool: ThreadPoolExecutor, clock: Clock, free: threading.Semaphore, stop: threading.Event) -> bool:
    """Put a run, or a verification, into the hand that is free; without one the hand is free again."""
    work = None
    try:
        work = _next_work(clock, stop)
    finally:
        if work is None:
            free.release()
    if work is not None:
        pool.submit(_in_thread, work, free)
    return work is not None


def _next_work(clock: Clock, stop: threading.Event) -> Callable[[], None] | None:
    """A run to conduct, or else one to verify."""
    now = clock.now()
    run = claim(now, is_settled=clock.is_settled)
    if run is not None:
        return partial(_carry_in_words, run, stop)
    verification = claim_verification(now)
    return partial(_verify_in_words, verification, stop) if verification is not None else None


def _in_thread(work: Callable[[], None], free: threading.Semaphore) -> None:
    try:
        work()
    finally:
        connections.close_all()
        free.release()


def _carry_in_words(run: Run, stop: threading.Event) -> None:
    """Whatever happens, the worker lives on and the run's lease is left to run out."""
    try:
        log.info("run-taken", run=run.pk, attempt=run.attempt)
        carry(run, stop)
        log.info("run-left", run=run.pk, status=run.status)
    except LeaseLost:
        log.warning("run-lost", run=run.pk)
    except Exception:
        log.exception("run-dropped", run=run.pk)


def _verify_in_words(verification: Verification, stop: threading.Event) -> None:
    try:
        carry_out(verification, stop)
        log.info("run-verified", run=verification.run_id, verdict=str(verification))
    except Exception:
        log.exception("verification-dropped", run=verification.run_id)
