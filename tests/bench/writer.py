"""A process that writes journals, as a worker does: `python -m tests.bench.writer RUN EVENTS PER_COMMIT PER_SECOND`.

Prints the place and the monotonic time of each commit. The rows are those of a real chain.
"""

import itertools
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import django


def write(key: int, events: int, per_commit: int, per_second: float) -> Iterator[tuple[int, float, float]]:
    """Append the events at the pace; yields place, begin and end of each commit."""
    from django.utils import timezone

    from runs.journal import append
    from runs.models import Run

    run = Run.objects.select_related("tenant").get(pk=key)
    rows = list(itertools.islice(_rows(events), events))
    begin = time.monotonic()
    for done in range(0, events, per_commit):
        time.sleep(max(0.0, begin + done / per_second - time.monotonic()))
        started = time.monotonic()
        append(run, [(timezone.now(), rows[done : done + per_commit])], lease=run.lease)
        yield run.head, started, time.monotonic()


def _rows(events: int) -> Iterator[Any]:
    """The rows of chains, one after the other; the second one has facts of its own."""
    from runs.engine import Budget, Proposal, State, converge
    from tests.bench.workloads import PAY, SEEDS, chain

    state = State.fresh([Proposal.text_of(SEEDS, "s", PAY, "bench")])
    for border in converge(chain(events // 4 + 1), state, budget=Budget(1_000_000, 1_000_000), correlation="c-1"):
        yield from border.rows


def main(argv: list[str]) -> None:
    """Write, and print what was committed when."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "organism_web.settings")
    django.setup()
    key, events, per_commit = map(int, argv[:3])
    lines = [f"{place} {started} {ended}" for place, started, ended in write(key, events, per_commit, float(argv[3]))]
    print("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1:])
