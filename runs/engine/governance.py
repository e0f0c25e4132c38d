"""Votes, disagreements and the arithmetic of consensus. Pure data: the engine attaches no behaviour to it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import msgspec

VOTE_FAMILY = "converge.governance.vote"
DISAGREEMENT_FAMILY = "converge.governance.disagreement"
OUTCOME_FAMILY = "converge.governance.consensus_outcome"


Count = Annotated[int, msgspec.Meta(ge=0)]


class VoteDecision(StrEnum):
    """What a voter may say."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class ConsensusRule(StrEnum):
    """When a topic passes. Abstentions and missing votes count against; no rule has a quorum."""

    MAJORITY = "majority"
    SUPERMAJORITY = "supermajority"
    UNANIMOUS = "unanimous"
    LEAD_DECIDES = "lead_decides"
    ADVISORY_ONLY = "advisory_only"

    def needed(self, voters: int) -> int:
        """Fewest yes votes of `voters` eligible ones with which the rule passes."""
        match self:
            case ConsensusRule.MAJORITY:
                return voters // 2 + 1
            case ConsensusRule.SUPERMAJORITY:
                return -(-2 * voters // 3)
            case ConsensusRule.UNANIMOUS:
                return voters
            case ConsensusRule.LEAD_DECIDES:
                return 1
            case ConsensusRule.ADVISORY_ONLY:
                return 0

    def passes(self, tally: "VoteTally", voters: int) -> bool:
        """Tell whether `tally` passes among `voters` eligible ones; never if more were cast than there are voters."""
        return tally.total_cast <= voters and tally.yes >= self.needed(voters)


class Vote(msgspec.Struct, frozen=True, omit_defaults=True):
    """One voter's word on one topic."""

    topic: str
    voter: str
    decision: VoteDecision
    reason: str | None = None


class Disagreement(msgspec.Struct, frozen=True):
    """Why one voter dissents on a topic."""

    topic: str
    dissenter: str
    reason: str


class VoteTally(msgspec.Struct, frozen=True):
    """Counted votes of one topic."""

    yes: int = 0
    no: int = 0
    abstain: int = 0

    @property
    def total_cast(self) -> int:
        """All votes that were cast."""
        return self.yes + self.no + self.abstain

    @classmethod
    def of(cls, topic: str, votes: Iterable[Vote]) -> "VoteTally":
        """Count the votes on `topic`: one per voter, the last one in order wins."""
        last = {vote.voter: vote.decision for vote in votes if vote.topic == topic}
        counts = dict.fromkeys(VoteDecision, 0)
        for decision in last.values():
            counts[decision] += 1
        return cls(counts[VoteDecision.YES], counts[VoteDecision.NO], counts[VoteDecision.ABSTAIN])


class ConsensusOutcome(msgspec.Struct, frozen=True, rename="camel"):
    """The verdict on a topic. Its JSON is flat; reading one whose flag contradicts its numbers is an error."""

    topic: str
    rule: ConsensusRule
    yes_votes: Count
    no_votes: Count
    abstain_votes: Count
    total_voters: Count
    passes: bool

    @classmethod
    def from_tally(cls, topic: str, rule: ConsensusRule, tally: VoteTally, voters: int) -> "ConsensusOutcome":
        """Judge a tally; raises `GovernanceError` for no voters, or more votes than voters."""
        if voters < 1:
            raise GovernanceError("eligible voters must be greater than zero")
        if tally.total_cast > voters:
            raise GovernanceError(f"tallied votes ({tally.total_cast}) exceed eligible voters ({voters})")
        return cls(topic, rule, tally.yes, tally.no, tally.abstain, voters, rule.passes(tally, voters))

    @classmethod
    def evaluate(cls, topic: str, rule: ConsensusRule, votes: Iterable[Vote], voters: int) -> "ConsensusOutcome":
        """Count and judge; raises `GovernanceError` as `from_tally` does."""
        return cls.from_tally(topic, rule, VoteTally.of(topic, votes), voters)

    def check(self) -> None:
        """Judge again; raises `GovernanceError` if the numbers do not support the flag."""
        tally = VoteTally(self.yes_votes, self.no_votes, self.abstain_votes)
        expected = self.from_tally(self.topic, self.rule, tally, self.total_voters).passes
        if expected != self.passes:
            raise GovernanceError(
                f"serialized consensus outcome pass flag mismatch: expected {str(expected).lower()}, got {str(self.passes).lower()}"
            )


class GovernanceError(ValueError):
    """Votes that cannot be judged; the message carries the original's text."""
