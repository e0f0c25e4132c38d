"""Stretches of cycles as addresses write them: `12`, or `3-5`."""

import re

CYCLES = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")


def cycles_between(text: str, name: str = "cycle") -> dict[str, int]:
    """The conditions on a column of cycles; none for what is no stretch."""
    found = CYCLES.fullmatch(text)
    return {f"{name}__gte": int(found[1]), f"{name}__lte": int(found[2] or found[1])} if found else {}
