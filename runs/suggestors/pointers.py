"""JSON Pointer (RFC 6901): where in a JSON value something stands."""

import re
from typing import Any

_POINTER = re.compile(r"(/([^~/]|~[01])*)*")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


def is_pointer(text: str) -> bool:
    """Whether it is one: nothing for the whole value, else steps that begin with a slash."""
    return _POINTER.fullmatch(text) is not None


def found_at(value: Any, pointer: str) -> Any:
    """What stands there; raises LookupError, which names the step that leads nowhere."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and _INDEX.fullmatch(name) and int(name) < len(value):
            value = value[int(name)]
        else:
            raise LookupError(f"there is nothing at {pointer}: no '{name}'")
    return value
