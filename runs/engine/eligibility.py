"""Who may act in a cycle: suggestors by the keys they depend on, with an index of the facts they wait for."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import msgspec

from runs.engine.context import Context
from runs.engine.facts import ContextKey
from runs.engine.suggestor import Suggestor
from runs.engine.wire import quote

MOST_FAILURES = 3
KEYS = tuple(ContextKey)
FactName = tuple[ContextKey, str]


class Seat(msgspec.Struct):
    """A suggestor at its place in the team: its number, its name (also as JSON), how often it failed.

    `asks` = it has an `accepts` of its own; `missing` = how many facts it still waits for, -1 once it is through.
    """

    number: int
    suggestor: Suggestor
    failures: int
    name: str
    json_name: str
    keys: Sequence[ContextKey]
    asks: bool
    missing: int = 0
    broken: Exception | None = None

    @classmethod
    def of(cls, number: int, suggestor: Suggestor, failures: int, name: str) -> "Seat":
        """The seat of a suggestor, who is called `name` in this team."""
        keys = suggestor.dependencies
        asks = getattr(suggestor.accepts, "__func__", None) is not Suggestor.accepts
        return cls(number, suggestor, failures, name, quote(name), keys if len(keys) < 2 else tuple(dict.fromkeys(keys)), asks)

    def accepts(self, context: Context) -> bool:
        """Ask the suggestor; one that raises counts as willing, so that its failure is noted where it speaks."""
        try:
            return self.suggestor.accepts(context)
        except Exception as error:  # noqa: BLE001 -- one bad agent must not kill a team
            self.broken = error
            return True

    @property
    def benched(self) -> bool:
        """Whether it failed so often that the run does without it."""
        return self.failures >= MOST_FAILURES


def seats_of(team: Sequence[Suggestor], failures: Mapping[int, int]) -> list[Seat]:
    """The seats of a team in order. Whoever has the name of one before is called `name-2`: effects and errors go by the name."""
    names = [suggestor.name for suggestor in team]
    taken, seats, nths = set(names), list[Seat](), Counter[str]()
    if len(taken) == len(names):
        return [Seat.of(number, one, failures.get(number, 0), one.name) for number, one in enumerate(team)]
    for number, suggestor in enumerate(team):
        name = suggestor.name
        nths[name] += 1
        while nths[suggestor.name] > 1 and name in taken:
            name = f"{suggestor.name}-{nths[suggestor.name]}"
            nths[suggestor.name] += name in taken
        taken.add(name)
        seats.append(Seat.of(number, suggestor, failures.get(number, 0), name))
    return seats


class Eligibility:
    """The seats worth asking in a cycle.

    A seat is listed under its keys only while every fact it waits for exists and none that ends its work does. Facts
    never vanish, so leaving out the others changes nothing but the time it takes.
    """

    def __init__(self, seats: Sequence[Seat], context: Context) -> None:
        self._by_key: dict[ContextKey, dict[int, Seat]] = {key: {} for key in KEYS}
        self._always: dict[int, Seat] = {}
        self._told_of: dict[FactName, list[Seat]] = {}
        known = {(fact.key, fact.id) for fact in context.facts()}
        for seat in seats:
            if not seat.benched:
                self._enter(seat, known)

    def _enter(self, seat: Seat, known: Collection[FactName]) -> None:
        waits_for, done_when, told_of = seat.suggestor.waits_for, seat.suggestor.done_when, self._told_of
        for name in done_when:
            if name in known:
                return
            told_of.setdefault(name, []).append(seat)
        for name in waits_for if len(waits_for) < 2 else dict.fromkeys(waits_for):
            if name not in known:
                seat.missing += 1
                told_of.setdefault(name, []).append(seat)
        if not seat.missing:
            self._list(seat)

    def _list(self, seat: Seat) -> None:
        for key in seat.keys:
            self._by_key[key][seat.number] = seat
        if not seat.keys:
            self._always[seat.number] = seat

    def bench(self, seat: Seat) -> None:
        """Do without the seat from now on."""
        seat.missing = -1
        for key in seat.keys:
            self._by_key[key].pop(seat.number, None)
        if not seat.keys:
            self._always.pop(seat.number, None)

    def promoted(self, name: FactName) -> None:
        """Take note of a new fact: some seats have waited for it, for others it is the end."""
        for seat in self._told_of.pop(name, ()):
            if name in seat.suggestor.done_when:
                self.bench(seat)
            elif seat.missing > 0:
                seat.missing -= 1
                if not seat.missing:
                    self._list(seat)

    def candidates(self, dirty: Sequence[ContextKey]) -> list[Seat]:
        """Seats that depend on a dirty key or on none, in order of registration."""
        found = self._by_key[dirty[0]] if len(dirty) == 1 and not self._always else self._union(dirty)
        return [found[number] for number in sorted(found)] if len(found) > 1 else list(found.values())

    def _union(self, dirty: Sequence[ContextKey]) -> dict[int, Seat]:
        found = dict(self._always)
        for key in dirty:
            found.update(self._by_key[key])
        return found
