"""JSON objects of which exactly one field out of several may be given."""

from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec


class OneOf(msgspec.Struct, frozen=True):
    """A Struct with exactly one of the fields that `ONE_OF` names; the others are left unset."""

    ONE_OF: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        self.said()

    def said(self) -> tuple[str, Any]:
        """Name and value of the field that was given; raises ValueError unless it is exactly one."""
        given = [(name, value) for name in self.ONE_OF if (value := getattr(self, name)) is not msgspec.UNSET]
        if len(given) != 1:
            raise ValueError(exactly_one(self.ONE_OF))
        return given[0]


def exactly_one(names: Iterable[str]) -> str:
    """What to tell whoever gave none of the fields, or several."""
    return f"exactly one of {', '.join(names)} must be given"
