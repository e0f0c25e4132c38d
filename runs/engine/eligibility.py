"""Who may act in a cycle: suggestors by the keys they depend on, with an index of the facts they wait for."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from runs.engine.context import Context
from runs.engine.facts import ContextKey
from runs.engine.suggestor import Suggestor
from runs.engine.wire import quote

MOST_FAILURES = 3
FactName = tuple[ContextKey, str]


class Seat:
    """A suggestor at its place in the team: its number, its name, how often it failed."""

    __slots__ = ("asks", "broken", "failures", "json_name", "keys", "missing", "name", "number", "suggestor")

    def __init__(self, number: int, suggestor: Suggestor, failures: int, name: str) -> None:
        self.number = number
        self.suggestor = suggestor
        self.name = name
        self.asks = getattr(suggestor.accepts, "__func__", None) is not Suggestor.accepts
        self.json_name = quote(name)
        keys = suggestor.dependencies
        self.keys = tuple(keys if len(keys) < 2 else dict.fromkeys(keys))
        self.missing = 0
        self.failures = failures
        self.broken: Exception | None = None

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
    taken, seats, nths = {suggestor.name for suggestor in team}, list[Seat](), Counter[str]()
    for number, suggestor in enumerate(team):
        name = suggestor.name
        nths[name] += 1
        while nths[suggestor.name] > 1 and name in taken:
            name = f"{suggestor.name}-{nths[suggestor.name]}"
            nths[suggestor.name] += name in taken
        taken.add(name)
        seats.append(Seat(number, suggestor, failures.get(number, 0), name))
    return seats


class Eligibility:
    """The seats worth asking in a cycle.

    A seat is listed under its keys only while every fact it waits for exists and none that ends its work does. Facts
    never vanish, so leaving out the others changes nothing but the time it takes.
    """

    def __init__(self, seats: Sequence[Seat], context: Context) -> None:
        self._by_key: dict[ContextKey, dict[int, Seat]] = {key: {} for key in ContextKey}
        self._always: dict[int, Seat] = {}
        self._waiting: dict[FactName, list[Seat]] = defaultdict(list)
        self._ending: dict[FactName, list[Seat]] = defaultdict(list)
        for seat in seats:
            if not seat.benched:
                self._enter(seat, context)

    def _enter(self, seat: Seat, context: Context) -> None:
        suggestor = seat.suggestor
        for key, id in suggestor.done_when:
            if context.fact(key, id) is not None:
                return
            self._ending[key, id].append(seat)
        waits_for, missing = suggestor.waits_for, 0
        for key, id in waits_for if len(waits_for) < 2 else dict.fromkeys((key, id) for key, id in waits_for):
            if context.fact(key, id) is None:
                missing += 1
                self._waiting[key, id].append(seat)
        seat.missing = missing
        if not missing:
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

    def promoted(self, key: ContextKey, id: str) -> None:
        """Take note of a new fact: some seats have waited for it, for others it is the end."""
        name = (key, id)
        for seat in self._waiting.pop(name, ()):
            if seat.missing > 0:
                seat.missing -= 1
                if not seat.missing:
                    self._list(seat)
        for seat in self._ending.pop(name, ()):
            self.bench(seat)

    def candidates(self, dirty: Sequence[ContextKey]) -> list[Seat]:
        """Seats that depend on a dirty key or on none, in order of registration."""
        found = self._by_key[dirty[0]] if len(dirty) == 1 and not self._always else self._union(dirty)
        return [found[number] for number in sorted(found)] if len(found) > 1 else list(found.values())

    def _union(self, dirty: Sequence[ContextKey]) -> dict[int, Seat]:
        found = dict(self._always)
        for key in dirty:
            found.update(self._by_key[key])
        return found
