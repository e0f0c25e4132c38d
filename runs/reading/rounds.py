"""The rounds of a huddle as lanes: a column for each round, a row for each participant, and what each said and changed there."""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from runs.engine import ContextKey, VoteDecision, VoteTally
from runs.models import Round, Run
from runs.reading.ballots import Ballot, Cast, counted, voters_of
from runs.reading.minds import Change, changes_of
from runs.reading.speakers import Speakers

#: About as many elements of a page as one page of lanes takes; a row takes some, a turn takes more.
ROOM, ROW, TURN, CHANGE = 480, 6, 9, 4


@dataclass(frozen=True)
class Note:
    """A note and who wrote it; the text is read only where it is shown."""

    seq: int
    fact_id: str
    speaker: str
    text: str = ""


@dataclass
class Turn:
    """What one participant did in one round."""

    speaker: str
    round: int
    notes: list[Note] = field(default_factory=list)
    votes: list[Cast] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def tally(self) -> VoteTally:
        """How they voted in the round."""
        return counted(VoteDecision(cast.decision) for cast in self.votes)

    @property
    def notes_more(self) -> int:
        """Notes beyond the first."""
        return len(self.notes) - 1


@dataclass(frozen=True)
class RoundView:
    """One round: how much was said in it, and what came of it."""

    round: Round
    note_count: int
    votes: int
    speakers: int
    synthesis: str = ""


@dataclass(frozen=True)
class Lane:
    """A participant, with a turn or nothing for each round."""

    speaker: str
    turns: list[Turn | None]

    @property
    def room(self) -> int:
        """About as many elements as its row takes."""
        return ROW + sum(TURN + CHANGE * len(turn.changes[:2]) for turn in self.turns if turn)


@dataclass(frozen=True)
class Lanes:
    """Rounds and a page of lanes: voters first, then those who only noted, each as they first spoke."""

    rounds: list[RoundView]
    lanes: list[Lane]
    changes: int
    first: int = 0
    whole: int = 0
    before: int | None = None
    after: int | None = None
    most_votes: int = 0

    @property
    def last(self) -> int:
        """The place of the last lane of the page, counted from 1."""
        return self.first + len(self.lanes)


def lanes_of(run: Run, ballots: list[Ballot], first: int = 0) -> Lanes:
    """The lanes from a place on, as many as a page holds."""
    sayings = _Sayings(run, ballots)
    lanes = sayings.lanes()
    starts = _starts(lanes)
    page = max((start for start in starts if start <= first), default=0)
    place = starts.index(page)
    following = starts[place + 1] if place + 1 < len(starts) else None
    shown = _told(run, lanes[page:following])
    before, most = starts[place - 1] if place else None, max((len(turn.votes) for turn in sayings.turns.values()), default=0)
    return Lanes(sayings.views(), shown, len(sayings.changes), page, len(lanes), before, following, most)


def turn_of(run: Run, ballots: list[Ballot], speaker: str, number: int) -> Turn | None:
    """Everything that one participant said in one round, in full."""
    sayings = _Sayings(run, ballots)
    turn = sayings.turns.get((speaker, number))
    if turn is not None:
        texts = _texts(run, turn.notes)
        turn.notes = [replace(note, text=texts.get(note.seq, "")) for note in turn.notes]
    return turn


def turns_of(run: Run, ballots: list[Ballot]) -> list[Turn]:
    """Every turn of everybody, by round."""
    return sorted(_Sayings(run, ballots).turns.values(), key=lambda turn: turn.round)


def _starts(lanes: list[Lane]) -> list[int]:
    """Where the pages begin."""
    starts, taken = [0], 0
    for place, lane in enumerate(lanes):
        if taken and taken + lane.room > ROOM:
            starts.append(place)
            taken = 0
        taken += lane.room
    return starts


def _told(run: Run, lanes: list[Lane]) -> list[Lane]:
    """The lanes with the texts of their first notes."""
    turns = [turn for lane in lanes for turn in lane.turns if turn and turn.notes]
    texts = _texts(run, [turn.notes[0] for turn in turns])
    for turn in turns:
        turn.notes[0] = replace(turn.notes[0], text=texts.get(turn.notes[0].seq, ""))
    return lanes


def _texts(run: Run, notes: Iterable[Note]) -> dict[int, str]:
    rows = run.facts.filter(key=ContextKey.HYPOTHESES, seq__in=[note.seq for note in notes]).values_list("seq", "text", "payload")
    return {seq: (payload if text is None else text).strip() for seq, text, payload in rows}


class _Sayings:
    """All that was said in the rounds of a run, by speaker and round. A vote falls in the round that lasted when it was cast."""

    def __init__(self, run: Run, ballots: list[Ballot]) -> None:
        self.rounds = list(run.rounds.order_by("number"))
        self._begins = sorted((each.started_cycle, each.number) for each in self.rounds if each.started_cycle is not None)
        voters = voters_of(ballots)
        self._speakers = Speakers(voters)
        self.turns: dict[tuple[str, int], Turn] = {}
        self._order = dict.fromkeys(voters)
        self._take_notes(run)
        for cast in sorted((cast for ballot in ballots for cast in _every(ballot)), key=lambda cast: cast.seq):
            self._take(cast.voter, self._round_at(cast.cycle)).votes.append(cast)
        self.changes = changes_of(run, ballots, self._speakers)
        for change in self.changes:
            self._take(change.voter, self._round_at(change.cast.cycle)).changes.append(change)

    def _take_notes(self, run: Run) -> None:
        numbers = {str(each.number): each.number for each in self.rounds}
        rows = run.facts.filter(key=ContextKey.HYPOTHESES).order_by("seq").values_list("seq", "fact_id", "suggestor")
        for seq, fact_id, suggestor in rows:
            number = numbers.get(fact_id.rpartition(":")[2]) if ":" in fact_id else None
            if number is not None:
                speaker = self._speakers.of(fact_id, suggestor)
                self._take(speaker, number).notes.append(Note(seq, fact_id, speaker))

    def _take(self, speaker: str, number: int) -> Turn:
        self._order.setdefault(speaker)
        return self.turns.setdefault((speaker, number), Turn(speaker, number))

    def _round_at(self, cycle: int) -> int:
        place = bisect_left(self._begins, (cycle, -1)) - 1
        return self._begins[max(place, 0)][1] if self._begins else 0

    def lanes(self) -> list[Lane]:
        """A lane for everybody who spoke."""
        return [Lane(who, [self.turns.get((who, each.number)) for each in self.rounds]) for who in self._order] if self.rounds else []

    def views(self) -> list[RoundView]:
        """Every round with its counts."""
        by_round: dict[int, list[Turn]] = defaultdict(list)
        for turn in self.turns.values():
            by_round[turn.round].append(turn)
        return [_view(each, by_round[each.number]) for each in self.rounds]


def _view(each: Round, turns: list[Turn]) -> RoundView:
    votes = [turn for turn in turns if turn.votes]
    notes = sum(len(turn.notes) for turn in turns)
    return RoundView(each, notes, sum(len(turn.votes) for turn in votes), len(votes), _synthesis(each))


def _every(ballot: Ballot) -> list[Cast]:
    return [*ballot.votes.values(), *ballot.late, *(cast for casts in ballot.earlier.values() for cast in casts)]


def _synthesis(each: Round) -> str:
    """The synthesis as a person reads it: its text, or its payload."""
    if not each.synthesis:
        return ""
    try:
        value = json.loads(each.synthesis)
    except ValueError:
        return each.synthesis
    if isinstance(value, dict) and isinstance(value.get("text"), str):
        return str(value["text"])
    return value if isinstance(value, str) else each.synthesis
