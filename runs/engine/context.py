"""The context: facts by key, read-only to suggestors, and the proposals that are staged into it before a run."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, overload

from runs.engine.errors import Conflict
from runs.engine.facts import CONTEXT_INPUT, ContextKey, Fact, Payload, Proposal
from runs.engine.integrity import fact_hashes, merkle_root


class Facts(Sequence[Fact]):
    """A read-only window on the facts of one key, in the order in which they were added."""

    __slots__ = ("_facts",)

    def __init__(self, facts: list[Fact]) -> None:
        self._facts = facts

    def __len__(self) -> int:
        return len(self._facts)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts)

    @overload
    def __getitem__(self, index: int) -> Fact: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Fact]: ...
    def __getitem__(self, index: int | slice) -> Fact | Sequence[Fact]:
        return self._facts[index]


class Context:
    """Facts by key; suggestors read, only the engine adds.

    Its size and length are the number of facts; `version` goes up by one with each. Ids are unique per key, not across keys.
    """

    def __init__(self) -> None:
        self._by_id: dict[ContextKey, dict[str, Fact]] = {key: {} for key in ContextKey}
        self._in_order: dict[ContextKey, list[Fact]] = {key: [] for key in ContextKey}
        self._windows = {key: Facts(facts) for key, facts in self._in_order.items()}
        self._staged: dict[tuple[ContextKey, str], Proposal] = {}
        self.size = 0
        self._restored_version = 0

    @property
    def version(self) -> int:
        """Number of changes: the facts added, on top of the version of the snapshot it came from."""
        return self._restored_version + self.size

    def restored_at(self, version: int) -> None:
        """Take over the version of the snapshot that all facts so far came from."""
        self._restored_version = version - self.size

    def has(self, key: ContextKey) -> bool:
        """Tell whether there is at least one fact under `key`."""
        return bool(self._in_order[key])

    def count(self, key: ContextKey) -> int:
        """Number of facts under `key`."""
        return len(self._in_order[key])

    def get(self, key: ContextKey) -> Facts:
        """The facts under `key` in the order in which they were added."""
        return self._windows[key]

    def fact(self, key: ContextKey, id: str) -> Fact | None:
        """The fact of that id, or None."""
        return self._by_id[key].get(id)

    def keys(self) -> list[ContextKey]:
        """The keys that hold facts, in enum order."""
        return [key for key, facts in self._in_order.items() if facts]

    def facts(self) -> Iterator[Fact]:
        """All facts, keys in enum order, inside a key in the order of adding."""
        for facts in self._in_order.values():
            yield from facts

    def facts_for_subject(self, subject: str) -> list[Fact]:
        """All facts about `subject`."""
        return [fact for fact in self.facts() if fact.subject == subject]

    def __len__(self) -> int:
        return self.size

    def add(self, fact: Fact) -> None:
        """Append a fact whose (key, id) is free: the engine's business alone."""
        self._by_id[fact.key][fact.id] = fact
        self._in_order[fact.key].append(fact)
        self.size += 1

    def merkle_root(self) -> str:
        """Hex root over all facts, keys in enum order."""
        leaves = [fact_hashes(key, facts) for key, facts in self._in_order.items() if facts]
        return merkle_root(chain.from_iterable(leaves)).hex()

    def add_proposal(self, proposal: Proposal) -> bool:
        """Stage a proposal for the start of a run; False if an equal one is staged; raises `Conflict`."""
        proposal = proposal.normal()
        staged = self._staged.get((proposal.key, proposal.id))
        if staged is None:
            self._staged[proposal.key, proposal.id] = proposal
            return True
        if staged.equals(proposal):
            return False
        raise Conflict(proposal.id, staged.payload.json, proposal.payload.json)

    def add_input(self, key: ContextKey, id: str, text: str, provenance: str = CONTEXT_INPUT) -> bool:
        """Stage text from outside."""
        return self.add_proposal(Proposal(key, id, Payload.text_of(text), provenance))

    def get_proposals(self, key: ContextKey) -> list[Proposal]:
        """What is staged under `key`."""
        return [proposal for proposal in self._staged.values() if proposal.key == key]

    def has_pending_proposals(self) -> bool:
        """Tell whether anything is staged."""
        return bool(self._staged)

    def drain_proposals(self) -> list[Proposal]:
        """Take out everything staged, in the order in which it was given."""
        staged = list(self._staged.values())
        self._staged.clear()
        return staged

    def to_json(self) -> Mapping[str, Any]:
        """All facts by key, in the original's wire form."""
        return {str(key): [fact.to_json() for fact in self.get(key)] for key in self.keys()}
