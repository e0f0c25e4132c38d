"""`manage.py priors`."""

import json
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from runs.management.console import add_tenant, at_console
from runs.reading.learning import priors_told


class Command(BaseCommand):
    """Lists the priors of a tenant by problem class."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "Tell what finished runs taught: priors by problem class, before and after the last run, and the runs behind them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON")
        add_tenant(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        found = priors_told(at_console(options["tenant"]))
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder))
            return
        for each in found:
            self.stdout.write("\n".join([each["problem_class"], *map(_prior, each["priors"]), *map(_episode, each["episodes"])]))
        if not found:
            self.stdout.write("Nothing learnt yet: no formation with `learning` has run.")


def _prior(prior: dict[str, Any]) -> str:
    moved = f"{prior['prior_confidence']:.3f} -> {prior['posterior_confidence']:.3f}"
    return f"  {prior['assumption_type']}: {moved}, evidence {prior['evidence_count']}"


def _episode(episode: dict[str, Any]) -> str:
    lessons = "; ".join(lesson["insight"] for lesson in episode["episode"]["lessons"])
    return f"  from run {episode['run']} ({episode['label']})" + (f": {lessons}" if lessons else "")
