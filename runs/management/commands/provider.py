"""`manage.py provider set|list|remove`: whom the effects of a tenant's runs may reach."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management import BaseCommand, CommandError, CommandParser

from runs.actions.providers import UnableToConfigureProvider, remove_provider, set_provider
from runs.management.console import add_tenant, at_console
from runs.reading.providers import providers_of
from runs.suggestors.providers.kinds import KINDS


class Command(BaseCommand):
    """Settings come from a file or from standard input, so that secrets stay out of the shell's history."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "Configure providers; secrets are encrypted, and never shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        put = deeds.add_parser("set", help="configure one, in the place of one of that name")
        put.add_argument("name", metavar="NAME")
        put.add_argument("--kind", required=True, choices=list(KINDS))
        # Not --settings: every command has one, which names Django's.
        put.add_argument("--file", required=True, metavar="FILE", help="settings as JSON; - reads standard input")
        put.add_argument("--max-concurrency", type=int, metavar="N", help="calls at a time, in the whole installation")
        put.add_argument("--per-minute", type=int, metavar="N", help="calls in a minute, in the whole installation")
        remove = deeds.add_parser("remove", help="take one away")
        remove.add_argument("name", metavar="NAME")
        for deed in (put, remove, deeds.add_parser("list", help="show all, secrets hidden")):
            add_tenant(deed)

    def handle(self, *args: Any, **options: Any) -> None:
        by = at_console(options["tenant"])
        try:
            getattr(self, f"_{options['deed']}")(by, options)
        except UnableToConfigureProvider as error:
            raise CommandError(f"{error}.", returncode=2) from error
        except ObjectDoesNotExist as error:
            raise CommandError(f"There is no provider '{options['name']}'.", returncode=2) from error

    def _set(self, by: Any, options: dict[str, Any]) -> None:
        limits = {name: options[name] for name in ("max_concurrency", "per_minute")}
        provider = set_provider(by=by, name=options["name"], kind=options["kind"], settings=_settings(options["file"]), **limits)
        self.stdout.write(_line(provider))

    def _list(self, by: Any, options: dict[str, Any]) -> None:
        for provider in providers_of(by):
            self.stdout.write(_line(provider))

    def _remove(self, by: Any, options: dict[str, Any]) -> None:
        remove_provider(by=by, name=options["name"])
        self.stdout.write(f"{options['name']} is removed.")


def _line(provider: Any) -> str:
    limits = [f"{provider.max_concurrency} at a time"] if provider.max_concurrency else []
    limits += [f"{provider.per_minute} a minute"] if provider.per_minute else []
    return "  ".join([provider.name, provider.kind, *limits, json.dumps(provider.shown_settings, ensure_ascii=False)])


def _settings(name: str) -> dict[str, Any]:
    try:
        value = json.loads(sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.", returncode=2) from error
    except ValueError as error:
        raise CommandError(f"{name} is no JSON: {error}.", returncode=2) from error
    if not isinstance(value, dict):
        raise CommandError(f"{name} holds no JSON object.", returncode=2)
    return value
