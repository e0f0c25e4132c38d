"""Stretches of cycles as addresses write them (`12`, or `3-5`), and where a cycle ends in the journal."""

import re

from runs.models import Run

CYCLES = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")


def cycles_between(text: str, name: str = "cycle") -> dict[str, int]:
    """The conditions on a column of cycles; none for what is no stretch."""
    found = CYCLES.fullmatch(text)
    return {f"{name}__gte": int(found[1]), f"{name}__lte": int(found[2] or found[1])} if found else {}


def border_of(run: Run, cycle: int) -> int:
    """The place in the journal where a cycle was merged; for one that never was, the end of what there is."""
    if cycle < 0:
        return 0
    found = run.cycle_rows.filter(number=cycle).values_list("ended_seq", flat=True).first()
    return run.head if found is None else found
