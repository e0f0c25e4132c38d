"""`manage.py lint FILE`: what a document says and yet will not do."""

import sys
from pathlib import Path
from typing import Any

import msgspec
from django.core.management import BaseCommand, CommandError, CommandParser

from runs.management.console import add_tenant, at_console
from runs.reading.lint import findings_of


class Command(BaseCommand):
    """Tells faults and oddities of a document, the worst first."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "Tell what a formation document says and yet will not do; exits 0 nothing but advice, 1 warnings, 2 errors."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the document; - reads standard input")
        parser.add_argument("--json", action="store_true", help="print a JSON list")
        add_tenant(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        found = findings_of(at_console(options["tenant"]), _read(options["file"]))
        if options["json"]:
            self.stdout.write(msgspec.json.format(msgspec.json.encode(found)).decode())
        else:
            self.stdout.write("\n".join(_told(one) for one in found) or "Nothing to tell.")
        severities = {one.severity for one in found}
        sys.exit(2 if "error" in severities else 1 if "warning" in severities else 0)


def _told(found: Any) -> str:
    mend = f" [{found.fix.label}]" if found.fix else ""
    return f"{found.severity}: {found}{mend}"


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.", returncode=2) from error
