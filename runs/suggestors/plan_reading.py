"""Reading what a plan declares, from whatever stands under Strategies: nothing that is written there can fail.

A plan payload and JSON text are read alike; any other text is a plan that declares nothing. What is not of the expected
type counts as absent.
"""

import json
import math
import re
from typing import Any

import msgspec

from runs.engine import Payload
from runs.engine.wire import decode
from runs.suggestors.plan import FAMILY

_LARGEST = 2**64 - 1
_MOST = 2**32 - 1
_MANY_DIGITS = re.compile("[0-9]{20}")


class PlanReading:
    """A plan's annotation, field by field."""

    __slots__ = ("_annotation", "_document")

    def __init__(self, document: Any) -> None:
        self._document = document
        annotation = document.get("annotation") if isinstance(document, dict) else None
        self._annotation: dict[str, Any] = annotation if isinstance(annotation, dict) else {}

    def everything(self) -> str:
        """The whole plan as compact JSON."""
        return msgspec.json.encode(self._document).decode()

    def get(self, name: str) -> Any:
        """The field as it stands there; None if it does not."""
        return self._annotation.get(name)

    def texts(self, name: str) -> list[str]:
        """The texts in that list."""
        return texts_in(self._annotation.get(name))

    def text(self, name: str) -> str | None:
        """That text."""
        return text_in(self._annotation.get(name))

    def number(self, name: str) -> float | None:
        """That number."""
        return number_in(self._annotation.get(name))

    def count(self, name: str) -> int | None:
        """That whole number, from 0 on."""
        return count_in(self._annotation.get(name))

    def entries(self, name: str) -> list[dict[str, Any]]:
        """The objects in that list."""
        return [item for item in list_in(self._annotation.get(name)) if isinstance(item, dict)]

    def numbers(self, name: str, field: str) -> list[float]:
        """The numbers that the objects in that list have in `field`."""
        found = (number_in(entry.get(field)) for entry in self.entries(name))
        return [number for number in found if number is not None]


def plan_in(payload: Payload) -> PlanReading:
    """Read a payload as a plan."""
    if payload.family == FAMILY and payload.version == 1:
        return PlanReading(payload.value)
    text = payload.text or ""
    try:
        document = decode(text)
        return PlanReading(json.loads(text, parse_int=_whole) if _MANY_DIGITS.search(text) else document)
    except (msgspec.MsgspecError, ValueError):
        return PlanReading({"description": text})


def _whole(digits: str) -> int | float:
    """A whole number; a float beyond 64 bits, and beyond those an error."""
    if len(digits) < 22 and -(2**63) <= int(digits) <= _LARGEST:
        return int(digits)
    if not math.isfinite(float(digits)):
        raise ValueError(f"{digits} is out of range")
    return float(digits)


def list_in(value: Any) -> list[Any]:
    """A list; an empty one for everything else."""
    return value if isinstance(value, list) else []


def texts_in(value: Any) -> list[str]:
    """The texts in a list."""
    return [item for item in list_in(value) if isinstance(item, str)]


def text_in(value: Any) -> str | None:
    """A text."""
    return value if isinstance(value, str) else None


def number_in(value: Any) -> float | None:
    """A number; true and false are none."""
    return float(value) if type(value) is int or type(value) is float else None


def count_in(value: Any) -> int | None:
    """A whole number from 0 on; as in the original, one beyond 32 bits reads as 0."""
    if type(value) is not int or not 0 <= value <= _LARGEST:
        return None
    return value if value <= _MOST else 0
