"""What the rows of side effects mean: several rows of the journal, one row here."""

import json
from datetime import datetime
from typing import Any

from runs.engine.wire import Row
from runs.journal.project import Projection, reads
from runs.models import Effect, EffectPhase

_TARGETS = {"LLMCall": "provider", "ToolCall": "tool", "StateWrite": "step_id"}
_ANSWER: dict[str, Any] = dict.fromkeys(
    ("resolved_seq", "output", "error", "attempts", "tokens", "cost_microdollars", "latency_ms", "sealed")
)


@reads("effect")
def effect_recorded(projection: Projection, seq: int, at: datetime, row: Row) -> None:
    """An effect was asked for, answered, denied or given up."""
    data = row.data
    assert data is not None
    if data["phase"] == EffectPhase.REQUESTED:
        projection.puts[Effect][(data["identity"],)] = _requested(seq, row, data)
    else:
        projection.patch(Effect, data["identity"], **_answered(projection, seq, row, data))


def _requested(seq: int, row: Row, data: dict[str, Any]) -> dict[str, Any]:
    fields = data["effect"][row.kind]
    target = _TARGETS.get(row.kind)
    return {
        "kind": row.kind,
        "target": (fields[target] or "") if target else "",
        "suggestor": row.suggestor,
        "cycle": row.cycle,
        "ordinal": data["ordinal"],
        "phase": EffectPhase.REQUESTED.value,
        "requested_seq": seq,
        "input": _text(fields),
        **_ANSWER,
        "sealed": data.get("sealed"),
    }


def _answered(projection: Projection, seq: int, row: Row, data: dict[str, Any]) -> dict[str, Any]:
    if data["phase"] == EffectPhase.IN_DOUBT:
        return {"phase": data["phase"]}
    result = data.get("result") or {}
    projection.tally("tokens", result.get("tokens", 0))
    projection.tally("cost_microdollars", result.get("cost_microdollars", 0))
    return {
        "phase": data["phase"],
        "resolved_seq": seq,
        "output": _text(result["output"]) if "output" in result else None,
        "error": result.get("error"),
        "attempts": result.get("attempts"),
        "tokens": result.get("tokens"),
        "cost_microdollars": result.get("cost_microdollars"),
        "latency_ms": row.latency_ms,
        "sealed": data.get("sealed"),
    }


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
