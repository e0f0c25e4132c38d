"""`manage.py waiting RUN`."""

from typing import Any

from runs.management.explaining import Explaining
from runs.reading.told import waiting_in


class Command(Explaining):
    """Names the suggestors that never woke, and for each the key or condition that was missing."""

    help = "Tell which suggestors of a run never woke, and what each of them was waiting for."
    about_a_fact = False

    def asked(self, run: Any, options: dict[str, Any]) -> Any:
        return waiting_in(run)

    def told(self, found: Any) -> list[str]:
        lines = [f"{each['suggestor']}: {'; '.join(lack['says'] for lack in each['lacks'])}" for each in found]
        return lines or ["Nobody: every suggestor spoke at least once."]
