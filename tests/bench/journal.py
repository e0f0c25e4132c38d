"""`python -m tests.bench journal`: the journal against the bare bulk statement, and runs that are committed.

The bare statement (executemany on SQLite, COPY on PostgreSQL: `BENCH_DATABASE_URL`) writes the very same rows, ready
made, into the same table, in the same number of commits. Give the Python of an environment with langgraph and its
SqliteSaver as LANGGRAPH_PYTHON to be compared with that, too.
"""

import gc
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from tests.bench.engine import yardsticks
from tests.bench.holding import at_least
from tests.bench.world import a_run_to_write, world

ROUNDS = 21
CYCLES = 1_000
FLUSHES = 4


def main(argv: list[str]) -> None:
    """Print everything; takes no arguments."""
    with world():
        _against_bare()
        _committed_chain()


def _against_bare() -> None:
    """Medians of ratios, measured in turns: the bare statement over ours, without and with projections."""
    flushes = _flushes()
    rows = sum(len(batch) for flush in flushes for _, batch in flush)
    turns = [(_bare(flushes), _timed(_without_projections, flushes), _timed(_whole, flushes)) for _ in range(ROUNDS)]
    bare, table, whole = (statistics.median(column) / rows * 1e6 for column in zip(*turns, strict=True))
    print(f"{rows} rows in {len(flushes)} commits: bare {bare:.2f} µs a row, table {table:.2f}, with projections {whole:.2f}")
    for words, column, least in (("table alone", 1, 60), ("with projections", 2, 25)):
        share = statistics.median(turn[0] / turn[column] for turn in turns) * 100
        print(f"{words}: {share:.0f} % as fast as bare {at_least(least, share)}")


def _flushes() -> list[list[Any]]:
    """A long chain's rows, in a few stretches of whole cycles."""
    from django.utils import timezone

    from runs.engine import Budget, State, converge
    from tests.bench.workloads import WORKLOADS

    team = WORKLOADS["chain"][0](CYCLES)
    borders = list(converge(team, State.fresh(_seeds()), budget=Budget(max_cycles=2 * CYCLES)))
    batches = [(timezone.now(), border.rows) for border in borders]
    size = -(-len(batches) // FLUSHES)
    return [batches[at : at + size] for at in range(0, len(batches), size)]


def _timed(work: Callable[[Any, Sequence[Any]], None], flushes: Sequence[Any]) -> float:
    run = a_run_to_write()
    gc.collect()
    begun = time.perf_counter()
    work(run, flushes)
    return time.perf_counter() - begun


def _whole(run: Any, flushes: Sequence[Any]) -> None:
    from runs.journal import append

    for flush in flushes:
        append(run, flush, lease=run.lease)


def _without_projections(run: Any, flushes: Sequence[Any]) -> None:
    from runs.journal.project import Projection

    with mock.patch.object(Projection, "take", new=_blind):
        _whole(run, flushes)


def _blind(*_: Any) -> None:
    """Sees nothing."""


def _bare(flushes: Sequence[Any]) -> float:
    """The time of the statement alone, for rows that were made before."""
    from django.db import connection, transaction

    from runs.journal.append import COLUMNS, _sealed
    from runs.models import Envelope

    run = a_run_to_write()
    made = []
    for flush in flushes:
        rows, run.head, run.event_count = _sealed(run, flush, mock.Mock())
        made.append(rows)
    write = _copy if connection.vendor == "postgresql" else _executemany
    gc.collect()
    begun = time.perf_counter()
    for rows in made:
        with transaction.atomic():
            write(Envelope._meta.db_table, COLUMNS, rows)
    return time.perf_counter() - begun


def _executemany(table: str, columns: Sequence[str], rows: Sequence[Any]) -> None:
    from django.db import connection

    marks = ",".join("?" * len(columns))
    connection.connection.executemany(f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks})", rows)


def _copy(table: str, columns: Sequence[str], rows: Sequence[Any]) -> None:
    from django.db import connection

    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({','.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _seeds() -> list[Any]:
    from runs.engine import Proposal
    from tests.bench.workloads import PAY, SEEDS

    return [Proposal.text_of(SEEDS, "s", PAY, "bench")]


class _Chain:
    """A document that is the yardstick's chain."""

    gates = None

    def __init__(self, length: int) -> None:
        from runs.engine import Budget
        from tests.bench.workloads import WORKLOADS

        self.budget = Budget(max_cycles=2 * length)
        self.criteria = ()
        self.length, self.build = length, WORKLOADS["chain"][0]

    def team(self) -> Any:
        """The agents."""
        return self.build(self.length)

    def providers(self) -> Any:
        """Nobody."""
        return {}

    def seeds(self) -> Any:
        """The one seed."""
        return _seeds()


def _committed_chain() -> None:
    """A chain of 100 from a held run to its last commit."""
    from runs.runner import conduct

    document = _Chain(100)
    times = [_timed(lambda run, _: conduct(run, document), ()) * 1e3 for _ in range(ROUNDS)]
    ours = statistics.median(times)
    print(f"chain of 100, committed: {ours:.2f} ms")
    python = os.environ.get("LANGGRAPH_PYTHON")
    if not python:
        print("LangGraph: set LANGGRAPH_PYTHON to the Python of an environment that has it")
        return
    theirs = _langgraph(python)
    print(f"LangGraph with SqliteSaver: {theirs:.0f} ms, {theirs / ours:.1f} × ours {at_least(20, theirs / ours)}")


def _langgraph(python: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        script = [python, str(yardsticks() / "bench_engines.py"), "--cases", "chain:100", "--only", "SqliteSaver", "--out", str(out)]
        subprocess.run(script, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        return float(json.loads(out.read_text())[0]["ms"])
