"""`manage.py suggestors`: the catalogue of kinds that a document may name."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
from django.core.management import BaseCommand, CommandParser

from runs.suggestors.catalogue import Entry, Parameter, catalogue
from runs.suggestors.registry import broken_kinds


class Command(BaseCommand):
    """Lists every kind, those of other packages included, and tells which of these cannot be used."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "List the kinds of suggestors: what each does, reads, writes and takes, and whether it reaches out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        entries, broken = catalogue(), broken_kinds()
        if options["json"]:
            told = {"kinds": msgspec.to_builtins(entries), "broken": broken}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for entry in entries:
            self.stdout.write("\n".join([*_lines(entry), ""]))
        for name, why in broken.items():
            self.stdout.write(f"{name} cannot be used: {why}")


def _lines(entry: Entry) -> Iterator[str]:
    yield f"{entry.kind}{f' ({entry.package})' if entry.package else ''} — {entry.summary}"
    reaches = " · reaches out" if entry.reaches_out else ""
    yield f"  reads {_keys(entry.reads)} · writes {_keys(entry.writes)}{reaches}"
    if entry.missing:
        yield f"  {entry.missing}"
    yield from (f"  {_parameter(one)}" for one in entry.parameters)


def _keys(keys: Any) -> str:
    return "what its parameters say" if keys is None else ", ".join(keys) or "nothing"


def _parameter(one: Parameter) -> str:
    default = "must be given" if one.required else "" if one.default is msgspec.UNSET else json.dumps(one.default, ensure_ascii=False)
    return f"{one.name}: {one.type}{f' [{default}]' if default else ''}: {one.description}"
