"""The votes of a run by topic, as they count: one for each voter, the last one before the verdict."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from runs.engine import ConsensusRule, ContextKey, VoteDecision, VoteTally
from runs.models import ConsensusOutcome, Run
from runs.reading.context import seed_texts

_DECISIONS = {decision.value: decision for decision in VoteDecision}


class Cast(NamedTuple):
    """A vote as it was cast."""

    seq: int
    fact_id: str
    topic: str
    voter: str
    decision: str
    reason: str
    cycle: int


@dataclass(frozen=True)
class Ballot:
    """A topic with the votes that count, those that came after its verdict, and the verdict as it was recorded.

    `rule` and `voters` are the verdict's; of an open topic they are those that the document declares, and without any
    whoever voted is a voter. `recorded` is the tally that the verdict states.
    """

    topic: str
    text: str
    rule: ConsensusRule | None
    voters: int
    votes: dict[str, Cast]
    earlier: dict[str, list[Cast]] = field(default_factory=dict)
    late: tuple[Cast, ...] = ()
    recorded: VoteTally | None = None
    passes: bool | None = None

    @cached_property
    def decisions(self) -> dict[str, VoteDecision]:
        """What each voter's vote is."""
        return {voter: _DECISIONS[cast.decision] for voter, cast in self.votes.items()}

    @property
    def tally(self) -> VoteTally:
        """The recorded tally; of an open topic, the votes as they stand."""
        return counted(self.decisions.values()) if self.recorded is None else self.recorded

    @property
    def is_traced(self) -> bool:
        """Whether the votes add up to the tally that the verdict states."""
        return self.recorded is None or counted(self.decisions.values()) == self.recorded


def counted(decisions: Iterable[VoteDecision]) -> VoteTally:
    """How many said what."""
    found = list(decisions)
    return VoteTally(found.count(VoteDecision.YES), found.count(VoteDecision.NO), found.count(VoteDecision.ABSTAIN))


def ballots_of(run: Run, topic: str | None = None) -> list[Ballot]:
    """Every topic with a vote or a verdict, as they came up; or the one that is named."""
    cast, outcomes, texts = _cast(run, topic), _outcomes(run, topic), seed_texts(run)
    names = dict.fromkeys([*cast, *outcomes])
    # Documents are long: it is read only for topics that are open.
    declared = _declared(run) if len(names) > len(outcomes) else (None, 0)
    used = _used(run, outcomes)
    return [_ballot(name, texts.get(name, ""), cast.get(name, []), outcomes.get(name), used.get(name), declared) for name in names]


def voters_of(ballots: Iterable[Ballot]) -> list[str]:
    """Everybody who voted on anything, as they first spoke."""
    casts = sorted((cast.seq, cast.voter) for ballot in ballots for cast in [*ballot.votes.values(), *ballot.late])
    return list(dict.fromkeys(voter for _, voter in casts))


def _cast(run: Run, topic: str | None) -> dict[str, list[Cast]]:
    rows = run.votes.order_by("seq") if topic is None else run.votes.filter(topic=topic).order_by("seq")
    found: dict[str, list[Cast]] = defaultdict(list)
    for seq, fact_id, name, voter, decision, reason, cycle in rows.values_list(*Cast._fields):
        found[name].append(Cast(seq, fact_id, name, voter, decision, (reason or "").strip(), cycle))
    return found


def _outcomes(run: Run, topic: str | None) -> dict[str, ConsensusOutcome]:
    rows = run.outcomes.order_by("seq")
    return {outcome.topic: outcome for outcome in (rows if topic is None else rows.filter(topic=topic))}


def _used(run: Run, outcomes: dict[str, ConsensusOutcome]) -> dict[str, set[str]]:
    """The votes that each verdict declares to rest on."""
    topics = {outcome.seq: topic for topic, outcome in outcomes.items()}
    rows = run.facts.filter(key=ContextKey.CONSENSUS_OUTCOMES).exclude(used=None).values_list("seq", "used")
    return {topics[seq]: {id for key, id in json.loads(used or "[]") if key == ContextKey.VOTES} for seq, used in rows if seq in topics}


def _ballot(
    name: str,
    text: str,
    cast: list[Cast],
    outcome: ConsensusOutcome | None,
    used: set[str] | None,
    declared: tuple[ConsensusRule | None, int],
) -> Ballot:
    if outcome is None:
        votes, earlier = _last(cast)
        return Ballot(name, text, declared[0], declared[1] or len(votes), votes, earlier)
    tally = VoteTally(outcome.yes_votes, outcome.no_votes, outcome.abstain_votes)
    until = _until(cast, outcome, used or set(), tally)
    votes, earlier = _last([each for each in cast if each.seq <= until])
    late = tuple(each for each in cast if each.seq > until)
    return Ballot(name, text, ConsensusRule(outcome.rule), outcome.total_voters, votes, earlier, late, tally, outcome.passes)


def _until(cast: list[Cast], outcome: ConsensusOutcome, used: set[str], tally: VoteTally) -> int:
    """The last vote that a verdict saw: of those it declares to rest on, else of those promoted in cycles before its own."""
    declared = max((each.seq for each in cast if each.fact_id in used), default=-1)
    seen = max((each.seq for each in cast if each.cycle < outcome.cycle), default=-1)
    adds_up = used and counted(_DECISIONS[each.decision] for each in _last([c for c in cast if c.seq <= declared])[0].values()) == tally
    return declared if adds_up else seen


def _last(cast: list[Cast]) -> tuple[dict[str, Cast], dict[str, list[Cast]]]:
    """The last vote of each voter in the place of their first one, and what they had said before."""
    votes: dict[str, Cast] = {}
    earlier: dict[str, list[Cast]] = defaultdict(list)
    for each in cast:
        if each.voter in votes:
            earlier[each.voter].append(votes[each.voter])
        votes[each.voter] = each
    return votes, dict(earlier)


def _declared(run: Run) -> tuple[ConsensusRule | None, int]:
    """Rule and voters of the first consensus evaluator of the team, for topics without a verdict."""
    team: list[dict[str, Any]] = json.loads(run.version.document).get("team") or []
    for seat in team:
        if seat.get("kind") == "consensus-evaluator":
            given = seat.get("with") or {}
            rule = given.get("rule")
            return (ConsensusRule(rule) if rule in list(ConsensusRule) else None, int(given.get("total_voters") or 0))
    return None, 0


def everybody(run: Run) -> list[str]:
    """Everybody who voted on anything, by name."""
    return sorted(set(run.votes.values_list("voter", flat=True).order_by().distinct()))
