"""Topics: what was voted on, how it stands, whether it passes, and whose single vote decides that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from runs.engine import ConsensusOutcome, ConsensusRule, VoteDecision, VoteTally
from runs.engine.governance import GovernanceError
from runs.models import Run
from runs.reading.ballots import Ballot, ballots_of, counted
from runs.reading.retally import Flip, Question


@dataclass(frozen=True)
class Topic:
    """A topic with its tally and verdict: as it was decided, or as a question would have it.

    `passes` is None while it is open, and where nothing can be decided; then `fault` says why.
    """

    ballot: Ballot
    rule: ConsensusRule | None
    voters: int
    tally: VoteTally
    decisions: Mapping[str, VoteDecision]
    passes: bool | None
    fault: str = ""
    flipped: tuple[Flip, ...] = ()

    @property
    def name(self) -> str:
        """The topic's id."""
        return self.ballot.topic

    @property
    def text(self) -> str:
        """The text of the seed of that id."""
        return self.ballot.text

    @property
    def yes(self) -> int:
        """Votes for it."""
        return self.tally.yes

    @property
    def no(self) -> int:
        """Votes against it."""
        return self.tally.no

    @property
    def abstain(self) -> int:
        """Abstentions."""
        return self.tally.abstain

    @property
    def cast(self) -> int:
        """How many voted."""
        return self.tally.total_cast

    @property
    def whole(self) -> int:
        """What the bar stands for; more than the voters only where too many voted."""
        return max(self.voters, self.cast)

    @property
    def not_cast(self) -> int:
        """How many could have voted and did not."""
        return max(0, self.voters - self.tally.total_cast)

    @property
    def needed(self) -> int | None:
        """The fewest yes votes with which it passes."""
        return None if self.rule is None else self.rule.needed(self.voters)

    @property
    def margin(self) -> int | None:
        """Yes votes beyond what is needed; below zero: what is missing."""
        return None if self.needed is None else self.tally.yes - self.needed

    @property
    def short(self) -> int:
        """How many yes votes are missing."""
        return -(self.margin or 0)

    @property
    def order(self) -> tuple[bool, int, str]:
        """Decided ones first, the clearest yes first; open ones stay as they were raised, so that nothing moves while votes come in."""
        return (self.passes is None, 0 if self.passes is None else -(self.margin or 0), "" if self.passes is None else self.name)

    @property
    def is_changed(self) -> bool:
        """Whether a decided topic comes out otherwise than it was decided."""
        return self.ballot.passes is not None and self.passes is not self.ballot.passes

    @cached_property
    def pivotal(self) -> list[str]:
        """The voters of whom each, by changing their own vote alone, would turn the outcome."""
        if self.rule is None or self.passes is None:
            return []
        turning = {held for held in VoteDecision if any(self._turns(held, other) for other in VoteDecision)}
        return sorted(voter for voter, held in self.decisions.items() if held in turning)

    def _turns(self, held: VoteDecision, other: VoteDecision) -> bool:
        """Whether one vote turns the outcome when it becomes another."""
        counts = {each: getattr(self.tally, each.value) for each in VoteDecision}
        counts[held] -= 1
        counts[other] += 1
        changed = VoteTally(counts[VoteDecision.YES], counts[VoteDecision.NO], counts[VoteDecision.ABSTAIN])
        assert self.rule is not None
        return self.rule.passes(changed, self.voters) is not self.passes


def topics_of(run: Run) -> list[Topic]:
    """All topics with a verdict or a vote: the clearest yes first, then the others, undecided ones last."""
    return judged(ballots_of(run))


def judged(ballots: Iterable[Ballot], question: Question | None = None) -> list[Topic]:
    """Every topic as it was decided, in the order of margins; with a question, as it would have been, in the same order."""
    decided = sorted((_judged(ballot, Question()) for ballot in ballots), key=lambda topic: topic.order)
    return decided if question is None or not question.is_asked else [_judged(topic.ballot, question) for topic in decided]


def _judged(ballot: Ballot, asked: Question) -> Topic:
    flips = tuple(flip for flip in asked.flips if flip.topic == ballot.topic)
    decisions = _changed(ballot.decisions, flips)
    rule, voters = asked.rule or ballot.rule, asked.voters or ballot.voters
    tally = counted(decisions.values()) if flips or ballot.is_traced else ballot.tally
    said: dict[str, Any] = {"ballot": ballot, "rule": rule, "voters": voters, "tally": tally, "decisions": decisions, "flipped": flips}
    if rule is None:
        return Topic(**said, passes=None)
    try:
        passes = ConsensusOutcome.from_tally(ballot.topic, rule, tally, voters).passes
    except GovernanceError as error:
        return Topic(**said, passes=None, fault=str(error))
    return Topic(**said, passes=passes if asked.is_asked or ballot.passes is not None else None)


def _changed(decisions: dict[str, VoteDecision], flips: Iterable[Flip]) -> dict[str, VoteDecision]:
    found = dict(decisions)
    for flip in flips:
        if flip.decision == "none":
            found.pop(flip.voter, None)
        else:
            found[flip.voter] = VoteDecision(flip.decision)
    return found
