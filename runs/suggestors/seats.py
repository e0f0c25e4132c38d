"""The seats of a document's team: one suggestor each, or a ready team in short."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from runs.engine import ContextKey, Suggestor
from runs.suggestors.charters.held import Held
from runs.suggestors.charters.table import Table
from runs.suggestors.forms import Name
from runs.suggestors.one_of import OneOf
from runs.suggestors.problems import Problem, field_at, item_at
from runs.suggestors.registry import Kind, UnknownKind, kind_of
from runs.suggestors.shape import fitted, listed, name_of
from runs.suggestors.teams import TEAMS, TeamName

_SHARED = ("enabled", "on_error")


class SeatForm(OneOf, frozen=True, forbid_unknown_fields=True, rename={"params": "with"}):
    """A suggestor's place in the team; or, with `team`, the places of all members of a ready team."""

    ONE_OF: ClassVar[tuple[str, ...]] = ("kind", "team")

    kind: Annotated[str | UnsetType, Meta(description="Kind of the suggestor.")] = UNSET
    team: Annotated[TeamName | UnsetType, Meta(description="A ready team, in the place of its members.")] = UNSET
    name: Annotated[Name | UnsetType, Meta(description="Its name, unique in the team; without one, the kind.")] = UNSET
    enabled: Annotated[bool, Meta(description="Whether it takes part.")] = True
    on_error: Annotated[Literal["diagnose", "fail"], Meta(description="Whether its failure is noted, or ends the run.")] = "diagnose"
    params: Annotated[dict[str, Any], Meta(description="Parameters of the kind; of a ready team, those of its members by name.")] = {}
    without: Annotated[list[str] | UnsetType, Meta(description="Members of the ready team that stay away.")] = UNSET

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.kind, str) and self.name is not UNSET:
            raise ValueError(NAMELESS)
        if isinstance(self.kind, str) and self.without is not UNSET:
            raise ValueError(COMPLETE)

    @staticmethod
    def faults_in(value: Mapping[str, Any]) -> Iterator[Problem]:
        """Fields that a seat of this sort does not have."""
        if "team" in value and "kind" not in value and "name" in value:
            yield "name", NAMELESS
        if "kind" in value and "team" not in value and "without" in value:
            yield "without", COMPLETE


NAMELESS = "a ready team has no name: its members are named like their kinds"
COMPLETE = "only a ready team can do without somebody"
EntryForm = Annotated[SeatForm, Meta(extra_json_schema={"oneOf": [{"required": ["kind"]}, {"required": ["team"]}]})]


class Seat:
    """A seat with its kind and its parameters, ready to be taken; `place` is the path of its parameters."""

    def __init__(self, form: SeatForm, kind: Kind[Any], params: Any, place: str) -> None:
        self.kind, self.params, self.place = kind, params, place
        self.name = form.name if isinstance(form.name, str) else kind.kind
        self.enabled, self.on_error = form.enabled, form.on_error
        self.reaches_out = kind.reaches_out
        self.table: Table | None = None

    def suggestor(self) -> Suggestor:
        """A fresh suggestor; at a chartered table one that keeps to its role and its turn."""
        suggestor = self.kind.build(self.params, self.name)
        suggestor.on_error = self.on_error
        sits = self.table is not None and self.table.member_at(self.name) is not None
        return Held(suggestor, self, self.table) if sits and self.table is not None else suggestor

    def writes(self) -> Sequence[ContextKey]:
        """The keys under which it proposes."""
        return self.kind.writes(self.params)


def plain_entries(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries that a valid entry of `team` stands for: itself, or one for each member of a ready team."""
    return [member for member, _ in _members(entry, "")] if "team" in entry else [entry]


def seats_in(team: list[Any], problems: list[Problem]) -> Iterator[Seat]:
    """The seats that make sense; what does not is added to `problems`."""
    taken: dict[str, str] = {}
    alone: dict[str, tuple[str, str]] = {}
    for index, entry in enumerate(team):
        path = item_at("team", index)
        for plain, place in _entries(entry, path, problems):
            problems.extend(_taken_name(plain, path, "team" if "team" in entry else "name", taken))
            seat = _seat(plain, path, place, problems)
            if seat is not None:
                problems.extend(_not_alone(seat, path, "team" if "team" in entry else "kind", alone))
                yield seat


def _entries(entry: Any, path: str, problems: list[Problem]) -> list[tuple[dict[str, Any], str]]:
    """The plain entries that an entry stands for, each with the path of its parameters."""
    if isinstance(entry, dict) and isinstance(entry.get("kind"), str) and "team" not in entry:
        return [(entry, f"{path}.with")]
    if fitted(entry, SeatForm, path, []) is None:
        return []
    members = TEAMS[entry["team"]]
    said = [(field_at(f"{path}.with", name), name) for name in entry.get("with", {})]
    said += [(item_at(f"{path}.without", number), name) for number, name in enumerate(entry.get("without", []))]
    problems += [(where, f"unknown member '{name}'; allowed: {listed(members)}") for where, name in said if name not in members]
    return list(_members(entry, path))


def _members(entry: dict[str, Any], path: str) -> Iterator[tuple[dict[str, Any], str]]:
    given, absent = entry.get("with", {}), entry.get("without", ())
    shared = {name: entry[name] for name in _SHARED if name in entry}
    for kind in TEAMS[entry["team"]]:
        if kind not in absent:
            yield {"kind": kind, **shared, "with": given.get(kind, {})}, field_at(f"{path}.with", kind)


def _seat(plain: dict[str, Any], path: str, place: str, problems: list[Problem]) -> Seat | None:
    try:
        kind = kind_of(plain["kind"])
    except UnknownKind as error:
        problems.append((f"{path}.kind", str(error)))
        return None
    given = plain.get("with", {})
    if not isinstance(given, dict):
        problems += [(place, f"expected an object, not {name_of(given)}")] if not place.endswith(".with") else []
        return None
    params, form = fitted(given, kind.params, place, problems), fitted(plain, SeatForm, path, [])
    return None if params is None or form is None else Seat(form, kind, params, place)


def _not_alone(seat: Seat, path: str, field: str, alone: dict[str, tuple[str, str]]) -> Iterator[Problem]:
    """A second seat of a kind whose facts would clash with those of the first."""
    if seat.kind.alone and seat.enabled:
        kind, (where, name) = seat.kind.kind, alone.setdefault(seat.kind.kind, (path, seat.name))
        if (where, name) != (path, seat.name):
            yield (
                f"{path}.{field}",
                f"a team has one '{kind}' at most, and {where} ('{name}') is it; '{seat.name}' would judge under the same ids",
            )


def names_in(team: list[Any]) -> list[str]:
    """The names of the seats, whatever else may be wrong with them."""
    plain = [one for index, entry in enumerate(team) for one, _ in _entries(entry, item_at("team", index), [])]
    return [name for one in plain if isinstance(name := one.get("name", one["kind"]), str)]


def _taken_name(plain: dict[str, Any], path: str, field: str, taken: dict[str, str]) -> Iterator[Problem]:
    name = plain.get("name", plain["kind"])
    if isinstance(name, str) and taken.setdefault(name, path) != path:
        yield f"{path}.{field}", f"the name '{name}' is taken by {taken[name]}; give each seat a name of its own"
