"""Ballots by hand, for tests of readings that need no run."""

from runs.engine import ConsensusRule
from runs.reading.ballots import Ballot, Cast, counted

SAYS = {"y": "yes", "n": "no", "a": "abstain"}


def a_ballot(
    letters: str, *, topic: str = "lunch", rule: ConsensusRule | None = ConsensusRule.MAJORITY, voters: int | None = None
) -> Ballot:
    """Voters v0, v1 … who say what the letters say (`y n a`, and `.` for nothing), decided by the rule's own arithmetic."""
    said = {f"v{place}": letter for place, letter in enumerate(letters) if letter in SAYS}
    votes = {who: Cast(place, f"f{place}", topic, who, SAYS[letter], "", 1) for place, (who, letter) in enumerate(said.items())}
    whole = voters or len(letters)
    ballot = Ballot(topic, "", rule, whole, votes)
    if rule is None:
        return ballot
    tally = counted(ballot.decisions.values())
    return Ballot(topic, "", rule, whole, votes, recorded=tally, passes=rule.passes(tally, whole))
