"""Conditions that a context must keep; one that does not hold ends the run."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol

from runs.engine.context import Context
from runs.engine.errors import InvariantViolation, in_words
from runs.engine.facts import ContextKey, Proposal


class InvariantClass(StrEnum):
    """When an invariant is checked: after each merge, after each merge that added something, at convergence."""

    STRUCTURAL = "Structural"
    SEMANTIC = "Semantic"
    ACCEPTANCE = "Acceptance"


class Invariant(Protocol):
    """A named condition of one class."""

    @property
    def name(self) -> str:
        """Its name, for messages and the note's id."""

    @property
    def kind(self) -> InvariantClass:
        """Its class."""

    def check(self, context: Context) -> str | None:
        """Return why it does not hold, or None."""


def check_invariants(invariants: Sequence[Invariant], kind: InvariantClass, context: Context, note: Callable[[Proposal], None]) -> None:
    """Check those of one class in order; the first violation leaves a note and raises `InvariantViolation`."""
    for invariant in invariants:
        if invariant.kind is not kind:
            continue
        reason = _broken(invariant, context)
        if reason is not None:
            violation = InvariantViolation(invariant.name, kind, reason)
            id = f"violation:{invariant.name}:{context.version}"
            note(Proposal.text_of(ContextKey.DIAGNOSTIC, id, str(violation), "converge-core"))
            raise violation


def _broken(invariant: Invariant, context: Context) -> str | None:
    """Why it does not hold; one that cannot even be checked does not hold."""
    try:
        return invariant.check(context)
    except Exception as error:  # noqa: BLE001 -- a run ends by its own rules
        return in_words(error)
