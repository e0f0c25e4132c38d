"""Where a run stands: everything `converge` needs to begin or to go on, and nothing else."""

from collections.abc import Iterable

import msgspec

from runs.engine.budget import Spent
from runs.engine.context import Context
from runs.engine.facts import ContextKey, Proposal
from runs.engine.gates import Parked
from runs.engine.integrity import GENESIS, IntegrityProof


class State(msgspec.Struct):
    """A run between two cycles (or in a parked one). `failures` counts by suggestor number, `clock` is Lamport time.

    `dirty` are the keys that the last merge wrote; `parked` is the next cycle, if it waits for its gates.
    """

    context: Context
    started: bool = False
    cycle: int = 0
    dirty: list[ContextKey] = []
    clock: int = 0
    digest: str = GENESIS
    rejected: set[str] = set()
    failures: dict[int, int] = {}
    spent: Spent = msgspec.field(default_factory=Spent)
    parked: Parked | None = None
    parked_effects: list[str] = []
    ended: bool = False

    @classmethod
    def fresh(cls, seeds: Iterable[Proposal] = (), context: Context | None = None) -> "State":
        """Stage `seeds` in their order; raises `Conflict` for one key and id with two contents.

        A given `context` is gone on with: its facts stay, all its keys count as dirty if no seed is promoted.
        """
        state = cls(Context() if context is None else context)
        for seed in seeds:
            state.context.add_proposal(seed)
        return state

    def proof(self) -> IntegrityProof:
        """Merkle root, Lamport time and number of facts as they stand."""
        return IntegrityProof(self.context.merkle_root(), self.clock, self.context.size)
