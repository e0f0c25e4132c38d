"""What if: a question about the verdicts of a run under another rule, with more or fewer voters, or with votes changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from runs.engine import ConsensusRule, VoteDecision
from runs.reading.ballots import Ballot

MOST_VOTERS = 1_000_000
MOST_FLIPS = 100
#: What a vote may be changed into; the last one takes it back.
CHANGES = (*(decision.value for decision in VoteDecision), "none")


@dataclass(frozen=True)
class Flip:
    """A vote that is changed, added or (`none`) taken back."""

    topic: str
    voter: str
    decision: str

    @property
    def written(self) -> str:
        """As an address carries it: `no/lunch/ada`."""
        return "/".join((self.decision, quote(self.topic, safe=""), quote(self.voter, safe="")))

    @classmethod
    def read(cls, text: str) -> "Flip":
        """Read what `written` wrote; raises `UnableToRetally`."""
        decision, *names = text.split("/")
        if decision not in CHANGES or len(names) != 2 or not all(names):
            raise UnableToRetally(
                "flip", f"“{text}” is no change of a vote", "write decision/topic/voter; decisions: " + ", ".join(CHANGES)
            )
        return cls(unquote(names[0]), unquote(names[1]), decision)


@dataclass(frozen=True)
class Question:
    """What is changed: the rule, the number of voters, single votes; nothing of it leaves the topics as they are."""

    rule: ConsensusRule | None = None
    voters: int | None = None
    flips: tuple[Flip, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Whether anything is changed."""
        return self.rule is not None or self.voters is not None or bool(self.flips)

    @classmethod
    def read(cls, rule: str = "", voters: str = "", flips: Iterable[str] = ()) -> "Question":
        """Read an address; raises `UnableToRetally` with the field, its fault and what is allowed."""
        if rule and rule not in list(ConsensusRule):
            raise UnableToRetally("rule", f"“{rule}” is no rule", "rules: " + ", ".join(ConsensusRule))
        if voters and not (voters.isascii() and voters.isdigit() and 1 <= int(voters[:9]) <= MOST_VOTERS and len(voters) < 9):
            raise UnableToRetally("voters", f"“{voters}” is no number of voters", f"a whole number from 1 to {MOST_VOTERS}")
        found = {(flip.topic, flip.voter): flip for flip in map(Flip.read, flips)}
        if len(found) > MOST_FLIPS:
            raise UnableToRetally("flip", f"{len(found)} votes are changed", f"at most {MOST_FLIPS}")
        return cls(ConsensusRule(rule) if rule else None, int(voters) if voters else None, tuple(found.values()))


def unknown_flips(ballots: Iterable[Ballot], question: Question) -> list[Flip]:
    """The changes that are about no topic of the run."""
    topics = {ballot.topic for ballot in ballots}
    return [flip for flip in question.flips if flip.topic not in topics]


class UnableToRetally(ValueError):
    """The question cannot be asked: which field, what is wrong with it, and what is allowed."""

    def __init__(self, field: str, fault: str, allowed: str) -> None:
        super().__init__(f"{field}: {fault}; {allowed}")
        self.field, self.fault, self.allowed = field, fault, allowed
