"""The database has no space, is locked, breaks off or is started anew: the run waits for it, or is taken up again."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from tests.drills.checks import check, undisturbed
from tests.drills.drill import Drill
from tests.drills.stage import Stage

#: Flushes of the scene: of the seeds, requests, answers, a merge, behind the gate, the end.
FLUSHES = (1, 3, 4, 9, 11, 15, 20, 21)
#: Seconds of a lease where a run has to be taken up again.
SHORT = 1.0


def disk_full(stage: Stage, nth: int) -> str:
    """No page is left from a flush on, then there is space again: nothing is lost, the same worker goes on."""
    reference = undisturbed(stage)
    run = stage.run()
    with stage.process(place="flush", nth=nth, deed="full") as worker:
        stage.drive(run, lambda now: bool(worker.failures) or now.is_finished)
        told = len(worker.failures)
        (stage.folder / "full").unlink()
        run = stage.finish(run)
    check(stage, run, reference)
    return f"attempts {run.attempt}, failures {told}"


def disk_full_for_long(stage: Stage, nth: int) -> str:
    """The disk stays full for longer than the lease lasts: the run is dropped, and taken up again when there is space."""
    reference = undisturbed(stage)
    run = stage.run()
    with stage.process(place="flush", nth=nth, deed="full", lease=SHORT):
        first = stage.drive(run, lambda now: (stage.folder / "full").exists())
        stage.drive(run, lambda now: now.attempt > first.attempt)
        (stage.folder / "full").unlink()
        run = stage.finish(run)
    check(stage, run, reference)
    return f"attempts {run.attempt}"


def locked(stage: Stage, nth: int) -> str:
    """Another writer holds SQLite's lock for longer than a statement waits for it."""
    reference = undisturbed(stage)
    run = stage.run()
    with stage.process(place="flush", nth=nth, deed="lock", patience=0.1) as worker:
        stage.drive(run, lambda now: len(worker.failures) > 1 or now.is_finished)
        (stage.folder / "locked").unlink()
        run = stage.finish(run)
    check(stage, run, reference)
    return f"attempts {run.attempt}"


def restarted(stage: Stage, place: str, nth: int) -> str:
    """PostgreSQL is started anew: every connection breaks, also those that lie in the pool."""
    reference = undisturbed(stage)
    run = stage.run()
    with stage.process(place=place, nth=nth, deed="restart", lease=SHORT):
        run = stage.finish(run)
    check(stage, run, reference)
    return f"attempts {run.attempt}"


def broken_off(stage: Stage, place: str, nth: int) -> str:
    """The connection breaks in a transaction, or after its commit, before anybody heard of that."""
    reference = undisturbed(stage)
    run = stage.run()
    with stage.process(place=place, nth=nth, deed="break", lease=SHORT) as worker:
        stage.drive(run, lambda now: bool(worker.failures) or now.is_finished)
        run = stage.finish(run)
    check(stage, run, reference)
    return f"attempts {run.attempt}"


def drills(stage: Stage) -> Iterator[Drill]:
    """All of them."""
    yield from _at("disk-full", disk_full, FLUSHES, "sqlite")
    yield from _at("disk-full-for-long", disk_full_for_long, (1, 4, 15), "sqlite")
    yield from _at("disk-locked", locked, FLUSHES, "sqlite")
    for place in ("flush", "inside", "flushed"):
        yield from _at(f"database-restart-{place}", partial(restarted, place=place), FLUSHES, "postgresql")
    for place in ("claimed", "recover", "recovered", "asked/letter/bob", "answered/letter/bob", "answered/oracle/ada"):
        yield from _at(f"database-restart-{place}", partial(restarted, place=place), (1,), "postgresql")
    for place in ("inside", "rung"):
        yield from _at(f"database-break-{place}", partial(broken_off, place=place), FLUSHES)


def _at(name: str, play: Callable[..., str], numbers: Iterable[int], vendor: str = "") -> Iterator[Drill]:
    for nth in numbers:
        yield Drill(f"{name}-{nth}", partial(play, nth=nth), vendor)
