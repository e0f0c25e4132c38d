"""`manage.py guru TEXT`: which ready formation fits."""

import json
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from runs.management.console import add_tenant, at_console
from runs.reading.templates import advice_for
from runs.suggestors.templates import NoMatch


class Command(BaseCommand):
    """Says which template fits an intent, and why."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "Tell which ready formation fits an intent, and everything that led to the choice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("intent", metavar="TEXT", help="what is wanted, in words")
        parser.add_argument("--capabilities", metavar="A,B", help="what the host can do, with commas between")
        parser.add_argument("--widely", action="store_true", help="look beyond the five standard templates")
        parser.add_argument("--json", action="store_true", help="print JSON")
        add_tenant(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        by, said = at_console(options["tenant"]), options["capabilities"]
        capabilities = None if said is None else [word.strip() for word in said.split(",") if word.strip()]
        try:
            found = advice_for(by, options["intent"], capabilities, widely=options["widely"])
        except NoMatch as error:
            raise CommandError(f"{error}.", returncode=1) from error
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) if options["json"] else "\n".join(_told(found)))


def _told(found: dict[str, Any]) -> list[str]:
    trace = found["trace"]
    lines = [f"{found['primary']}: {trace['primary_reason']}."]
    for score in trace["scores"]:
        place, spare = f"rank {score['catalog_rank']}", f"{score['capability_surplus']} to spare"
        lines.append(f"  {score['composite']:>3}  {score['template_id']}  {place}, {spare}, cost {score['cost_hint']}")
    return lines
