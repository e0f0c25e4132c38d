"""What lint finds: how bad, where, in a sentence, and what would mend it."""

from typing import Literal

import msgspec

from runs.suggestors.operations import Operation

Severity = Literal["error", "warning", "advice"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "advice")


class Fix(msgspec.Struct, frozen=True):
    """A mend that is clear: what its button says, and the operations on the document."""

    label: str
    operations: list[Operation]

    @property
    def as_json(self) -> str:
        """The operations as the builder sends them."""
        return msgspec.json.encode(self.operations).decode()


class Finding(msgspec.Struct, frozen=True):
    """Something that lint found: an error stops a run, a warning is a mistake nearly always, advice may be as it is meant."""

    severity: Severity
    path: str
    says: str
    fix: Fix | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.says}" if self.path else self.says


def by_severity(findings: list[Finding]) -> list[Finding]:
    """The worst first; each once."""
    once = {(found.path, found.says): found for found in findings}
    return sorted(once.values(), key=lambda found: SEVERITIES.index(found.severity))
