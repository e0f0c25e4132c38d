"""The catalogue of suggestors that a document may name: one dict, filled by the files of this room and by plug-ins.

Adding a kind is one file here that calls `register`. A package elsewhere names its `Kind` under the entry-point group
`organism.suggestors`.
"""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from typing import Any, Generic, TypeVar

import msgspec

from runs.engine import ContextKey, Suggestor

GROUP = "organism.suggestors"
Keys = tuple[ContextKey, ...]
P = TypeVar("P", bound=msgspec.Struct)


def nothing(_: Any) -> Keys:
    """No key, whatever the parameters say."""
    return ()


def nothing_missing(_: Any) -> str | None:
    """Nothing has to be installed."""
    return None


def always(*keys: ContextKey) -> Callable[[Any], Keys]:
    """The same keys, whatever the parameters say."""
    return lambda _: keys


class Kind(msgspec.Struct, Generic[P], frozen=True):
    """What stands in the catalogue: from it come the reader, the JSON Schema, the forms and the docs.

    `params` is a Struct whose fields carry descriptions and limits; `build` makes a suggestor of that name from them.
    `reads` and `writes` tell which keys a seat with these parameters looks at and proposes under; `missing` tells what must
    be installed before it can do its work. One that is `alone` says things whose ids do not tell by which seat: a team has
    one of it at most.
    """

    kind: str
    summary: str
    params: type[P]
    build: Callable[[P, str], Suggestor]
    reads: Callable[[P], Keys] = nothing
    writes: Callable[[P], Keys] = nothing
    reaches_out: bool = False
    missing: Callable[[P], str | None] = nothing_missing
    alone: bool = False


_KINDS: dict[str, Kind[Any]] = {}


def register(kind: Kind[P]) -> Kind[P]:
    """Enter a kind; raises ValueError if another one has its name."""
    if _KINDS.setdefault(kind.kind, kind) is not kind:
        raise ValueError(f"two kinds of suggestor are named '{kind.kind}'")
    return kind


def kinds() -> dict[str, Kind[Any]]:
    """Every kind by its name, in alphabetical order."""
    _load()
    return dict(sorted(_KINDS.items()))


def kind_of(name: str) -> Kind[Any]:
    """The kind of that name; raises `UnknownKind`."""
    _load()
    if name not in _KINDS:
        raise UnknownKind(f"unknown kind '{name}'; allowed: {', '.join(kinds())}")
    return _KINDS[name]


@cache
def _load() -> None:
    """Import the files of this room, then what other packages bring."""
    room = importlib.import_module(__package__)
    for module in sorted(pkgutil.iter_modules(room.__path__), key=lambda module: module.name):
        importlib.import_module(f"{__package__}.{module.name}")
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        register(entry.load())


class UnknownKind(LookupError):
    """Nobody has registered a kind of that name."""
