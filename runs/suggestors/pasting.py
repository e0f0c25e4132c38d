"""Seeds from a table: CSV, JSON Lines, or a list; what can be read becomes seeds, the rest is told line by line."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import msgspec

from runs.engine import ContextKey
from runs.suggestors.forms import ProposalForm
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.shape import fitted
from runs.suggestors.text import parse

#: Lines that are read at once.
MOST_LINES = 20_000
FIELDS = ("key", "id", "text", "provenance", "confidence", "subject", "payload")
#: Other names under which columns are known.
ALIKE = {
    "content": "text",
    "statement": "text",
    "title": "text",
    "description": "text",
    "label": "text",
    "question": "text",
    "source": "provenance",
    "author": "provenance",
    "from": "provenance",
    "name": "id",
    "number": "id",
    "namespace": "key",
}


class Bad(msgspec.Struct, frozen=True):
    """A line that makes no seed."""

    line: int
    says: str


class Pasted(msgspec.Struct):
    """The seeds, how the columns were understood, and the lines that could not be."""

    seeds: list[dict[str, Any]] = []
    mapping: dict[str, str] = {}
    bad: list[Bad] = []


def pasted(text: str, *, provenance: str) -> Pasted:
    """Read what was pasted; a line without key is a Seeds fact, one without id is numbered, one without provenance has the given one."""
    found, numbered = Pasted(), 0
    taken: dict[tuple[str, str], int] = {}
    for line, row in _rows(text.lstrip("\ufeff"), found):
        if isinstance(row, str):
            found.bad.append(Bad(line, row))
            continue
        numbered += 1
        seed = {"key": "Seeds", "id": f"pasted-{numbered}", "provenance": provenance} | _seed(row, found.mapping)
        problems: list[tuple[str, str]] = []
        fitted(seed, ProposalForm, "", problems)
        name = (str(seed["key"]), str(seed["id"]))
        if not problems and name in taken:
            problems.append(("id", f"'{name[1]}' stands in line {taken[name]} already"))
        if problems:
            found.bad.append(Bad(line, "; ".join(f"{path}: {says}" if path else says for path, says in problems)))
        else:
            taken[name] = line
            found.seeds.append(seed)
    return found


def _seed(row: dict[str, Any], mapping: dict[str, str]) -> dict[str, Any]:
    seed: dict[str, Any] = {}
    for column, value in row.items():
        name = str(column).strip().lower()
        field = name if name in FIELDS else ALIKE.get(name)
        if field is None or field in seed or value in (None, ""):
            continue
        mapping[str(column)] = field
        seed[field] = _value(field, value)
    return seed


def _value(field: str, value: Any) -> Any:
    if field == "key":
        return next((str(key) for key in ContextKey if key.lower() == str(value).strip().lower()), value)
    if field == "confidence" and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return str(value) if field in ("id", "text") and not isinstance(value, dict | list) else value


def _rows(text: str, found: Pasted) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Every row with the number of its line, or why it is none."""
    if not text.strip():
        return
    if len(text.splitlines()) > MOST_LINES:
        found.bad.append(Bad(MOST_LINES + 1, f"at most {MOST_LINES} lines are taken at once"))
        return
    if text.lstrip()[0] == "[":
        yield from _listed(text)
    elif text.lstrip()[0] == "{":
        yield from _json_lines(text)
    else:
        yield from _csv(text)


def _listed(text: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    try:
        value = parse(text)
    except DocumentInvalid as error:
        yield 1, str(error)
        return
    yield from ((number, item if isinstance(item, dict) else "is no object") for number, item in enumerate(value, start=1))


def _json_lines(text: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                value = json.loads(line)
                yield number, value if isinstance(value, dict) else "is no object"
            except (ValueError, RecursionError) as error:
                yield number, f"is no JSON: {error}"


def _csv(text: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """A table with a head; a single column without a known head is a list of texts."""
    first = text.lstrip("\n").partition("\n")[0]
    sign = max(",;\t", key=first.count)
    heads = [head.strip().strip('"').lower() for head in first.split(sign)]
    if not {*FIELDS, *ALIKE} & set(heads):
        yield from ((number, {"text": line.strip()}) for number, line in enumerate(text.splitlines(), start=1) if line.strip())
        return
    reader = csv.DictReader(io.StringIO(text), delimiter=sign)
    try:
        for row in reader:
            extra = row.pop(None, None)
            yield reader.line_num, "has more columns than the head" if extra else row
    except csv.Error as error:
        yield reader.line_num, str(error)
