"""The catalogue of suggestors that a document may name: one dict, filled by the files of this room and by plug-ins.

Adding a kind is one file here that calls `register`. A package elsewhere names its `Kind` under the entry-point group
`organism.suggestors`.
"""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
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
#: Kinds of other packages, by name: the distribution that brings each, and why one of them cannot be used.
_BROUGHT_BY: dict[str, str] = {}
_BROKEN: dict[str, str] = {}


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
    if name in _BROKEN and name not in _KINDS:
        raise UnknownKind(f"the kind '{name}' cannot be used: {_BROKEN[name]}")
    if name not in _KINDS:
        raise UnknownKind(f"unknown kind '{name}'; allowed: {', '.join(kinds())}")
    return _KINDS[name]


def brought_by(kind: str) -> str | None:
    """The distribution that brings a kind; None for those of this house."""
    _load()
    return _BROUGHT_BY.get(kind)


def broken_kinds() -> dict[str, str]:
    """Kinds that other packages announce and that cannot be used, by name, each with its package and the error."""
    _load()
    return dict(_BROKEN)


@cache
def _load() -> None:
    """Import the files of this room, then what other packages bring."""
    room = importlib.import_module(__package__)
    for module in sorted(pkgutil.iter_modules(room.__path__), key=lambda module: module.name):
        importlib.import_module(f"{__package__}.{module.name}")
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        _bring(entry)


def _bring(entry: EntryPoint) -> None:
    """Enter what another package brings; what cannot be used is noted, so that all the others can."""
    package = entry.dist.name if entry.dist else entry.module
    try:
        kind = entry.load()
        if not isinstance(kind, Kind):
            raise TypeError(f"{entry.value} is no Kind")
        _BROUGHT_BY[register(kind).kind] = package
    except Exception as error:  # noqa: BLE001 -- one bad package must not take the house down
        _BROKEN[entry.name] = f"{package}: {type(error).__name__}: {error}"


class UnknownKind(LookupError):
    """Nobody has registered a kind of that name."""
