"""`manage.py why RUN KEY/ID`."""

from typing import Any

from runs.management.explaining import Explaining
from runs.reading.told import why_of

HOW = {"declared": "rests on", "visible": "could see, newest of each key:", "seed": "", "note": ""}


class Command(Explaining):
    """Goes back from a fact to seeds and people."""

    help = "Explain why a fact is there: the smallest explanation that suffices, back to seeds and people."

    def asked(self, run: Any, options: dict[str, Any]) -> Any:
        return why_of(run, options["fact"])

    def told(self, found: Any) -> list[str]:
        lines = [_line(step) for step in found["steps"]]
        if found["left_out"]:
            lines.append(f"… and {found['left_out']} facts more")
        lines.append(f"Seeds: {', '.join(found['seeds']) or 'none'}")
        return lines + ([f"People: {'; '.join(found['people'])}"] if found["people"] else [])


def _line(step: dict[str, Any]) -> str:
    if step["how"] == "seed":
        return f"{step['fact']}  a seed"
    if step["how"] == "note":
        return f"{step['fact']}  noted by the engine in cycle {step['cycle']}" + _beside(step)
    words = f"{step['fact']}  by {step['suggestor']} in cycle {step['cycle']}"
    if step["rests_on"]:
        words += f"; {HOW[step['how']]} {', '.join(step['rests_on'])}"
    return words + _beside(step)


def _beside(step: dict[str, Any]) -> str:
    parts = [*step["people"], *(f"asked {effect['kind']} {effect['target']}".rstrip() for effect in step["effects"])]
    return f"; {'; '.join(parts)}" if parts else ""
