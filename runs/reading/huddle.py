"""The huddle of a run: its rounds, what was voted on, and how it went."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from runs.engine import ConsensusRule, ContextKey
from runs.models import ConsensusOutcome, Fact, Round, Run, Vote
from runs.reading.context import seed_texts

NOTES = 60


@dataclass(frozen=True)
class RoundView:
    """One round: what was noted, how many votes fell in it, what came of it."""

    round: Round
    notes: list[Fact]
    note_count: int
    votes: int
    speakers: int
    synthesis: str = ""

    @property
    def notes_left_out(self) -> int:
        """How many notes the page does not show at once."""
        return self.note_count - len(self.notes)


@dataclass(frozen=True)
class Topic:
    """What was voted on: the tally, and the verdict once there is one."""

    name: str
    text: str
    yes: int
    no: int
    abstain: int
    voters: int
    rule: ConsensusRule | None = None
    passes: bool | None = None

    @property
    def cast(self) -> int:
        """How many voted."""
        return self.yes + self.no + self.abstain

    @property
    def not_cast(self) -> int:
        """How many could have voted and did not."""
        return max(0, self.voters - self.cast)

    @property
    def whole(self) -> int:
        """What the bar stands for; more than the voters only where too many voted."""
        return max(self.voters, self.cast)

    @property
    def needed(self) -> int | None:
        """The fewest yes votes with which it passes."""
        return None if self.rule is None else self.rule.needed(self.voters)

    @property
    def margin(self) -> int | None:
        """Yes votes beyond what is needed; below zero: what is missing."""
        return None if self.needed is None else self.yes - self.needed

    @property
    def short(self) -> int:
        """How many yes votes are missing."""
        return -(self.margin or 0)

    @property
    def order(self) -> tuple[bool, int, str]:
        """Decided ones first, the clearest yes first; open ones stay as they were raised, so that nothing moves while votes come in."""
        return (self.passes is None, 0 if self.passes is None else -(self.margin or 0), "" if self.passes is None else self.name)


@dataclass(frozen=True)
class Voice:
    """What one voter said on a topic last, and how often they changed their mind."""

    voter: str
    decision: str
    reason: str
    cycle: int
    earlier: tuple[str, ...] = ()


@dataclass
class Huddle:
    """Rounds and topics of a run."""

    rounds: list[RoundView] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)

    @property
    def passed(self) -> int:
        """How many topics passed."""
        return sum(topic.passes is True for topic in self.topics)

    @property
    def failed(self) -> int:
        """How many topics did not."""
        return sum(topic.passes is False for topic in self.topics)

    @property
    def undecided(self) -> int:
        """How many topics have no verdict yet."""
        return sum(topic.passes is None for topic in self.topics)


def huddle_of(run: Run) -> Huddle:
    """Everything that the huddle tab shows."""
    return Huddle(rounds_of(run), topics_of(run))


def rounds_of(run: Run) -> list[RoundView]:
    """The rounds in their order, with their notes and what was voted while they lasted."""
    rounds = list(run.rounds.order_by("number"))
    cast = list(run.votes.values_list("cycle", "voter"))
    ends = [*(following.started_cycle for following in rounds[1:]), None]
    pairs = zip(rounds, ends, strict=False)
    return [_round_view(run, each, end, cast, first=not index) for index, (each, end) in enumerate(pairs)]


def _round_view(run: Run, each: Round, end: int | None, cast: list[tuple[int, str]], *, first: bool) -> RoundView:
    begin = -1 if first or each.started_cycle is None else each.started_cycle
    voters = [voter for cycle, voter in cast if cycle > begin and (end is None or cycle <= end)]
    notes = run.facts.filter(key=ContextKey.HYPOTHESES, fact_id__endswith=f":{each.number}").order_by("seq")
    count = notes.count()
    return RoundView(each, list(notes[:NOTES]), count, len(voters), len(set(voters)), _synthesis(each))


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


def topics_of(run: Run) -> list[Topic]:
    """All topics with a verdict or a vote: the clearest yes first, then the others, undecided ones last."""
    texts = seed_texts(run)
    decided = {outcome.topic: _decided(outcome, texts) for outcome in run.outcomes.order_by("seq")}
    tallies = _tallies(run.votes.exclude(topic__in=decided).order_by("seq"))
    rule, voters = _declared(run)
    pending = [_pending(name, tally, texts, rule, voters) for name, tally in tallies.items()]
    return sorted([*decided.values(), *pending], key=lambda topic: topic.order)


def topic_of(run: Run, name: str) -> Topic | None:
    """One topic by its name."""
    return next((topic for topic in topics_of(run) if topic.name == name), None)


def _decided(outcome: ConsensusOutcome, texts: dict[str, str]) -> Topic:
    return Topic(
        outcome.topic,
        texts.get(outcome.topic, ""),
        outcome.yes_votes,
        outcome.no_votes,
        outcome.abstain_votes,
        outcome.total_voters,
        ConsensusRule(outcome.rule),
        outcome.passes,
    )


def _pending(name: str, tally: dict[str, int], texts: dict[str, str], rule: ConsensusRule | None, voters: int) -> Topic:
    cast = sum(tally.values())
    return Topic(name, texts.get(name, ""), tally["yes"], tally["no"], tally["abstain"], voters or cast, rule)


def _tallies(votes: Iterable[Vote]) -> dict[str, dict[str, int]]:
    last: dict[tuple[str, str], str] = {(vote.topic, vote.voter): vote.decision for vote in votes}
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"yes": 0, "no": 0, "abstain": 0})
    for (topic, _), decision in last.items():
        found[topic][decision] += 1
    return found


def _declared(run: Run) -> tuple[ConsensusRule | None, int]:
    """Rule and voters of the first consensus evaluator of the team, for topics without a verdict."""
    team: list[dict[str, Any]] = json.loads(run.version.document).get("team") or []
    for seat in team:
        if seat.get("kind") == "consensus-evaluator":
            given = seat.get("with") or {}
            rule = given.get("rule")
            return (ConsensusRule(rule) if rule in list(ConsensusRule) else None, int(given.get("total_voters") or 0))
    return None, 0


def voices_of(run: Run, topic: str) -> list[Voice]:
    """Who said what on a topic: no first, then abstentions, then yes, by name."""
    said: dict[str, list[Vote]] = defaultdict(list)
    for vote in run.votes.filter(topic=topic).order_by("seq"):
        said[vote.voter].append(vote)
    order = ["no", "abstain", "yes"]
    return sorted((_voice(votes) for votes in said.values()), key=lambda voice: (order.index(voice.decision), voice.voter))


def _voice(votes: list[Vote]) -> Voice:
    last = votes[-1]
    earlier = tuple(vote.decision for vote in votes[:-1] if vote.decision != last.decision)
    return Voice(last.voter, last.decision, last.reason or "", last.cycle, earlier)
