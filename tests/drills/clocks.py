"""The wall clock of the machine is set, forwards or backwards by an hour, while runs are conducted or wait."""

from collections.abc import Iterator
from functools import partial

from runs.models import Run
from tests.drills.checks import check, undisturbed
from tests.drills.drill import Drill
from tests.drills.killing import die, expired, waiting
from tests.drills.scene import ONCE
from tests.drills.stage import Stage, until

DIRECTIONS = {"forwards": 3600.0, "backwards": -3600.0}
LEASE = 1.0


def jumping(stage: Stage, deed: str, place: str, nth: int) -> str:
    """In the middle of a run; a second worker looks on, and takes nothing from one that lives."""
    reference = undisturbed(stage)
    run = stage.run()
    with stage.process(place=place, nth=nth, deed=deed, hands=2):
        run = stage.finish(run)
    check(stage, run, reference)
    return f"attempts {run.attempt}"


def jumping_while_asking(stage: Stage, deed: str) -> str:
    """While a provider takes its time with what cannot be repeated: nobody takes the run away, nothing comes into doubt."""
    reference = undisturbed(stage)
    hanging = stage.lay(f"hang-{ONCE}")
    run = stage.run()
    with stage.process(lease=LEASE, hands=2) as one, stage.process(lease=LEASE, hands=2) as other:
        until(lambda: any(place == f"asked/{ONCE}/bob" for place, _ in one.trace + other.trace), "asking")
        before = Run.objects.get(pk=run.pk)
        stage.set_clock(DIRECTIONS[deed])
        shift = DIRECTIONS[deed]
        stage.drive(run, lambda now: (now.lease_until - before.lease_until).total_seconds() > shift + 2 * LEASE)
        assert Run.objects.get(pk=run.pk).attempt == before.attempt
        hanging.unlink()
        run = stage.finish(run)
    check(stage, run, reference)
    return f"attempts {run.attempt}"


def jumping_after_death(stage: Stage, deed: str) -> str:
    """The worker is dead, its lease lies an hour away by now: another one takes the run all the same."""
    reference = undisturbed(stage)
    run = stage.run()
    die(stage, run, place="flush", nth=9, lease=LEASE)
    stage.set_clock(DIRECTIONS[deed])
    with stage.process(lease=LEASE):
        run = stage.finish(run)
    check(stage, run, reference)
    return f"attempts {run.attempt}"


def jumping_at_a_gate(stage: Stage, deed: str) -> str:
    """Forwards past its deadline the gate is closed by its policy; backwards it waits, and people decide."""
    reference = expired(stage) if deed == "forwards" else undisturbed(stage)
    run = waiting(stage)
    with stage.process(lease=LEASE) as worker:
        assert not worker.has_ended
        stage.set_clock(DIRECTIONS[deed])
        run = stage.drive(run, lambda now: now.is_finished, decides=deed == "backwards")
    check(stage, run, reference)
    return run.status


def drills(stage: Stage) -> Iterator[Drill]:
    """All of them, in both directions."""
    for deed in DIRECTIONS:
        for place in ("flush", "flushed"):
            for nth in (1, 4, 9, 11, 15, 21):
                yield Drill(f"clock-{deed}-{place}-{nth}", partial(jumping, deed=deed, place=place, nth=nth))
        yield Drill(f"clock-{deed}-while-asking", partial(jumping_while_asking, deed=deed))
        yield Drill(f"clock-{deed}-after-death", partial(jumping_after_death, deed=deed))
        yield Drill(f"clock-{deed}-at-gate", partial(jumping_at_a_gate, deed=deed))
