"""A gate's round-trip, from the request committed over the decision to the cycle merged.

In one process, without the wait for a worker's next look: what is measured is the work. Then the same for a question.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

ROUNDS = 41
FACTS = 1_000


def round_trips() -> None:
    """Print milliseconds; the database is there already."""
    _print("gate round-trip (request committed -> decision -> merged)", _gate, seeds=0)
    _print(f"the same in a run of {FACTS} facts", _gate, seeds=FACTS)
    _print("question round-trip", _question, seeds=0)


def _print(what: str, trip: Callable[[int], tuple[float, float]], *, seeds: int) -> None:
    times = [trip(seeds) for _ in range(ROUNDS)]
    decided, merged = (statistics.median(column) * 1e3 for column in zip(*times, strict=True))
    print(f"{what}: {decided + merged:.1f} ms ({decided:.1f} to decide, {merged:.1f} to recover and merge)")


def _gate(seeds: int) -> tuple[float, float]:
    from tests.documents import gated

    return _round_trip(gated(), seeds, verdict="approve")


def _question(seeds: int) -> tuple[float, float]:
    from tests.documents import document

    human = {"kind": "human", "with": {"ask": "admin", "wants": "note", "topic": "s1"}}
    return _round_trip(document("Asking", [human]), seeds, verdict="answer", answer="yes")


def _round_trip(text: str, seeds: int, **said: Any) -> tuple[float, float]:
    """Seconds until the decision was committed, and until the run was."""
    from django.utils import timezone

    from runs.actions.gates import decide_gate
    from runs.runner import carry, claim_run
    from tests.house import a_member, a_run, a_version

    run, by = a_run(version=a_version(_with_seeds(text, seeds))), a_member()
    carry(_held(claim_run(run, timezone.now())))
    gate = run.gates.get()
    begun = time.perf_counter()
    decide_gate(by=by, gate=gate, **said)
    decided = time.perf_counter()
    carry(_held(claim_run(run, timezone.now())))
    return decided - begun, time.perf_counter() - decided


def _held(run: Any) -> Any:
    assert run is not None
    return run


def _with_seeds(text: str, number: int) -> str:
    import json

    value = json.loads(text)
    value["seeds"] += [{"key": "Signals", "id": f"x{n}", "text": f"signal {n}", "provenance": "bench"} for n in range(number)]
    return json.dumps(value)
