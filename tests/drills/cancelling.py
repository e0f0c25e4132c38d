"""A run is cancelled at every passage that its worker makes: it ends there, and what was done until then stands."""

from collections.abc import Iterator
from functools import partial

from runs.models import Gate, Run
from tests.drills.checks import check, outcome_of, undisturbed
from tests.drills.deeds import cancel
from tests.drills.drill import Drill
from tests.drills.killing import passages, waiting
from tests.drills.stage import Stage


def cancelled(stage: Stage, place: str, nth: int, text: str = "") -> str:
    """Somebody cancels while the worker is there; nobody decides anything from then on."""
    reference = undisturbed(stage, text or "scene", text)
    run = stage.run(text)
    with stage.process(place=place, nth=nth, deed="cancel"):
        stage.drive(run, lambda now: now.cancel_requested or now.is_finished)
        run = stage.drive(run, lambda now: now.is_finished, decides=False)
    return _held(stage, run, reference.chain)


def cancelled_at_a_gate(stage: Stage) -> str:
    """While it waits the run is cancelled at once, without a worker."""
    reference = undisturbed(stage)
    run = waiting(stage)
    cancel()
    return _held(stage, Run.objects.get(pk=run.pk), reference.chain)


def cancelled_when_decided(stage: Stage) -> str:
    """The last gate is decided, no worker has taken the run up yet: what was decided comes to nothing."""
    reference = undisturbed(stage)
    run = waiting(stage)
    stage.decide(run)
    cancel()
    return _held(stage, Run.objects.get(pk=run.pk), reference.chain)


def _held(stage: Stage, run: Run, chain: list[str]) -> str:
    check(stage, run)
    done = outcome_of(run).chain
    assert done == chain[: len(done)]
    assert run.status == "cancelled" or done == chain
    assert not Gate.objects.pending().filter(run=run).exists()
    return f"{run.status} after {len(done)} of {len(chain)} cycles"


def drills(stage: Stage) -> Iterator[Drill]:
    """One for each passage; within a transaction nobody else can write on SQLite."""
    for place, nth, told in passages(stage, eager=True):
        if place != "inside":
            yield Drill(f"cancel-{place}-{nth}", partial(cancelled, place=place, nth=nth), told=told)
    yield Drill("cancel-at-gate", cancelled_at_a_gate)
    yield Drill("cancel-when-decided", cancelled_when_decided)
