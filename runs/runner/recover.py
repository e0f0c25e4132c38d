"""Where a run stands: told by its journal, or, when that is empty, by its document."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from runs.engine import Budget, GatePolicy, Proposal, State, Suggestor
from runs.engine.criteria import Criterion
from runs.journal import tables
from runs.journal.restoring import restored
from runs.models import Beginning, Run
from runs.suggestors.providers import Provider
from runs.suggestors.seeding import seeds_of


class Document(Protocol):
    """What conducting needs of a formation document."""

    @property
    def budget(self) -> Budget:
        """What the run may spend."""

    @property
    def gates(self) -> GatePolicy | None:
        """What needs a human."""

    @property
    def criteria(self) -> Sequence[Criterion]:
        """What the run should come to."""

    def providers(self) -> Mapping[str, Provider]:
        """The providers that are scripted in it, by name."""

    def team(self) -> Sequence[Suggestor]:
        """The suggestors, in the order of the seats."""

    def seeds(self) -> Sequence[Proposal]:
        """What the context begins with."""


def recover(run: Run, document: Document) -> State:
    """The state to go on from; a fresh run merely has a short journal. Raises `Conflict` for seeds that contradict, `JournalDamaged`."""
    if run.head:
        state = restored(run)
        if state.started:
            return state
    return State.fresh(seeds_of(document.seeds(), seeding_of(run)))


def seeding_of(run: Run) -> str:
    """What the run begins with beside its document, as it was fixed when it was started; nothing for most."""
    return next(iter(tables.column(Beginning, "seeding", run_id=run.pk)), "")
