"""`python -m tests.bench durable`: what trust costs.

Verifying, explaining and replaying a run of 10 000 facts, recording effects, and round-trips of gates.
"""

import gc
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

from tests.bench.decisions import round_trips
from tests.bench.effects import recording_effects
from tests.bench.holding import at_least, at_most
from tests.bench.workloads import PAY, SEEDS, WORKLOADS, run
from tests.bench.world import a_run_to_write, world

ROUNDS = 5
FACTS = 10_000
SIZES = {"chain": 2_000, "fanout": 2_000, "huddle": 900}


def main(argv: list[str]) -> None:
    """Print everything; takes no arguments."""
    _reexecution()
    with world():
        _whole_verification()
        _explaining()
        recording_effects()
        round_trips()


def _median(work: Callable[[], object], rounds: int = ROUNDS, clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds."""
    times = []
    for _ in range(rounds):
        gc.collect()
        begun = clock()
        work()
        times.append(clock() - begun)
    return statistics.median(times)


def _reexecution() -> None:
    """Executing again and comparing, against the engine's own run of the same formation, both in memory."""
    from runs.engine import Budget, Proposal
    from runs.engine.recording import Recording
    from runs.engine.verification import verify

    for name, size in SIZES.items():
        team = WORKLOADS[name][0](size)
        facts, texts = run(team)
        seeds, budget = [Proposal.text_of(SEEDS, "s", PAY, "bench")], Budget(100_000, 1_000_000)

        def again(team: Any = team, texts: Any = texts, seeds: Any = seeds, budget: Any = budget) -> None:
            assert verify(team, seeds, Recording(texts), budget=budget).verified

        ours, plain = _median(again), _median(lambda team=team: run(team))
        share = plain / ours * 100
        print(
            f"{name} {size}: verified {facts / ours:,.0f} facts/s, {share:.0f} % of the engine's {facts / plain:,.0f} {at_least(50, share)}"
        )


def _document(facts: int) -> str:
    """A formation document: rules in a chain, each waiting for the fact of the one before it, a hundred at a time."""
    import json

    from tests.documents import rule

    wide = facts // 100
    team = [rule(f"r0-{n}", "Hypotheses", f"h0-{n}", PAY) for n in range(100)]
    for level in range(1, wide):
        before = [("Hypotheses", f"h{level - 1}-{n}") for n in range(100)]
        team += [rule(f"r{level}-{n}", "Hypotheses", f"h{level}-{n}", PAY, after=before[n]) for n in range(100)]
    value = {
        "schema": "organism.formation/v1",
        "label": "Bench",
        "team": team[:2000],
        "seeds": [{"key": "Seeds", "id": "s", "text": "x", "provenance": "bench"}],
        "budget": {"max_cycles": 1000, "max_facts": 1_000_000},
    }
    return json.dumps(value)


def _whole_verification() -> None:
    """From the database to the verdict, the process's start included, against conducting with every commit."""
    from runs.runner import carry
    from runs.runner.verify import examine
    from tests.house import a_run, a_version

    version = a_version(_document(2_000), slug="bench")
    begun = time.perf_counter()
    held = a_run(version=version, status="running", lease="bench", max_facts=1_000_000)
    carry(held)
    conducted = time.perf_counter() - begun
    assert held.status == "converged", held.message
    took = _median(lambda: examine(held, threading.Event()))
    facts = held.fact_count
    print(
        f"{facts} facts from rules: conducted and committed in {conducted * 1e3:.0f} ms, verified in a fresh process in {took * 1e3:.0f} ms"
    )


def _explaining() -> None:
    """`why` of the last fact of a chain: everything before it is in the explanation."""
    from runs.engine import Budget
    from runs.reading.context import context_at, facts_of
    from runs.reading.provenance import provenance_of
    from runs.reading.replay import step_of
    from runs.reading.why import why
    from runs.runner import conduct
    from tests.bench.journal import _Chain

    held, document = a_run_to_write(), _Chain(FACTS - 1)
    document.budget = Budget(2 * FACTS, 2 * FACTS)
    conduct(held, document)
    last = held.facts.order_by("-seq").first()
    took, worked = (_median(lambda: why(held, last), clock=clock) * 1e3 for clock in (time.perf_counter, time.process_time))
    print(f"why, {held.fact_count} facts, all in it: {took:.1f} ms {at_most(50, took)}, {worked:.1f} of them at work")
    print(f"provenance of a fact there: {_median(lambda: provenance_of(held, last)) * 1e3:.1f} ms")
    steps = [_median(lambda at=at: (step_of(held, at), facts_of(context_at(held, at), "Hypotheses"))) for at in (1, FACTS // 2, FACTS - 1)]
    print(f"a step of replay there: {max(steps) * 1e3:.1f} ms {at_most(100, max(steps) * 1e3)}")
