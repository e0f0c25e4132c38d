"""Where a run's participants part: topics by how split they are, dissenters by whom they are like, and everybody's reasons."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from runs.engine import VoteDecision
from runs.models import Run
from runs.reading.agreement import Agreement
from runs.reading.ballots import Ballot, ballots_of, voters_of
from runs.reading.context import seed_texts
from runs.reading.topics import Topic, judged

YES, NO, ABSTAIN = VoteDecision.YES, VoteDecision.NO, VoteDecision.ABSTAIN


@dataclass(frozen=True)
class Reason:
    """A reason, and everybody who gave it."""

    text: str
    people: list[str]


@dataclass(frozen=True)
class Side:
    """Those who hold one position on a topic: `yes`, `no`, `abstain`, or none (`not cast`); equal reasons are said once."""

    position: str
    people: list[str]
    reasons: list[Reason]
    silent: list[str]


@dataclass(frozen=True)
class Split:
    """A topic, how split it is, and who dissents.

    A dissenter is who declared a disagreement, or voted with the smaller of the two sides; where both are equal, that is everybody.
    """

    topic: Topic
    declared: Mapping[str, str]

    @property
    def divisiveness(self) -> float:
        """(y + n)/N · 4yn/(y + n)²: 1 if all voted and half of them for it, 0 if nobody is against it, or nobody for it."""
        yes, no = self.topic.yes, self.topic.no
        return 4 * yes * no / (self.topic.whole * (yes + no)) if yes and no else 0.0

    @property
    def step(self) -> int:
        """The step of the ramp, 1 to 5."""
        return min(5, 1 + int(5 * self.divisiveness))

    @cached_property
    def dissenters(self) -> dict[str, int | None]:
        """Who dissents, with how many of a hundred yes and no votes stand against them; None where nobody voted yes or no."""
        yes, no = self.topic.yes, self.topic.no
        smaller = {YES} if yes < no else {NO} if no < yes else {YES, NO}
        opposed = {who for who, said in self.topic.decisions.items() if said in smaller}
        return {who: self._against(who) for who in [*self.declared, *sorted(opposed - set(self.declared))]}

    def _against(self, who: str) -> int | None:
        """A dissenter who voted neither yes nor no stands against the topic."""
        yes, no = self.topic.yes, self.topic.no
        if not yes + no:
            return None
        return round(100 * (no if self.topic.decisions.get(who) == YES else yes) / (yes + no))

    @property
    def minority(self) -> str:
        """The smaller side that is there at all, if there are two."""
        yes, no = self.topic.yes, self.topic.no
        return "" if not yes or not no or yes == no else "yes" if yes < no else "no"

    @property
    def order(self) -> tuple[float, int, str]:
        """The most split first, then those with most dissent."""
        return (-self.divisiveness, -len(self.declared), self.topic.name)


@dataclass(frozen=True)
class Disagreements:
    """All splits of a run, and how its people stand to each other."""

    splits: list[Split]
    agreement: Agreement

    @property
    def people(self) -> list[str]:
        """Voters and dissenters, like-minded ones together."""
        return self.agreement.order

    @cached_property
    def total(self) -> int:
        """How many dissents there are."""
        return sum(len(split.dissenters) for split in self.splits)

    @cached_property
    def dissenters(self) -> list[tuple[str, int]]:
        """Who dissents how often, the most frequent first."""
        found = Counter(who for split in self.splits for who in split.dissenters)
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))

    @property
    def sharpest(self) -> Split | None:
        """The most divisive topic."""
        return self.splits[0] if self.splits and self.splits[0].divisiveness else None

    @cached_property
    def widest(self) -> Split | None:
        """The topic on which the largest share of the voters is of one mind."""
        voted = [split for split in self.splits if split.topic.yes or split.topic.no]
        return max(voted, key=lambda split: (max(split.topic.yes, split.topic.no) / split.topic.whole, split.topic.name), default=None)

    def split_on(self, name: str) -> Split | None:
        """The split of one topic."""
        return next((split for split in self.splits if split.topic.name == name), None)


def disagreements_of(run: Run) -> Disagreements:
    """Everything that the disagreements tab shows."""
    declared = _declared(run)
    topics = _topics(run, ballots_of(run), declared)
    people = set(voters_of(topic.ballot for topic in topics)) | {who for reasons in declared.values() for who in reasons}
    splits = sorted((Split(topic, declared.get(topic.name, {})) for topic in topics), key=lambda split: split.order)
    return Disagreements(splits, Agreement([topic.ballot for topic in topics], sorted(people)))


def sides_of(run: Run, name: str, everybody: Iterable[str]) -> tuple[Split, list[Side]] | None:
    """The positions on a topic with their reasons: the smaller of yes and no first, then abstentions, then who did not vote."""
    declared = _declared(run, name)
    topic = next(iter(_topics(run, ballots_of(run, name), declared)), None)
    if topic is None:
        return None
    split = Split(topic, declared.get(name, {}))
    first = [YES, NO] if topic.yes < topic.no else [NO, YES]
    sides = [
        _side(str(position), split, [who for who, said in topic.decisions.items() if said == position]) for position in [*first, ABSTAIN]
    ]
    silent = _side("not cast", split, [who for who in {*everybody, *split.declared} if who not in topic.decisions])
    return split, [side for side in [*sides, silent] if side.people]


def _side(position: str, split: Split, people: list[str]) -> Side:
    given: dict[str, list[str]] = defaultdict(list)
    for who in sorted(people):
        for reason in _reasons(split, who):
            given[reason].append(who)
    reasons = [Reason(text, names) for text, names in sorted(given.items(), key=lambda item: (-len(item[1]), item[0]))]
    return Side(position, sorted(people), reasons, [who for who in sorted(people) if not _reasons(split, who)])


def _reasons(split: Split, who: str) -> list[str]:
    """What somebody gave as a reason, with the vote and with the disagreement; once, if it is the same."""
    cast = split.topic.ballot.votes.get(who)
    given = [cast.reason if cast else "", split.declared.get(who, "")]
    return [reason for reason in dict.fromkeys(given) if reason]


def reasons_of(split: Split) -> dict[str, list[str]]:
    """Everybody's reasons on a topic."""
    return {who: _reasons(split, who) for who in {**split.topic.decisions, **split.declared}}


def _declared(run: Run, topic: str | None = None) -> dict[str, dict[str, str]]:
    """The last word of each dissenter on each topic."""
    rows = run.disagreements.order_by("seq") if topic is None else run.disagreements.filter(topic=topic).order_by("seq")
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name, who, reason in rows.values_list("topic", "dissenter", "reason"):
        found[name][who] = reason.strip()
    return found


def _topics(run: Run, ballots: list[Ballot], declared: Iterable[str]) -> list[Topic]:
    """Every topic with a vote or with dissent."""
    missing = set(declared) - {ballot.topic for ballot in ballots}
    texts = seed_texts(run) if missing else {}
    return judged([*ballots, *(Ballot(name, texts.get(name, ""), None, 0, {}) for name in sorted(missing))])
