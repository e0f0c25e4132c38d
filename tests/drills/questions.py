"""A person is asked something: the worker dies, or the run is cancelled, at every passage around the question."""

from collections.abc import Iterator
from functools import partial

from runs.models import Gate, Run
from tests.drills.cancelling import cancelled
from tests.drills.checks import check, undisturbed
from tests.drills.deeds import cancel
from tests.drills.drill import Drill
from tests.drills.killing import killed, passages, waiting
from tests.drills.scene import question
from tests.drills.stage import Stage


def killed_at(stage: Stage, passage: tuple[str, int]) -> str:
    """The worker dies; whoever takes over asks no second time what was asked, and was answered."""
    told = killed(stage, passage, text=question())
    asked = Gate.objects.filter(run=Run.objects.latest("pk"), kind="interrupt").count()
    assert asked == 1, f"asked {asked} times"
    return told


def cancelled_when_answered(stage: Stage) -> str:
    """The question is answered, no worker has taken the run up yet: the answer comes to nothing."""
    undisturbed(stage, question(), question())
    run = waiting(stage, question())
    stage.decide(run)
    cancel()
    run = Run.objects.get(pk=run.pk)
    check(stage, run)
    assert run.status == "cancelled"
    return run.status


def drills(stage: Stage) -> Iterator[Drill]:
    """One of each for each passage that a worker makes."""
    for place, nth, told in passages(stage, True, question()):
        yield Drill(f"question-kill-{place}-{nth}", partial(killed_at, passage=(place, nth)), told=told)
        if place in ("flush", "flushed"):
            yield Drill(f"question-cancel-{place}-{nth}", partial(cancelled, place=place, nth=nth, text=question()), told=told)
    yield Drill("question-cancel-when-answered", cancelled_when_answered)
