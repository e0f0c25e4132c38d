"""Who may act in a cycle: suggestors by the keys they depend on, with an index of the facts they wait for."""

from collections.abc import Iterable, Sequence

from runs.engine.context import Context
from runs.engine.facts import ContextKey
from runs.engine.suggestor import Suggestor
from runs.engine.wire import quote

MOST_FAILURES = 3
FactName = tuple[ContextKey, str]


class Seat:
    """A suggestor at its place in the team: its number, its name, how often it failed."""

    __slots__ = ("broken", "failures", "json_name", "keys", "missing", "name", "number", "suggestor")

    def __init__(self, number: int, suggestor: Suggestor, failures: int) -> None:
        self.number = number
        self.suggestor = suggestor
        self.name = suggestor.name
        self.json_name = quote(suggestor.name)
        self.keys = tuple(dict.fromkeys(ContextKey(key) for key in suggestor.dependencies))
        self.missing = 0
        self.failures = failures
        self.broken: Exception | None = None

    @property
    def benched(self) -> bool:
        """Whether it failed so often that the run does without it."""
        return self.failures >= MOST_FAILURES


class Eligibility:
    """The seats worth asking in a cycle.

    A seat is listed under its keys only while every fact it waits for exists and none that ends its work does. Facts
    never vanish, so leaving out the others changes nothing but the time it takes.
    """

    def __init__(self, seats: Sequence[Seat], context: Context) -> None:
        self._by_key: dict[ContextKey, dict[int, Seat]] = {key: {} for key in ContextKey}
        self._always: dict[int, Seat] = {}
        self._waiting: dict[FactName, list[Seat]] = {}
        self._ending: dict[FactName, list[Seat]] = {}
        for seat in seats:
            self._enter(seat, context)

    def _enter(self, seat: Seat, context: Context) -> None:
        done_when = [(key, id) for key, id in seat.suggestor.done_when]
        if any(context.fact(key, id) for key, id in done_when):
            return
        for name in done_when:
            self._ending.setdefault(name, []).append(seat)
        missing = {(key, id): None for key, id in seat.suggestor.waits_for if context.fact(key, id) is None}
        seat.missing = len(missing)
        for name in missing:
            self._waiting.setdefault(name, []).append(seat)
        if not missing:
            self._list(seat)

    def _list(self, seat: Seat) -> None:
        if not seat.keys:
            self._always[seat.number] = seat
        for key in seat.keys:
            self._by_key[key][seat.number] = seat

    def _unlist(self, seat: Seat) -> None:
        seat.missing = -1
        self._always.pop(seat.number, None)
        for key in seat.keys:
            self._by_key[key].pop(seat.number, None)

    def promoted(self, key: ContextKey, id: str) -> None:
        """Take note of a new fact: some seats have waited for it, for others it is the end."""
        name = (key, id)
        for seat in self._waiting.pop(name, ()):
            if seat.missing > 0:
                seat.missing -= 1
                if not seat.missing:
                    self._list(seat)
        for seat in self._ending.pop(name, ()):
            self._unlist(seat)

    def candidates(self, dirty: Iterable[ContextKey]) -> list[Seat]:
        """Seats that depend on a dirty key or on none, in order of registration; benched ones left out."""
        found = dict(self._always)
        for key in dirty:
            found.update(self._by_key[key])
        return [found[number] for number in sorted(found) if found[number].failures < MOST_FAILURES]
