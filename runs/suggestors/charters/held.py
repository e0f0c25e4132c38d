"""A suggestor that sits at a chartered table."""

from collections.abc import Generator, Iterable, Iterator
from typing import Any

from runs.engine import Context, ContextKey, Payload, Proposal, Suggestor
from runs.engine.suggestor import Suggestions
from runs.suggestors.charters.table import Placed, Table
from runs.suggestors.lacking import Lack, Telling


class Held(Suggestor):
    """Lets a suggestor speak when it is its turn, and holds back what its member's role may not say.

    What is held back leaves the Diagnostic `held-back:{seat}:{id}` in its place. A seat that could say nothing else is not
    even asked: it leaves `held-back:{seat}` when it would have spoken.
    """

    def __init__(self, inner: Suggestor, seat: Placed, table: Table) -> None:
        self._inner, self._table, self.name, self.on_error = inner, table, inner.name, inner.on_error
        self._forbidden = table.forbidden(seat.name)
        self._takes_turns = table.takes_turns(seat.name)
        says = [key for key in seat.writes() if key is not ContextKey.DIAGNOSTIC]
        self._is_mute = bool(says) and all(key in self._forbidden for key in says)
        self._reaches_out = seat.reaches_out
        self._mark = f"held-back:{inner.name}"
        self.waits_for = inner.waits_for
        self.done_when = (*inner.done_when, (ContextKey.DIAGNOSTIC, self._mark))
        self.dependencies = inner.dependencies
        if self._takes_turns and inner.dependencies:
            self.dependencies = tuple(dict.fromkeys((*inner.dependencies, *table.wakes())))

    def accepts(self, context: Context) -> bool:
        """Tell whether it is its turn, and it has something to say."""
        if self._takes_turns and self._table.before(self.name, context) is not None:
            return False
        return not self._was_held_back(context) and self._inner.accepts(context)

    def _was_held_back(self, context: Context) -> bool:
        """Whether asking again would be in vain; who asks nobody else may look at the context as often as it likes."""
        if not self._forbidden or not context.has(ContextKey.DIAGNOSTIC):
            return False
        marked = self._reaches_out and any(fact.id.startswith(f"{self._mark}:") for fact in context.get(ContextKey.DIAGNOSTIC))
        return marked or context.fact(ContextKey.DIAGNOSTIC, self._mark) is not None

    def lacks(self, context: Context) -> Iterator[Lack]:
        """Whose turn it is instead, and what it lacks itself."""
        before = self._table.before(self.name, context) if self._takes_turns else None
        if before is not None:
            yield Lack(f"its turn has not come: {before}")
        if isinstance(self._inner, Telling):
            yield from self._inner.lacks(context)

    def suggest(self, context: Context) -> Suggestions:
        """What it says, as far as its role allows."""
        if self._is_mute:
            return [self._told(self._mark, " and ".join(self._forbidden.values()))]
        said = self._inner.suggest(context)
        if not self._forbidden:
            return said
        return self._conversed(said) if isinstance(said, Generator) else self._passed(said)

    def _conversed(self, said: Generator[Any, Any, Iterable[Proposal]]) -> Generator[Any, Any, list[Proposal]]:
        return self._passed((yield from said))

    def _passed(self, said: Iterable[Proposal]) -> list[Proposal]:
        return [self._held_back(one) if one.key in self._forbidden else one for one in said]

    def _held_back(self, proposal: Proposal) -> Proposal:
        return self._told(f"{self._mark}:{proposal.id}", f"{self._forbidden[proposal.key]}: {proposal.key}/{proposal.id} is not accepted")

    def _told(self, id: str, why: str) -> Proposal:
        return Proposal(ContextKey.DIAGNOSTIC, id, Payload.diagnostic_of(self.name, why), "organism-runtime")
