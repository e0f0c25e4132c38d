"""What is wrong with a document, and where."""

import json
import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")

Problem = tuple[str, str]


def field_at(path: str, name: str) -> str:
    """Path of a field: `team[2].with`, or `with["odd name"]`."""
    if not _PLAIN.fullmatch(name):
        return f"{path}[{json.dumps(name)}]"
    return f"{path}.{name}" if path else name


def item_at(path: str, index: int) -> str:
    """Path of an item of a list."""
    return f"{path}[{index}]"


class DocumentInvalid(ValueError):
    """Not a formation document; `errors` are all its problems as (path, message), the path of the whole being empty."""

    def __init__(self, errors: Iterable[Problem]) -> None:
        self.errors = list(errors)
        super().__init__("\n".join(f"{path}: {message}" if path else message for path, message in self.errors))
