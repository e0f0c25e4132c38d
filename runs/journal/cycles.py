"""What the loop's own rows mean: the run's columns, its cycles, and who was active in them."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from runs.engine.wire import Row
from runs.journal.project import Projection, data_of, reads
from runs.models import Activity, Cycle

_CYCLE: dict[str, Any] = dict.fromkeys(
    ("eligible", "ended_seq", "facts_added", "rejected", "facts", "dirty", "digest", "clock", "duration_us")
)
_CELL: dict[str, Any] = dict.fromkeys(("proposed", "promoted", "rejected", "error"))


def cycle_of(projection: Projection, number: int) -> dict[str, Any]:
    """The cycle's row, as far as this stretch tells it."""
    return projection.puts[Cycle].setdefault((number,), _CYCLE.copy())


def cell_of(projection: Projection, row: Row) -> dict[str, Any]:
    """The row of the suggestor in its cycle, as far as this stretch tells it."""
    cells = projection.puts[Activity]
    place = (row.cycle, row.suggestor)
    cell = cells.get(place)
    if cell is None:
        cell = cells[place] = _CELL.copy()
    return cell


@reads("RunStarted")
def run_started(projection: Projection, seq: int, at: datetime, row: Row) -> None:
    """The run begins."""
    projection.columns["started_at"] = at


@reads("CycleStarted")
def cycle_started(projection: Projection, seq: int, at: datetime, row: Row) -> None:
    """A cycle begins."""
    projection.columns["cycle"] = row.cycle
    (cycle_of(projection, row.cycle)["eligible"],) = row.hot


@reads("SuggestorFinished")
def suggestor_finished(projection: Projection, seq: int, at: datetime, row: Row) -> None:
    """A suggestor has answered."""
    cell = cell_of(projection, row)
    (cell["proposed"],) = row.hot
    if isinstance(row.told, dict):
        cell["error"] = row.told.get("error")


@reads("CycleEnded")
def cycle_ended(projection: Projection, seq: int, at: datetime, row: Row) -> None:
    """A cycle was merged."""
    cycle, duration = cycle_of(projection, row.cycle), row.duration_us
    added, rejected, facts, dirty, digest, clock = row.hot
    cycle["ended_seq"], cycle["dirty"], cycle["duration_us"] = seq, _keys(*dirty), duration
    cycle["facts_added"], cycle["rejected"], cycle["facts"] = added, rejected, facts
    cycle["digest"], cycle["clock"] = digest, clock
    projection.columns |= {"cycle": row.cycle, "fact_count": facts, "digest": digest, "clock_time": clock}
    projection.tally("engine_us", duration or 0)


@lru_cache(maxsize=256)
def _keys(*dirty: str) -> str:
    return json.dumps(dirty)


@reads("CycleParked")
def cycle_parked(projection: Projection, seq: int, at: datetime, row: Row) -> None:
    """The cycle waits for humans."""
    projection.tally("engine_us", row.duration_us or 0)


@reads("RunFinished")
def run_finished(projection: Projection, seq: int, at: datetime, row: Row) -> None:
    """The run is over."""
    data = data_of(row)
    projection.columns |= {
        "status": data["status"],
        "stop_reason": json.dumps(data["stop_reason"], ensure_ascii=False),
        "message": data["message"] or "",
        "cycles": data["cycles"],
        "cycle": data["cycles"],
        "fact_count": data["facts"],
        "digest": data["digest"],
        "merkle_root": data["merkle_root"],
        "clock_time": data["clock_time"],
        "finished_at": at,
        "lease": None,
        "lease_until": None,
    }
    if "criteria" in data:
        projection.columns["criteria"] = json.dumps(data["criteria"], ensure_ascii=False)
    projection.closes_gates = True
