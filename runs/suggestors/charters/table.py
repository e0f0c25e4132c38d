"""The table at which a chartered team sits: who has spoken in a round, whose turn it is, and what a role may not say."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import msgspec

from runs.engine import Context, ContextKey, Fact
from runs.suggestors.charters.charter import Charter
from runs.suggestors.charters.roles import RIGHTS, Role
from runs.suggestors.expansion import is_constant
from runs.suggestors.huddle.conventions import RoundConventions, round_number

MOST_FAILURES = 3


class Placed(Protocol):
    """A seat of the team, as far as the table needs to know it."""

    name: str
    enabled: bool
    params: Any
    reaches_out: bool

    def writes(self) -> Sequence[ContextKey]:
        """The keys under which it proposes."""


class Turn(msgspec.Struct, frozen=True):
    """How far a round is: its number, the moderator who has not opened it, and the place of the next in the order."""

    number: int | None
    unopened: str | None
    place: int


class Table:
    """Says whose turn it is, by what stands in the context alone.

    A member has had its turn in a round when a note of one of its seats stands there, or when they cannot give one: they
    were asked and did not answer, failed too often, or people rejected it. Who has no seat that writes notes in a round is
    passed over. Without a round-starter the whole run is one round.
    """

    def __init__(self, charter: Charter, seats: Sequence[Placed]) -> None:
        self.charter = charter
        self.rules = next((rules for seat in seats if (rules := _conventions(seat)) is not None), None)
        self.note_key = (self.rules or RoundConventions()).note_key
        self._member = {seat: name for name, own in charter.seats.items() for seat in own}
        present = [seat for seat in seats if seat.enabled]
        self._number = {seat.name: number for number, seat in enumerate(present)}
        self._rounds = {seat.name: _rounds_of(seat, self.note_key) for seat in present if self.note_key in seat.writes()}
        self._order = self._in_order()
        self._place = {member: place for place, member in enumerate(self._order)}
        self._speaker = {span: member for member in charter.seats for span in self._spans(member)}
        self._looked_up: tuple[Context | None, int, Turn] = (None, 0, Turn(None, None, 0))
        terms = charter.terms
        self.has_turns = terms.cadence == "synthesis_only" or (terms.require_explicit_turns and terms.cadence != "figure_it_out")

    def _in_order(self) -> list[str]:
        cadence, roles = self.charter.terms.cadence, self.charter.roles
        if cadence == "synthesis_only":
            return [name for name in self.charter.contributors if roles[name] is Role.SYNTHESIZER]
        if cadence == "lead_then_round_robin":
            return sorted(self.charter.contributors, key=lambda name: roles[name] is not Role.LEAD)
        return self.charter.contributors

    def member_at(self, seat: str) -> str | None:
        """Who sits there; None for a seat that belongs to nobody."""
        return self._member.get(seat)

    def forbidden(self, seat: str) -> dict[ContextKey, str]:
        """Keys under which nothing from this seat is accepted, with the reason."""
        member = self._member.get(seat)
        if member is None:
            return {}
        role = self.charter.roles[member]
        rights, who = RIGHTS[role], f"{member} is {role.replace('_', ' ')} and"
        held = {} if rights.contributes else {self.note_key: f"{who} may not add notes"}
        return held if rights.votes else held | {ContextKey.VOTES: f"{who} may not vote"}

    def takes_turns(self, seat: str) -> bool:
        """Whether it speaks only when it is its turn: those that write notes for a member who may."""
        return self.has_turns and seat in self._rounds and seat in self._member and self.note_key not in self.forbidden(seat)

    def wakes(self) -> tuple[ContextKey, ...]:
        """Keys whose change can bring about somebody's turn."""
        rules = self.rules or RoundConventions()
        everything = tuple(ContextKey) if self.charter.terms.cadence == "moderator_then_round_robin" else ()
        return tuple(dict.fromkeys((self.note_key, rules.round_signal_key, ContextKey.DIAGNOSTIC, *everything)))

    def before(self, seat: str, context: Context) -> str | None:
        """What must happen before the seat may speak, in words; None if it is its turn."""
        turn, place = self._turn(context), self._place.get(self._member[seat])
        if self.rules is not None and turn.number is None:
            return "no round has started"
        if place is None:
            return "only a synthesizer adds notes here"
        if turn.unopened is not None:
            return f"{turn.unopened}, who moderates, has not opened the round"
        return None if place <= turn.place else f"it is {self._order[turn.place]}'s turn"

    def _turn(self, context: Context) -> "Turn":
        """Whose turn it is: looked up once, however many seats ask; facts never vanish, so their number tells contexts apart."""
        known, size, turn = self._looked_up
        if known is not context or size != context.size:
            number = self.round_in(context)
            turn = Turn(number, self._unopened(context, number), self._place_of_the_next(context, number))
            self._looked_up = context, context.size, turn
        return turn

    def _place_of_the_next(self, context: Context, number: int | None) -> int:
        """The place in the order of the first who speaks in this round and has not had their turn; past the end when all had it."""
        spoken = self._spoken(context, number)
        for place, member in enumerate(self._order):
            if self._speaks_in(member, number) and member not in spoken and not self._has_passed(member, context, number):
                return place
        return len(self._order)

    def _spoken(self, context: Context, number: int | None) -> set[str]:
        """The members of whom there is a note in this round, from one of their seats or by its id."""
        suffix = "" if number is None else f":{number}"
        notes = [note for note in context.get(self.note_key) if note.id.endswith(suffix)]
        named = {note.id.removeprefix("note:").removesuffix(suffix) for note in notes if note.id.startswith("note:")}
        return named | {member for note in notes if (member := self._speaker.get(note.span)) is not None}

    def round_in(self, context: Context) -> int | None:
        """The last round that has started; None without rounds."""
        if self.rules is None:
            return None
        prefix = self.rules.round_signal_prefix
        numbers = [round_number(id[len(prefix) :]) for id in _ids(context.get(self.rules.round_signal_key), prefix)]
        return max((number for number in numbers if number is not None), default=None)

    def _unopened(self, context: Context, number: int | None) -> str | None:
        """The moderator who has not said anything that opens the round, under whichever key."""
        if self.charter.terms.cadence != "moderator_then_round_robin":
            return None
        moderators = [name for name, role in self.charter.roles.items() if role is Role.MODERATOR and self._spans(name)]
        opened = any(self._opens(fact, number) for name in moderators for fact in self._facts_by(name, context))
        return None if opened or not moderators else moderators[0]

    def _opens(self, fact: Fact, number: int | None) -> bool:
        if number is None or self.rules is None:
            return True
        asked = (self.rules.continue_key, f"{self.rules.continue_prefix}{number - 1}")
        return (fact.key, fact.id) == asked or (fact.id.endswith(f":{number}") and not fact.id.startswith(self.rules.continue_prefix))

    def _speaks_in(self, member: str, number: int | None) -> bool:
        rounds = [self._rounds[seat] for seat in self.charter.seats[member] if seat in self._rounds]
        return any(number is None or each is None or number in each for each in rounds)

    def _has_passed(self, member: str, context: Context, number: int | None) -> bool:
        seats = [seat for seat in self.charter.seats[member] if seat in self._rounds]
        speaking = [seat for seat in seats if number is None or (rounds := self._rounds[seat]) is None or number in rounds]
        return all(self._is_out(seat, member, context, number) for seat in speaking)

    def _is_out(self, seat: str, member: str, context: Context, number: int | None) -> bool:
        marks = [f"unanswered:{seat}", f"suggestor-error:{seat}:{MOST_FAILURES}"]
        marks += [f"{why}:note:{name}:{number}" for name in (member, seat) for why in ("hitl-rejected", "llm-error")]
        return any(context.fact(ContextKey.DIAGNOSTIC, mark) is not None for mark in marks)

    def _spans(self, member: str) -> set[str]:
        numbers = [self._number[seat] for seat in self.charter.seats[member] if seat in self._number]
        return {f"{word}-{number}" for number in numbers for word in ("agent", "suggestor")}

    def _facts_by(self, member: str, context: Context) -> Iterator[Fact]:
        spans = self._spans(member)
        return (fact for key in ContextKey for fact in context.get(key) if fact.span in spans)


def _ids(facts: Iterable[Fact], prefix: str) -> list[str]:
    return [fact.id for fact in facts if fact.id.startswith(prefix)]


def _conventions(seat: Placed) -> RoundConventions | None:
    """The conventions of a seat that starts rounds."""
    starts = seat.enabled and hasattr(seat.params, "max_rounds")
    conventions = getattr(seat.params, "conventions", None)
    return conventions if starts and isinstance(conventions, RoundConventions) else None


def _rounds_of(seat: Placed, note_key: ContextKey) -> frozenset[int] | None:
    """The rounds in which a seat may write notes; None where its parameters do not say."""
    number = getattr(seat.params, "round", None)
    if isinstance(number, int):
        return frozenset((number,))
    proposes = getattr(seat.params, "proposes", ())
    forms = proposes if isinstance(proposes, list | tuple) else (proposes,)
    ids = [str(form.id) for form in forms if form.key == note_key]
    if not ids or not all(is_constant(id) for id in ids):
        return None
    numbers = [round_number(id.rpartition(":")[2]) for id in ids if ":" in id]
    return frozenset(number for number in numbers if number is not None) or None
