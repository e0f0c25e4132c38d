"""The huddle tab: lanes, topics as bars or as a matrix, and the question that re-tallies them."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from runs.engine import ConsensusRule
from runs.pages.dissent import matrix_shown
from runs.pages.door import member_page, number, words
from runs.reading import huddle
from runs.reading import runs as reading
from runs.reading.ballots import everybody
from runs.reading.members import Member
from runs.reading.retally import CHANGES, Flip, Question, UnableToRetally
from runs.reading.runs import Run
from runs.reading.topics import Topic
from runs.reading.words import plural

#: The parts of the address that the tab's links carry on.
KEPT = ("cycle", "suggestor", "view", "from", "topics", "rule", "voters", "flip")


def shown(request: HttpRequest, run: Run) -> dict[str, Any]:
    """What the tab shows; a question that cannot be asked is answered by what is wrong with it."""
    question, problem = asked_of(request)
    found = huddle.huddle_of(run, question, number(words(request, "from")) or 0)
    page = Page(request, found.topics)
    said = {"huddle": found, "question": question, "problem": problem, "rules": list(ConsensusRule), "told": summary(found)}
    view = "matrix" if words(request, "view") == "matrix" else ""
    drawn = matrix_shown(page.topics, found.topics) if view else {}
    return said | drawn | {"page": page, "view": view, "link": Links(request, question)}


class Page:
    """The topics that are shown at once, and where the others are."""

    def __init__(self, request: HttpRequest, topics: list[Topic]) -> None:
        last = max(0, len(topics) - 1) // huddle.TOPICS
        place = min(number(words(request, "topics")) or 0, last)
        self.first, self.whole = place * huddle.TOPICS, len(topics)
        self.topics = topics[self.first : self.first + huddle.TOPICS]
        self.before = place - 1 if place else None
        self.after = place + 1 if place < last else None
        self.last = self.first + len(self.topics)


class Links:
    """Addresses of the tab with something of the question changed."""

    def __init__(self, request: HttpRequest, question: Question) -> None:
        self.question = question
        self._kept = [(name, value) for name in KEPT if name != "flip" for value in request.GET.getlist(name)[:1] if value]
        self.flips = [flip.written for flip in question.flips]

    def without(self, *names: str) -> str:
        """The address without some of its parts."""
        kept = [(name, value) for name, value in self._kept if name not in names]
        flips = [] if "flip" in names else [("flip", flip) for flip in self.flips]
        return "?" + urlencode([("tab", "huddle"), *kept, *flips], safe="/")

    @property
    def back(self) -> str:
        """What was decided."""
        return self.without("rule", "voters", "flip")

    @property
    def without_view(self) -> str:
        """Topics as bars."""
        return self.without("view")

    @property
    def as_matrix(self) -> str:
        """Topics as rows of a matrix."""
        return self.without("view", "topics") + "&view=matrix"

    @property
    def query(self) -> str:
        """The question alone, for what hangs on it."""
        asked = [(name, value) for name, value in self._kept if name in ("rule", "voters")]
        return urlencode([*asked, *(("flip", flip) for flip in self.flips)], safe="/")

    def dropped(self) -> list[tuple[Flip, str]]:
        """Every change, with the address that takes it away."""
        return [(flip, self._with([other for other in self.flips if other != flip.written])) for flip in self.question.flips]

    def flip(self, topic: str, voter: str, held: str, recorded: str) -> tuple[str, str]:
        """The next thing that a voter could have said, and the address where they say it."""
        following = CHANGES[(CHANGES.index(held) + 1) % len(CHANGES)]
        others = [flip.written for flip in self.question.flips if (flip.topic, flip.voter) != (topic, voter)]
        changed = [] if following == recorded else [Flip(topic, voter, following).written]
        return following, self._with([*others, *changed])

    def _with(self, flips: list[str]) -> str:
        kept = [*self._kept, *(("flip", flip) for flip in flips)]
        return "?" + urlencode([("tab", "huddle"), *kept], safe="/")


def summary(found: huddle.Huddle) -> str:
    """What the question changes, in words."""
    changed = found.changed
    decided = sum(topic.ballot.passes is not None for topic in found.topics)
    if not changed:
        return f"None of {plural(decided, 'outcome')} changes."
    passing = sum(topic.passes is True for topic in changed)
    failing = sum(topic.passes is False for topic in changed)
    parts = [f"{passing} would pass"] * bool(passing) + [f"{failing} would fail"] * bool(failing)
    lost = len(changed) - passing - failing
    parts += [f"{lost} could not be decided"] * bool(lost)
    return f"{len(changed)} of {plural(decided, 'outcome')} {'changes' if len(changed) == 1 else 'change'}: {', '.join(parts)}."


def asked_of(request: HttpRequest) -> tuple[Question, UnableToRetally | None]:
    """The question that an address asks, or why it cannot be asked."""
    try:
        return Question.read(words(request, "rule"), words(request, "voters"), request.GET.getlist("flip")), None
    except UnableToRetally as problem:
        return Question(), problem


@member_page
def run_topic(request: HttpRequest, member: Member, uuid: str) -> HttpResponse:
    """Who says what on a topic, each with the change of vote that is next in line."""
    run = reading.run_of(member, uuid)
    question, _ = asked_of(request)
    topic = huddle.topic_of(run, words(request, "topic"), question)
    if topic is None:
        raise Http404
    links, voices = Links(request, question), huddle.voices_of(topic)
    recorded = {voter: cast.decision for voter, cast in topic.ballot.votes.items()}
    said = [(voice, links.flip(topic.name, voice.voter, voice.decision, recorded.get(voice.voter, "none"))) for voice in voices]
    silent = [name for name in everybody(run) if name not in topic.decisions]
    missing = [(name, links.flip(topic.name, name, "none", recorded.get(name, "none"))) for name in silent]
    shown = {"topic": topic, "said": said, "silent": missing, "late": huddle.late_voices(topic.ballot)}
    return render(request, "runs/_voices.html", shown)


@member_page
def run_turn(request: HttpRequest, member: Member, uuid: str) -> HttpResponse:
    """What somebody said in a round, in full."""
    run = reading.run_of(member, uuid)
    turn = huddle.turn_in(run, words(request, "who"), number(words(request, "round")) or 0)
    if turn is None:
        raise Http404
    return render(request, "runs/_turn.html", {"turn": turn, "run": run, "member": member})
