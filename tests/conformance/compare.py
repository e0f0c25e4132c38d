"""What must be equal, and which excuses a scenario's tags give it."""

import json
from collections.abc import Mapping
from typing import Any

SKIPPED = {"identical-duplicate", "hitl-parked", "memory"}
ALL = ("outcome", "cycles", "error_kind", "error", "conflict_id", "facts", "fact_count", "merkle_root", "clock_time", "executed")
UNDECIDED = ("outcome", "cycles", "executed", "gates")

Json = Mapping[str, Any]


def is_skipped(scenario: Json) -> bool:
    """Whether the original does on purpose what we do not."""
    return not SKIPPED.isdisjoint(scenario["tags"])


def differences(scenario: Json, expected: Json, actual: Json) -> list[str]:
    """One line for every field that differs and is not excused; an empty list means equal."""
    tags = set(scenario["tags"])
    fields = UNDECIDED if "hitl-undecided" in tags else (*ALL, "events", "gates")
    return [
        f"{field}: expected {_show(want)}, got {_show(have)}"
        for field in fields
        if (want := _excused(tags, field, expected)) != (have := _excused(tags, field, actual))
    ]


def _excused(tags: set[str], field: str, result: Json) -> str | None:
    """The field as text, without what the tags excuse; `1`, `1.0` and `true` stay apart, key order counts."""
    value = result.get(field)
    if field == "events":
        if "hitl" in tags:
            return None
        value = [event for event in value or () if event["type"] in ("FactPromoted", "GateDecisionRecorded")]
        if "phantom-event" in tags:  # the original tells of a promotion that then fails
            value = value[: len(result["facts"])]
    if field == "clock_time" and "hitl-clock" in tags:
        return None
    if field == "facts" and value is not None:
        left_out = {"promoted_by"} if "hitl" in tags else set()
        left_out |= {"created_at"} if "hitl-clock" in tags else set()
        value = [{name: fact[name] for name in fact if name not in left_out} for fact in value]
    return json.dumps(value, ensure_ascii=False)


def _show(text: str | None) -> str:
    return "nothing" if text is None else text if len(text) <= 300 else text[:300] + "…"
