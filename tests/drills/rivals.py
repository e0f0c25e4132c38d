"""Several workers: two that claim the same queue, and one that comes back to a run that another one has finished."""

from collections.abc import Iterator
from functools import partial

from django.db import connection

from runs.models import Run
from tests.documents import chain
from tests.drills.checks import check, outcome_of, undisturbed
from tests.drills.drill import Drill
from tests.drills.killing import AHEAD
from tests.drills.stage import Stage, until

RUNS = 12
#: Where a worker stands still while another one, for whom its lease is over, carries its run to the end.
PASSAGES = (
    *(("claimed", 1), ("recovered", 1), ("recovered", 2)),
    *((place, nth) for place in ("add", "flush", "flushed") for nth in (1, 3, 4, 9, 11, 15, 21)),
    *((f"{place}/{call}", 1) for place in ("asked", "answered") for call in ("oracle/ada", "letter/bob", "letter/cleo")),
)


def claiming(stage: Stage, workers: int = 3) -> str:
    """Several workers and one queue: every run is taken once, by one of them."""
    whole = undisturbed(stage, "chain", chain(4))
    runs = [stage.run(chain(4)) for _ in range(RUNS)]
    started = [stage.start(hands=2) for _ in range(workers)]
    for run in runs:
        run = stage.finish(run)
        assert run.attempt == 1
        assert outcome_of(run) == whole
    for worker in started:
        worker.end()
    for run in runs:
        check(stage, run, whole)
    shares = [sum(place == "claimed" for place, _ in worker.trace) for worker in started]
    assert sum(shares) == RUNS
    return f"shares {shares}"


def coming_back(stage: Stage, place: str, nth: int) -> str:
    """A worker stands still, another one finishes its run; back again it writes nothing, and takes other runs."""
    reference = undisturbed(stage)
    run = stage.run()
    slow, stalled = stage.start(place=place, nth=nth, deed="stall"), stage.folder / "stalled"
    stage.drive(run, lambda now: stalled.exists())
    with stage.process(clock=AHEAD):
        finished = stage.finish(run)
    stalled.unlink()
    other = stage.finish(stage.run(chain(4)))
    assert other.attempt == 1
    assert Run.objects.get(pk=run.pk).head == finished.head
    slow.end()
    check(stage, run, reference)
    return f"attempts {finished.attempt}"


def standing_in_the_door(stage: Stage, nth: int) -> str:
    """A worker stands still within its transaction. On PostgreSQL the others go on with other runs; on SQLite they wait."""
    reference = undisturbed(stage)
    run = stage.run()
    frozen = stage.start(place="inside", nth=nth, deed="freeze")
    stage.drive(run, lambda now: frozen.is_frozen)
    before = stage.said().count("database-away")
    rival = stage.start(clock=AHEAD, patience=0.1, hands=2)
    if connection.vendor == "postgresql":
        assert stage.finish(stage.run(chain(4))).attempt == 1
    else:
        until(lambda: stage.said().count("database-away") > before, "failing")
    frozen.go_on()
    run = stage.finish(run)
    for worker in (frozen, rival):
        assert not worker.has_ended, f"{worker.number} has ended with {worker.code}"
        worker.end()
    check(stage, run, reference)
    return f"attempts {run.attempt}"


def drills(stage: Stage) -> Iterator[Drill]:
    """All of them."""
    yield Drill("rivals-claiming", claiming)
    for place, nth in PASSAGES:
        yield Drill(f"rivals-coming-back-{place}-{nth}", partial(coming_back, place=place, nth=nth))
    for nth in (1, 4, 9):
        yield Drill(f"rivals-in-the-door-{nth}", partial(standing_in_the_door, nth=nth))
