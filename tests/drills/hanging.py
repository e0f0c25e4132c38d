"""A provider that does not answer: the run stays with its worker, and can be cancelled; the worker can be stopped."""

import signal
from collections.abc import Iterator

from runs.models import Run
from tests.drills.checks import check, undisturbed
from tests.drills.deeds import cancel
from tests.drills.drill import Drill
from tests.drills.scene import ONCE, REPEATABLE
from tests.drills.stage import Process, Stage, until

LEASE = 0.5


def hanging_for_long(stage: Stage) -> str:
    """Longer than a lease lasts: it is renewed, and another worker that looks on takes nothing."""
    reference = undisturbed(stage)
    hang = stage.lay(f"hang-{ONCE}")
    run = stage.run()
    with stage.process(lease=LEASE) as one, stage.process(lease=LEASE) as other:
        before = _asked(stage, run, one, other)
        stage.drive(run, lambda now: (now.lease_until - before.lease_until).total_seconds() > 3 * LEASE)
        assert Run.objects.get(pk=run.pk).attempt == 1
        hang.unlink()
        run = stage.finish(run)
    check(stage, run, reference)
    return f"attempts {run.attempt}"


def hanging_and_cancelled(stage: Stage) -> str:
    """The run ends although the provider never does."""
    stage.lay(f"hang-{ONCE}")
    run = stage.run()
    with stage.process() as worker:
        _asked(stage, run, worker)
        cancel()
        run = stage.finish(run)
    assert run.status == "cancelled"
    check(stage, run)
    return run.status


def hanging_and_stopped(stage: Stage) -> str:
    """SIGTERM ends the worker although the provider never does: what may be repeated is asked by the next one."""
    reference = undisturbed(stage)
    hang = stage.lay(f"hang-{REPEATABLE}")
    run = stage.run()
    worker = stage.start()
    until(lambda: "answered/letter/bob" in [place for place, _ in worker.trace], "asking")
    worker.end(signal.SIGTERM)
    assert worker.code == 0
    hang.unlink()
    with stage.process():
        run = stage.finish(run)
    check(stage, run, reference)
    return f"attempts {run.attempt}"


def _asked(stage: Stage, run: Run, *workers: Process) -> Run:
    """Wait until the letter is under way."""
    until(lambda: any(place == f"asked/{ONCE}/bob" for worker in workers for place, _ in worker.trace), "asking")
    return Run.objects.get(pk=run.pk)


def drills(stage: Stage) -> Iterator[Drill]:
    """All of them."""
    yield Drill("hang-for-long", hanging_for_long)
    yield Drill("hang-and-cancel", hanging_and_cancelled)
    yield Drill("hang-and-stop", hanging_and_stopped)
