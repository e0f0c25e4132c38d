"""From rows of the journal to rows of the projections: the one code for the live path and for rebuilding."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from runs.engine.wire import Row, decode
from runs.journal import tables
from runs.models import (
    Activity,
    ConsensusOutcome,
    Cycle,
    Disagreement,
    Effect,
    Fact,
    Gate,
    GateStatus,
    GateVote,
    Rejection,
    Round,
    Run,
    Vote,
)

#: The tables that only grow, with their columns.
GROWING: dict[Any, tuple[str, ...]] = {
    Fact: (
        "run_id", "seq", "key", "fact_id", "family", "version", "payload", "text", "subject", "promoted_by", "suggestor",
        "provenance", "confidence", "cycle", "stamp", "approver", "used",
    ),
    Rejection: ("run_id", "seq", "cycle", "suggestor", "key", "proposal_id", "reason"),
    Vote: ("run_id", "seq", "fact_id", "topic", "voter", "decision", "reason", "cycle"),
    ConsensusOutcome: (
        "run_id", "seq", "fact_id", "topic", "rule", "yes_votes", "no_votes", "abstain_votes", "total_voters", "passes", "cycle",
    ),
    Disagreement: ("run_id", "seq", "fact_id", "topic", "dissenter", "reason", "cycle"),
    GateVote: ("run_id", "seq", "gate_id", "round", "verdict", "by", "reason", "at", "edit"),
}  # fmt: skip
#: The tables whose rows are completed later, with what names a row in its run.
KEYED: dict[Any, tuple[str, ...]] = {
    Cycle: ("number",),
    Activity: ("cycle", "suggestor"),
    Round: ("number",),
    Effect: ("identity",),
    Gate: ("gate_id",),
}
PROJECTIONS = (*GROWING, *KEYED)


class Projection:
    """Gathers what a stretch of the journal means for the tables; `write` says it to the database.

    A stretch holds whole merges: counts of a cycle are taken from one stretch.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.run_id = run.pk
        self.columns: dict[str, Any] = {}
        self.forget()

    def forget(self) -> None:
        """Begin a new stretch; what is told of the run itself stays."""
        self.grown: dict[Any, list[tuple[Any, ...]]] = {model: [] for model in GROWING}
        self.puts: dict[Any, dict[Any, dict[str, Any]]] = {model: {} for model in KEYED}
        self.patches: dict[Any, dict[Any, dict[str, Any]]] = {Gate: {}, Effect: {}}
        self.closes_gates = False

    def take(self, seq: int, at: datetime, row: Row) -> None:
        """Take a row of the journal at its place."""
        handler = HANDLERS.get(row.kind if row.family != "effect" else "effect")
        if handler is not None:
            handler(self, seq, at, row)

    def add(self, model: Any, *values: Any) -> None:
        """A row more in a table that only grows."""
        self.grown[model].append((self.run_id, *values))

    def tally(self, column: str, amount: int) -> None:
        """Count something up in the run itself."""
        self.columns[column] = self.columns.get(column, getattr(self.run, column)) + amount

    def patch(self, model: Any, place: str, **values: Any) -> None:
        """Change a row, whether it was put in this stretch or stands in the table."""
        here = self.puts[model].get((place,))
        if here is not None:
            here.update(values)
        else:
            self.patches[model].setdefault(place, {}).update(values)

    def write(self) -> None:
        """Say everything to the database, one statement for a table."""
        for model, rows in self.grown.items():
            tables.insert(model, GROWING[model], rows)
        for model, puts in self.puts.items():
            tables.put(model, KEYED[model], puts, run_id=self.run.pk)
        for model, patches in self.patches.items():
            tables.patch(model, KEYED[model][0], patches, run_id=self.run.pk)
        if self.closes_gates:
            pending = {"run_id": self.run_id, "status": GateStatus.PENDING.value}
            tables.change(Gate, {"status": GateStatus.CANCELLED.value}, pending, returning="id")


Handler = Callable[[Projection, int, datetime, Row], None]
HANDLERS: dict[str, Handler] = {}


def reads(kind: str) -> Callable[[Handler], Handler]:
    """Register what a kind of row means."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return register


def data_of(row: Row) -> dict[str, Any]:
    """The event's data; hot rows carry it in their body only."""
    data = row.data
    return data if data is not None else dict(decode(f"{{{row.body}}}")["event"]["data"])
