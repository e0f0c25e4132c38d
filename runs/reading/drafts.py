"""Drafts as their owner sees them: the board of seats, the fields of what is selected, what lint says of it."""

from dataclasses import dataclass, field
from typing import Any

from runs.models import Actor, Draft
from runs.reading.lint import findings_of
from runs.reading.seats import keys_of_seat
from runs.suggestors.authored import format_of, value_of
from runs.suggestors.catalogue import Entry, catalogue
from runs.suggestors.findings import Finding
from runs.suggestors.form_fields import Field, fields_of_kind, fields_of_part
from runs.suggestors.operations import found_at, path_of, steps_of
from runs.suggestors.problems import DocumentInvalid

#: Parts of a document beside its team, with what they are called.
PARTS = {
    "label": "About",
    "seeds": "Seeds",
    "budget": "Budget",
    "gates": "Gates",
    "criteria": "Criteria",
    "charter": "Charter",
    "providers": "Scripted answers",
    "learning": "Learning",
}
SEEDS_SHOWN = 100


@dataclass
class Row:
    """A seat on the board, however wrong it may be."""

    index: int
    name: str
    kind: str
    enabled: bool
    reads: list[str]
    writes: list[str]
    worst: str = ""


@dataclass
class Board:
    """Everything that the builder shows of a draft."""

    draft: Draft
    value: dict[str, Any] | None
    findings: list[Finding]
    selected: str
    rows: list[Row] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)

    @property
    def form(self) -> str:
        """The notation of the text."""
        return format_of(self.draft.text)

    @property
    def parts(self) -> dict[str, str]:
        """What may be selected beside seats."""
        return PARTS

    @property
    def seat(self) -> Row | None:
        """The selected seat."""
        kind, _, number = self.selected.partition("-")
        return self.rows[int(number)] if kind == "seat" and int(number) < len(self.rows) else None

    @property
    def seeds(self) -> list[dict[str, Any]]:
        """The seeds that are listed; more of them are only counted."""
        seeds = found_at(self.value, ["seeds"], [])
        return [seed if isinstance(seed, dict) else {} for seed in seeds[:SEEDS_SHOWN]] if isinstance(seeds, list) else []

    @property
    def seed_count(self) -> int:
        """How many seeds there are."""
        seeds = found_at(self.value, ["seeds"], [])
        return len(seeds) if isinstance(seeds, list) else 0

    @property
    def faults(self) -> list[Finding]:
        """What keeps it from being published."""
        return [found for found in self.findings if found.severity == "error"]


def draft_of(by: Actor, number: int) -> Draft:
    """A draft of the actor's own; raises `DoesNotExist`."""
    return Draft.objects.of(by).select_related("formation", "base").get(pk=number)


def drafts_of(by: Actor) -> list[Draft]:
    """The actor's drafts, the newest first."""
    return list(Draft.objects.of(by).select_related("formation").defer("text").order_by("-updated_at"))


def board_of(by: Actor, draft: Draft, selected: str) -> Board:
    """The draft as the builder shows it; of a text that cannot be read there is no board, but its fault."""
    findings = findings_of(by, draft.text)
    try:
        value = value_of(draft.text)
    except DocumentInvalid as error:
        return Board(draft, None, [Finding("error", path, says) for path, says in error.errors], selected)
    board = Board(draft, value, findings, selected)
    team = value.get("team")
    board.rows = [_row(index, entry) for index, entry in enumerate(team if isinstance(team, list) else [])]
    for found in reversed(findings):
        steps = steps_of(found.path)
        if steps[:1] == ["team"] and len(steps) > 1 and isinstance(steps[1], int) and steps[1] < len(board.rows):
            board.rows[steps[1]].worst = found.severity
    board.selected = _possible(board, selected)
    board.fields = _fields(board, value)
    _tell(board)
    return board


def shelf() -> list[Entry]:
    """The catalogue from which seats are added."""
    return catalogue()


def _row(index: int, entry: Any) -> Row:
    if not isinstance(entry, dict):
        return Row(index, f"seat {index + 1}", "?", True, [], [])
    kind = str(entry.get("kind") or entry.get("team") or "?")
    name, given = str(entry.get("name") or kind), entry.get("with")
    reads, writes = keys_of_seat(kind, given if isinstance(given, dict) else {}, name)
    return Row(index, name, kind if "team" not in entry else f"team {kind}", entry.get("enabled", True) is not False, reads, writes)


def _possible(board: Board, selected: str) -> str:
    kind, _, number = selected.partition("-")
    if kind in ("seat", "seed", "criterion") and number.isdecimal() and len(number) < 7:
        there = {"seat": len(board.rows), "seed": board.seed_count}.get(kind, 0)
        if int(number) < there:
            return selected
        return f"seat-{there - 1}" if kind == "seat" and there else "seeds" if kind == "seed" else "label"
    return selected if selected in PARTS else "seat-0" if board.rows else "label"


def _fields(board: Board, value: dict[str, Any]) -> list[Field]:
    kind, _, number = board.selected.partition("-")
    if kind == "seat":
        return _seat_fields(value["team"][int(number)], int(number))
    if kind == "seed":
        return fields_of_part("seeds", value["seeds"][int(number)], [int(number)]).fields
    if kind == "seeds":
        return []
    names = ["label", "description"] if kind == "label" else [kind]
    return [fields_of_part(name, value.get(name)) for name in names]


def _seat_fields(entry: Any, index: int) -> list[Field]:
    whole = fields_of_part("team", entry, [index])
    if not isinstance(entry, dict):
        return [whole]
    shared = [each for each in whole.fields if each.at[-1] in ("name", "on_error", *(("without",) if "team" in entry else ()))]
    if "team" in entry:
        return [*shared, *(each for each in whole.fields if each.at[-1] == "with")]
    given = entry.get("with")
    return [*shared, *fields_of_kind(str(entry.get("kind")), given if isinstance(given, dict) else {}, ["team", index, "with"])]


def _tell(board: Board) -> None:
    """Give every finding to the field at its place, or to the nearest around it that is shown."""
    shown = {each.path: each for one in board.fields for each in one.every()}
    for found in board.findings:
        steps = steps_of(found.path)
        while steps and path_of(steps) not in shown:
            steps = steps[:-1]
        if steps:
            shown[path_of(steps)].told.append(found)


def selection_of(path: str) -> str:
    """What must be selected for a place of the document to be shown."""
    steps = steps_of(path)
    if steps[:1] == ["team"] and len(steps) > 1:
        return f"seat-{steps[1]}"
    if steps[:1] == ["seeds"] and len(steps) > 1:
        return f"seed-{steps[1]}"
    return str(steps[0]) if steps and steps[0] in PARTS else "label"
