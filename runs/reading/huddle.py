"""The huddle of a run: its rounds, what was voted on, and how it went; or how it would have gone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from runs.models import Run
from runs.reading.ballots import Ballot, Cast, ballots_of
from runs.reading.retally import Flip, Question, unknown_flips
from runs.reading.rounds import Lanes, Turn, lanes_of, turn_of
from runs.reading.topics import Topic, judged

TOPICS = 50
DECISIONS = ("no", "abstain", "yes")


@dataclass(frozen=True)
class Voice:
    """What one voter says on a topic, and what they had said before; `flipped` where a question has them say it."""

    voter: str
    decision: str
    reason: str = ""
    cycle: int | None = None
    earlier: tuple[str, ...] = ()
    flipped: bool = False
    pivotal: bool = False


@dataclass(frozen=True)
class Huddle:
    """Rounds and topics of a run; `topics` are judged as the question asks, in the order in which they were decided."""

    lanes: Lanes
    topics: list[Topic]
    question: Question = field(default_factory=Question)
    lost: tuple[Flip, ...] = ()

    @property
    def passed(self) -> int:
        """How many topics pass."""
        return sum(topic.passes is True for topic in self.topics)

    @property
    def failed(self) -> int:
        """How many topics do not."""
        return sum(topic.passes is False for topic in self.topics)

    @property
    def undecided(self) -> int:
        """How many topics have no verdict."""
        return sum(topic.passes is None for topic in self.topics)

    @property
    def changed(self) -> list[Topic]:
        """The topics that come out otherwise than they were decided."""
        return [topic for topic in self.topics if topic.is_changed]


def huddle_of(run: Run, question: Question | None = None, first: int = 0) -> Huddle:
    """Everything that the huddle tab shows: lanes from a place on, and all topics."""
    ballots, asked = ballots_of(run), question or Question()
    return Huddle(lanes_of(run, ballots, first), judged(ballots, asked), asked, tuple(unknown_flips(ballots, asked)))


def topic_of(run: Run, name: str, question: Question | None = None) -> Topic | None:
    """One topic by its name."""
    return next(iter(judged(ballots_of(run, name), question)), None)


def turn_in(run: Run, speaker: str, number: int) -> Turn | None:
    """What somebody said in a round, in full."""
    return turn_of(run, ballots_of(run), speaker, number)


def voices_of(topic: Topic) -> list[Voice]:
    """Who says what on a topic: no first, then abstentions, then yes, by name."""
    flipped = {flip.voter for flip in topic.flipped}
    pivotal = set(topic.pivotal)
    said = [_voice(topic.ballot, voter, decision, voter in flipped, voter in pivotal) for voter, decision in topic.decisions.items()]
    return sorted(said, key=lambda voice: (DECISIONS.index(voice.decision), voice.voter))


def late_voices(ballot: Ballot) -> list[Voice]:
    """Who spoke after the verdict, which hears them no more."""
    return [Voice(cast.voter, cast.decision, cast.reason, cast.cycle) for cast in ballot.late]


def _voice(ballot: Ballot, voter: str, decision: str, flipped: bool, pivotal: bool) -> Voice:
    cast = ballot.votes.get(voter)
    if cast is None or flipped:
        return Voice(voter, decision, flipped=True, pivotal=pivotal, earlier=(cast.decision,) if cast else ())
    earlier = _others(ballot.earlier.get(voter, ()), cast)
    return Voice(voter, decision, cast.reason, cast.cycle, earlier, pivotal=pivotal)


def _others(casts: Iterable[Cast], last: Cast) -> tuple[str, ...]:
    return tuple(cast.decision for cast in casts if cast.decision != last.decision)
