"""Who dissents where, and why."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from runs.models import Run
from runs.reading.context import seed_texts
from runs.reading.topics import Topic, topics_of


@dataclass(frozen=True)
class Reason:
    """A reason, and everybody who gave it."""

    text: str
    dissenters: list[str]


@dataclass(frozen=True)
class Dissent:
    """A topic that somebody dissents on; equal reasons are said once."""

    topic: str
    text: str
    reasons: list[Reason]
    count: int
    tally: Topic | None


@dataclass(frozen=True)
class Disagreements:
    """All dissent of a run: by topic, the most contested first, and by person."""

    topics: list[Dissent]
    people: list[tuple[str, int]]

    @property
    def topic_count(self) -> int:
        """How many topics somebody dissents on."""
        return len(self.topics)

    @property
    def total(self) -> int:
        """How many dissents there are."""
        return sum(topic.count for topic in self.topics)


def disagreements_of(run: Run) -> Disagreements:
    """The last word of each dissenter on each topic, gathered."""
    last = {(row.topic, row.dissenter): row.reason for row in run.disagreements.order_by("seq")}
    by_topic: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for (topic, dissenter), reason in last.items():
        by_topic[topic][reason.strip()].append(dissenter)
    tallies = {topic.name: topic for topic in topics_of(run)}
    texts = seed_texts(run)
    topics = [_dissent(name, texts.get(name, ""), reasons, tallies.get(name)) for name, reasons in by_topic.items()]
    people = Counter(dissenter for _, dissenter in last)
    return Disagreements(
        sorted(topics, key=lambda dissent: (-dissent.count, dissent.topic)),
        sorted(people.items(), key=lambda item: (-item[1], item[0])),
    )


def _dissent(name: str, text: str, reasons: dict[str, list[str]], tally: Topic | None) -> Dissent:
    gathered = [Reason(text, sorted(names)) for text, names in reasons.items()]
    ordered = sorted(gathered, key=lambda reason: (-len(reason.dissenters), reason.text))
    count = sum(len(reason.dissenters) for reason in ordered)
    return Dissent(name, text, ordered, count, tally)
