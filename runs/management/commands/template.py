"""`manage.py template list|show|fill`: ready formations."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from runs.management.console import add_tenant, at_console
from runs.reading.templates import filled_for, template_for, templates_for
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.templates import UnknownTemplate
from runs.suggestors.text import parse


class Command(BaseCommand):
    """What `fill` prints is an ordinary document: `manage.py run_formation -` takes it."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "List ready formations, show one, or fill one in and print the document."

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        add_tenant(deeds.add_parser("list", help="all of them"))
        show, fill = deeds.add_parser("show", help="one of them, as JSON"), deeds.add_parser("fill", help="print the document it becomes")
        for deed in (show, fill):
            deed.add_argument("name", metavar="NAME")
            add_tenant(deed)
        fill.add_argument("--from", dest="file", metavar="FILE", help="parameters in JSON or YAML; - reads standard input")
        fill.add_argument("--example", action="store_true", help="begin with the parameters of the example")
        fill.add_argument("--set", dest="said", action="append", default=[], metavar="A=B", help="one parameter; a.b and a.0 go inside")

    def handle(self, *args: Any, **options: Any) -> None:
        by = at_console(options["tenant"])
        try:
            self.stdout.write(getattr(self, f"_{options['deed']}")(by, options))
        except UnknownTemplate as error:
            raise CommandError(f"{error}.", returncode=2) from error
        except DocumentInvalid as error:
            raise CommandError(str(error), returncode=2) from error

    def _list(self, by: Any, options: dict[str, Any]) -> str:
        return "\n".join(f"{each['name']:<26} {each['title']}. {each['use']}" for each in templates_for(by))

    def _show(self, by: Any, options: dict[str, Any]) -> str:
        return _json(template_for(by, options["name"]))

    def _fill(self, by: Any, options: dict[str, Any]) -> str:
        name = options["name"]
        parameters: Any = template_for(by, name)["example"] if options["example"] else {}
        if options["file"]:
            parameters = parse(_read(options["file"]))
        for said in options["said"]:
            _put(parameters, said)
        filled = filled_for(by, name, parameters)
        for warning in filled["warnings"]:
            self.stderr.write(warning)
        return _json(filled["document"])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.", returncode=2) from error


def _put(parameters: Any, said: str) -> None:
    """Set one parameter: JSON where it is some, else text."""
    path, sign, text = said.partition("=")
    *way, last = path.split(".")
    try:
        place = parameters
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
        place[int(last) if isinstance(place, list) else last] = _value(text)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise CommandError(f"--set {said}: there is no such place.", returncode=2) from error
    if not sign:
        raise CommandError(f"--set {said}: give it as NAME=VALUE.", returncode=2)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
