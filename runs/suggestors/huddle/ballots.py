"""The votes on one topic as they come in, and when nothing that is still to come can change their result."""

from runs.engine import ConsensusRule, ContextKey, Vote, VoteDecision, VoteTally


class Ballot:
    """The votes on one topic: one per voter, the last one wins."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[VoteDecision, str]] = {}
        self._counts = dict.fromkeys(VoteDecision, 0)

    def take(self, vote: Vote, id: str) -> None:
        """Count the vote that the fact `id` is, in the place of an earlier one of the same voter."""
        before = self._last.get(vote.voter)
        if before is not None:
            self._counts[before[0]] -= 1
        self._last[vote.voter] = vote.decision, id
        self._counts[vote.decision] += 1

    def counted(self) -> tuple[tuple[ContextKey, str], ...]:
        """The facts that are the votes which count, one for each voter."""
        return tuple((ContextKey.VOTES, id) for _, id in self._last.values())

    def tally(self) -> VoteTally:
        """The votes as they stand."""
        return VoteTally(self._counts[VoteDecision.YES], self._counts[VoteDecision.NO], self._counts[VoteDecision.ABSTAIN])


def is_settled(rule: ConsensusRule, tally: VoteTally, voters: int) -> bool:
    """Tell whether all voted, or the votes still missing cannot change whether `rule` passes; the advisory rule waits for all."""
    missing = voters - tally.total_cast
    if missing <= 0 or rule is ConsensusRule.ADVISORY_ONLY:
        return missing <= 0
    needed = rule.needed(voters)
    return tally.yes >= needed or tally.yes + missing < needed
