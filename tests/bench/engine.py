"""`python -m tests.bench engine`: our loop against the bare layer L3, in interleaved pairs.

L3 (facts, envelopes, JSON text, no digest, no projection) comes from the folder of yardsticks. Give the Python of an
environment with langgraph as LANGGRAPH_PYTHON to be compared with that, too.
"""

import gc
import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.holding import at_least, at_most
from tests.bench.workloads import WORKLOADS, run

SIZES = {"chain": 100, "huddle": 8, "fanout": 200}
#: What is to hold: times the bare layer at most, and times LangGraph (without a saver) at least.
MOST_BARE = {"chain": 2.3, "huddle": 2.0, "fanout": 1.6}
LEAST_LANGGRAPH = {"chain": 10, "huddle": 16, "fanout": 3}
PAIRS = 41


def yardsticks() -> Path:
    """Where the bare layers lie."""
    root = Path(__file__).resolve().parents[2]
    return Path(os.environ.get("ORGANISM_SHARED", root.parent / "shared")) / "bench"


def timed(work: Callable[[], object], inner: int = 1) -> float:
    """Seconds that `work` takes, as the mean of `inner` runs after a collection, the yardstick's own way."""
    gc.collect()
    start = time.perf_counter()
    for _ in range(inner):
        work()
    return (time.perf_counter() - start) / inner


def pairs(ours: Callable[[], object], theirs: Callable[[], object], count: int = PAIRS) -> tuple[float, float, float]:
    """Medians of both, and of their ratio pair by pair, in A B A B order after a warm-up."""
    inner = [max(1, min(200, int(0.02 / timed(work)))) for work in (ours, theirs)]
    measured = [(timed(ours, inner[0]), timed(theirs, inner[1])) for _ in range(count)]
    ratio = statistics.median(a / b for a, b in measured)
    return statistics.median(a for a, _ in measured), statistics.median(b for _, b in measured), ratio


def against_bare() -> None:
    """Print ours, L3 and the ratio for each workload."""
    sys.path.insert(0, str(yardsticks()))
    bare = importlib.import_module("bench_loops")
    print(f"{'workload':<14}{'ours ms':>10}{'L3 ms':>10}{'ratio':>8}{'facts/s':>12}")
    for name, n in SIZES.items():
        build, facts = WORKLOADS[name]
        team = build(n)
        agents, index, seeds = bare.huddle(5, n) if name == "huddle" else getattr(bare, name)(n)
        assert run(team)[0] == facts(n) == bare.run_events(agents, index, seeds, level=3)[0] - 1
        ours, theirs, ratio = pairs(
            lambda team=team: run(team),
            lambda a=agents, i=index, s=seeds: bare.run_events(a, i, s, level=3),
        )
        label, wanted = f"{name} {n}", at_most(MOST_BARE[name], ratio)
        print(f"{label:<14}{ours * 1e3:>10.3f}{theirs * 1e3:>10.3f}{ratio:>8.2f}{facts(n) / ours:>12.0f}  {wanted}")


def growth() -> None:
    """Print the time per fact of a long chain over that of a short one."""
    build, _ = WORKLOADS["chain"]
    short, long = build(100), build(1600)
    per_fact = pairs(lambda: run(long), lambda: [run(short) for _ in range(16)], 9)
    print(f"chain 1600: {per_fact[0] / 1600 * 1e6:.2f} µs a fact, {per_fact[2]:.2f} × that of chain 100 {at_most(1.2, per_fact[2])}")


def against_langgraph() -> None:
    """Run the yardstick's own measuring script for LangGraph, if an environment is given."""
    python = os.environ.get("LANGGRAPH_PYTHON")
    if not python:
        print("LangGraph: set LANGGRAPH_PYTHON to the Python of an environment that has it")
        return
    cases = ",".join(f"{name}:{n}" for name, n in SIZES.items())
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        script = [python, str(yardsticks() / "bench_engines.py"), "--cases", cases, "--only", "LangGraph", "--out", str(out)]
        subprocess.run(script, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        rows = json.loads(out.read_text())
    for row in rows:
        name, n = row["case"].split(":")
        team = WORKLOADS[name][0](int(n))
        ours = statistics.median(timed(lambda team=team: run(team)) for _ in range(PAIRS)) * 1e3
        times = row["ms"] / ours
        wanted = "" if "Saver" in row["name"] else at_least(LEAST_LANGGRAPH[name], times)
        print(f"{row['case']:<14}{row['name']:<44}{row['ms']:>10.2f} ms, {times:>6.1f} × ours ({ours:.2f} ms)  {wanted}")


def main(argv: list[str]) -> None:
    """Print everything; takes no arguments."""
    against_bare()
    growth()
    against_langgraph()
