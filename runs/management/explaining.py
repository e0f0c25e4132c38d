"""What the commands that explain a run share."""

import json
from abc import ABC, abstractmethod
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management import BaseCommand, CommandError, CommandParser

from runs.management.console import add_tenant, at_console
from runs.reading.named import run_named
from runs.reading.provenance import NoFactName


class Explaining(BaseCommand, ABC):
    """Asks one reading about a run, and tells what it says in words or as JSON."""

    requires_system_checks: list[str] = []  # they load every page and the API
    about_a_fact = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", metavar="RUN", help="uuid or number")
        if self.about_a_fact:
            parser.add_argument("fact", metavar="KEY/ID", help="the fact, such as Hypotheses/h1")
        parser.add_argument("--json", action="store_true", help="print JSON")
        add_tenant(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        by = at_console(options["tenant"])
        try:
            run = run_named(by, options["run"])
        except ObjectDoesNotExist as error:
            raise CommandError(f"There is no run '{options['run']}'.", returncode=2) from error
        try:
            found = self.asked(run, options)
        except NoFactName as error:
            raise CommandError(f"{error}.", returncode=2) from error
        except ObjectDoesNotExist as error:
            raise CommandError(f"There is no fact {options['fact']}; `why-not` tells what is in its way.", returncode=1) from error
        told = json.dumps(found, ensure_ascii=False, indent=2) if options["json"] else "\n".join(self.told(found))
        self.stdout.write(told)

    @abstractmethod
    def asked(self, run: Any, options: dict[str, Any]) -> Any:
        """What the reading says."""

    @abstractmethod
    def told(self, found: Any) -> list[str]:
        """The same in lines for people."""
