"""kill -9 of the worker at every passage of every place, and again while the next worker takes over."""

import signal
from collections import Counter
from collections.abc import Iterator
from functools import partial

from runs.models import Run
from tests.drills.checks import Outcome, check, outcome_of, undisturbed
from tests.drills.drill import Drill
from tests.drills.stage import Stage, until

#: How far the clock of each next worker is ahead, so that it need not wait for the lease of the one before.
AHEAD = 60.0
#: Passages of an attempt that takes over, beginning with its claim.
RESUMING = (("claimed", 1), ("recover", 1), ("recovered", 1), ("add", 1), ("flush", 1), ("inside", 1), ("flushed", 1))
#: The clock of a worker for whom the gate's deadline has passed.
TOO_LATE = 3600.0


def killed(stage: Stage, *passages: tuple[str, int], eager: bool = True, text: str = "") -> str:
    """Each worker dies at its passage; the last one is left alone."""
    reference = undisturbed(stage, text or "scene", text)
    run = stage.run(text)
    for number, (place, nth) in enumerate(passages):
        die(stage, run, place=place, nth=nth, clock=AHEAD * number, eager=eager)
    with stage.process(clock=AHEAD * len(passages)):
        run = stage.finish(run)
    check(stage, run, reference)
    return f"attempts {run.attempt}, in doubt {stage.doubtful.total()}"


def die(stage: Stage, run: Run, **job: object) -> None:
    """Let a worker run into its trap. How many flushes a run takes varies by one: answers may come together."""
    worker = stage.start(**job)
    stage.drive(run, lambda now: worker.has_ended or now.is_finished)
    # A run may be over an instant before its worker dies of it.
    worker.end()
    stage.mourn(run)


def killed_at_a_gate(stage: Stage) -> str:
    """While the run waits nobody works on it; the worker dies, people decide, another worker goes on."""
    reference = undisturbed(stage)
    run = waiting(stage)
    stage.decide(run)
    with stage.process():
        run = stage.finish(run)
    check(stage, run, reference)
    return f"attempts {run.attempt}"


def killed_expiring(stage: Stage, place: str) -> str:
    """The worker dies while it closes a gate that nobody answered in time."""
    reference = expired(stage)
    run = waiting(stage)
    worker = stage.start(place=place, clock=TOO_LATE)
    until(lambda: worker.has_ended, "dying")
    with stage.process(clock=TOO_LATE + AHEAD):
        run = stage.drive(run, lambda now: now.is_finished, decides=False)
    check(stage, run, reference)
    return f"attempts {run.attempt}"


def waiting(stage: Stage, text: str = "") -> Run:
    """A run that waits at its gate, its worker dead."""
    run = stage.run(text)
    with stage.process():
        return stage.drive(run, lambda now: now.status == "waiting", decides=False)


def expired(stage: Stage) -> Outcome:
    """What the run comes to when its gate is closed by the clock and nothing else happens to it."""
    if "expired" not in stage.references:
        run = waiting(stage)
        with stage.process(clock=TOO_LATE):
            run = stage.drive(run, lambda now: now.is_finished, decides=False)
        stage.references["expired"] = outcome_of(run)
        stage.reset()
    return stage.references["expired"]


def told_to_stop(stage: Stage) -> str:
    """SIGTERM instead of SIGKILL: the run is let go at its next border."""
    reference = undisturbed(stage)
    run = stage.run(pace=0.2)
    worker = stage.start()
    stage.drive(run, lambda now: now.cycle >= 2)
    worker.end(signal.SIGTERM)
    run = Run.objects.get(pk=run.pk)
    assert (worker.code, run.status, run.lease) == (0, "queued", None)
    Run.objects.filter(pk=run.pk).update(pace=0)
    with stage.process():
        run = stage.finish(run)
    check(stage, run, reference)
    return f"attempts {run.attempt}"


def drills(stage: Stage) -> Iterator[Drill]:
    """One for each passage that a worker makes when nothing happens to it, and the others."""
    for eager in (True, False):
        for place, nth, told in passages(stage, eager):
            name = f"kill-{place}-{nth}" + ("" if eager else "-between-flushes")
            yield Drill(name, partial(_killed_once, passage=(place, nth), eager=eager), told=told)
    for place, nth in RESUMING:
        yield Drill(f"kill-resuming-{place}", partial(_killed_twice, first=("flush", 5), second=(place, nth)))
    yield Drill("kill-at-gate", killed_at_a_gate)
    for place in ("flush", "inside", "flushed"):
        yield Drill(f"kill-expiring-{place}", partial(killed_expiring, place=place))
    yield Drill("stop-and-go-on", told_to_stop)


def passages(stage: Stage, eager: bool, text: str = "") -> list[tuple[str, int, str]]:
    """Where a worker comes by, each passage with its number; between flushes only rows reaching the writer are new."""
    stage.reset()
    run = stage.run(text)
    with stage.process(eager=eager) as worker:
        stage.finish(run)
        until(lambda: worker.trace[-1][0] == "flushed", "flushing")
        trace = worker.trace
    stage.reset()
    counts: Counter[str] = Counter()
    found = []
    for place, told in trace:
        counts[place] += 1
        if eager or place == "add":
            found.append((place, counts[place], told))
    return found


def _killed_once(stage: Stage, passage: tuple[str, int], eager: bool) -> str:
    return killed(stage, passage, eager=eager)


def _killed_twice(stage: Stage, first: tuple[str, int], second: tuple[str, int]) -> str:
    return killed(stage, first, second)
