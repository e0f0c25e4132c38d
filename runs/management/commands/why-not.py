"""`manage.py why-not RUN KEY/ID`."""

from typing import Any

from runs.management.explaining import Explaining
from runs.reading.told import why_not_of


class Command(Explaining):
    """Names the one thing that stood in the way of a fact."""

    help = "Explain why a fact is not there: what stood in its way, and what would have let it pass."

    def asked(self, run: Any, options: dict[str, Any]) -> Any:
        return why_not_of(run, options["fact"])

    def told(self, found: Any) -> list[str]:
        return [f"{found['fact']}: {found['blocker'].replace('_', ' ')}", found["says"], found["remedy"]]
