"""Changes of mind: a voter who votes again and otherwise, and what they declare to rest on."""

import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from runs.engine import ContextKey
from runs.models import Run
from runs.reading.ballots import Ballot, Cast
from runs.reading.speakers import Speakers

MOST_CAUSES = 20


class Cause(NamedTuple):
    """A fact that a vote declares as used: where it stands, what it is, and what it says."""

    key: str
    fact_id: str
    says: str
    text: str


@dataclass(frozen=True)
class Change:
    """One change of mind: what was said before and after, the reason given, and the declared causes (none, if none was declared)."""

    topic: str
    text: str
    voter: str
    before: str
    cast: Cast
    causes: tuple[Cause, ...] = ()
    counts: bool = True

    @property
    def after(self) -> str:
        """What they say now."""
        return self.cast.decision


def changes_of(run: Run, ballots: Iterable[Ballot], speakers: Speakers) -> list[Change]:
    """Every change of mind, as they happened.

    Its declared cause is what the fact of the new vote names as `used`, but for the topic itself and the voter's earlier votes on it.
    """
    found = sorted(_turns(ballots), key=lambda turn: turn[2].seq)
    used = _used(run, [now.seq for _, _, now, _ in found])
    says = _Sayings(run, {name for names in used.values() for name in names}, ballots, speakers)
    return [
        Change(ballot.topic, ballot.text, now.voter, before.decision, now, says.causes(ballot, now, used.get(now.seq, [])), counts)
        for ballot, before, now, counts in found
    ]


def _turns(ballots: Iterable[Ballot]) -> Iterator[tuple[Ballot, Cast, Cast, bool]]:
    """Neighbouring votes of a voter on a topic that differ, and whether the later one counts."""
    for ballot in ballots:
        if not ballot.earlier and not ballot.late:
            continue
        for voter in dict.fromkeys([*ballot.earlier, *(cast.voter for cast in ballot.late)]):
            counted = [*ballot.earlier.get(voter, []), *([ballot.votes[voter]] if voter in ballot.votes else [])]
            said = counted + [cast for cast in ballot.late if cast.voter == voter]
            for place, (before, now) in enumerate(itertools.pairwise(said), start=1):
                if before.decision != now.decision:
                    yield ballot, before, now, place < len(counted)


def _used(run: Run, seqs: list[int]) -> dict[int, list[tuple[str, str]]]:
    rows = run.facts.filter(key=ContextKey.VOTES, seq__in=seqs).exclude(used=None).values_list("seq", "used")
    return {seq: [(key, id) for key, id in json.loads(used or "[]")][:MOST_CAUSES] for seq, used in rows}


class _Sayings:
    """What the causes are in words."""

    def __init__(self, run: Run, names: set[tuple[str, str]], ballots: Iterable[Ballot], speakers: Speakers) -> None:
        self._votes = {cast.fact_id: cast for ballot in ballots for cast in _all(ballot)} if names else {}
        rows = run.facts.filter(fact_id__in={id for _, id in names}).values_list("key", "fact_id", "text") if names else ()
        self._texts = {(key, id): (text or "").strip() for key, id, text in rows}
        self._speakers = speakers

    def causes(self, ballot: Ballot, now: Cast, names: list[tuple[str, str]]) -> tuple[Cause, ...]:
        """The causes of one change."""
        own = {cast.fact_id for cast in _all(ballot) if cast.voter == now.voter}
        outer = [
            (key, id) for key, id in names if not (key == ContextKey.VOTES and id in own) and (key, id) != (ContextKey.SEEDS, ballot.topic)
        ]
        # What was said comes before what merely opened or closed a round.
        outer.sort(key=lambda name: name[0] in (ContextKey.SIGNALS, ContextKey.CONSTRAINTS))
        return tuple(Cause(key, id, self._says(key, id), self._texts.get((key, id), "")) for key, id in outer)

    def _says(self, key: str, id: str) -> str:
        vote = self._votes.get(id) if key == ContextKey.VOTES else None
        if vote is not None:
            return f"{vote.voter}’s {vote.decision} on {vote.topic}"
        if key == ContextKey.HYPOTHESES and id.startswith("note:"):
            return f"a note by {self._speakers.of(id)}"
        for prefix, words in (
            ("synthesis:", "the synthesis of round"),
            ("round:start:", "the start of round"),
            ("round:continue:", "the end of round"),
        ):
            if id.startswith(prefix):
                return f"{words} {id.removeprefix(prefix)}"
        return f"{key} {id}"


def _all(ballot: Ballot) -> Iterator[Cast]:
    """Every vote on a topic, counted or not."""
    yield from ballot.votes.values()
    yield from ballot.late
    for casts in ballot.earlier.values():
        yield from casts
