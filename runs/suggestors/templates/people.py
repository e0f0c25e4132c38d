"""People around a table: what they say in rounds, how they vote, and what a formation of them looks like."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from runs.engine import ConsensusRule, VoteDecision
from runs.suggestors.charters import RIGHTS, Role, Topology
from runs.suggestors.forms import Id, Name, NotBlank
from runs.suggestors.templates.pieces import FactName, Json, rule, text, vote

NOTE = "What do you say to this, in a few sentences?\n{facts:Seeds}\nWhat is known:\n{facts:Signals}\nWhat was said:\n{facts:Hypotheses}"


class Ballot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vote that was given already."""

    decision: Annotated[VoteDecision, Meta(description="yes, no or abstain.")]
    reason: Annotated[str, Meta(description="Why; a no with a reason is told as a disagreement.")] = ""


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody at the table. What they have said already is taken as it is; for the rest they are asked, if `ask` says where.

    A language model sits there like a person: `provider` says which, and `brief` who it is to be.
    """

    name: Annotated[Name, Meta(description="Their name.")]
    role: Annotated[Role, Meta(description="What they are at the table.")]
    notes: Annotated[list[NotBlank], Meta(description="What they say, one note a round; a moderator's open the rounds.")] = []
    votes: Annotated[dict[Id, Ballot], Meta(description="How they vote, by topic.")] = {}
    first_votes: Annotated[dict[Id, Ballot], Meta(description="How they voted after the first round, where that changed.")] = {}
    ask: Annotated[Name | None, Meta(description="Address or role that is asked for notes and votes in the inbox.")] = None
    provider: Annotated[Name | None, Meta(description="Provider of the model that speaks and votes for them.")] = None
    brief: Annotated[str, Meta(description="Who the model is to be.")] = ""

    def asks_a_model(self) -> bool:
        """Whether what they have not said is asked of a model."""
        return self.provider is not None and self.ask is None


People = Annotated[list[Person], Meta(min_length=1, description="Who sits at the table, in order of speaking.")]


class Deliberation:
    """The seats of people who talk in rounds and vote on topics, with their charter. Votes are cast after `review`."""

    def __init__(
        self,
        people: Sequence[Person],
        *,
        topology: Topology,
        topics: Sequence[str] = (),
        rounds: int = 0,
        rule: ConsensusRule | None = None,
        review: Sequence[FactName] = (),
        summary: str | None = None,
    ) -> None:
        self.people, self.topology, self.topics, self.rounds, self.rule = people, topology, topics, rounds, rule
        self.summary = summary
        self.review = list(review) + ([("Strategies", f"synthesis:{rounds}")] if rounds else [])
        self._own: dict[str, list[str]] = {person.name: [] for person in people}

    def team(self) -> list[Json]:
        """The seats, in order."""
        seats = [{"kind": "round-starter", "with": {"max_rounds": self.rounds}}] if self.rounds else []
        for number in range(1, self.rounds + 1):
            seats += self._round(number)
        for person in self.people if self.topics else ():
            seats += self._ballots(person)
        return seats + (self._counting() if self.topics else [])

    def charter(self) -> Json:
        """Who sits there; made of the seats, so ask for the team first."""
        members = {person.name: {"role": str(person.role), "seats": self._own[person.name]} for person in self.people}
        told: Json = {"topology": self.topology, "members": {name: one for name, one in members.items() if one["seats"]}}
        told |= {"consensus_rule": str(self.rule)} if self.rule else {"require_done_gate": False}
        return told if self.rounds else told | {"require_round_synthesis": False}

    def _sits(self, person: Person, seat: Json) -> Json:
        self._own[person.name].append(seat["name"])
        return seat

    def _round(self, number: int) -> Iterator[Json]:
        for person in self.people:
            yield from self._opening(person, number) if person.role is Role.MODERATOR else self._note(person, number)
        yield self._summed(number)
        if number < self.rounds:
            further = text("Constraints", f"round:continue:{number}", f"Heard. On to round {number + 1}.", "chair")
            yield rule(f"chair after round {number}", [("Strategies", f"synthesis:{number}")], further)

    def _summed(self, number: int) -> Json:
        """What sums up a round: the notes joined, or a model."""
        notes: Json = {"expected_notes": sum(self._speaks(person, number) for person in self.people), "rounds": [number]}
        absent = [_silent(person, number) for person in self.people if self._speaks(person, number) and len(person.notes) < number]
        notes |= {"excuses": absent} if absent else {}
        if self.summary is None:
            return {"kind": "round-synthesizer", "name": f"synthesis {number}", "with": notes | {"producer": "join"}}
        return {"kind": "llm-synthesizer", "name": f"synthesis {number}", "with": notes | {"provider": self.summary}}

    def _speaks(self, person: Person, number: int) -> bool:
        asked = person.ask is not None or person.provider is not None
        return RIGHTS[person.role].contributes and (len(person.notes) >= number or asked)

    def _opening(self, person: Person, number: int) -> Iterator[Json]:
        begun = [("Signals", f"round:start:{number}")]
        words = person.notes[number - 1] if len(person.notes) >= number else f"Round {number} is open."
        yield self._sits(person, rule(f"{person.name} {number} opens", begun, text("Signals", f"agenda:{number}", words, person.name)))

    def _note(self, person: Person, number: int) -> Iterator[Json]:
        if not self._speaks(person, number):
            return
        if len(person.notes) >= number:
            said = text("Hypotheses", f"note:{person.name}:{number}", person.notes[number - 1], person.name)
            yield self._sits(person, rule(f"{person.name} {number}", [("Signals", f"round:start:{number}")], said))
        elif person.ask:
            asked = {"ask": person.ask, "wants": "note", "topic": self.topics[0] if self.topics else "question", "round": number}
            yield self._sits(person, {"kind": "human", "name": f"{person.name} {number}", "with": asked})
        else:
            begun = [{"has_fact": ["Signals", f"round:start:{number}"]}]
            asked = {"provider": person.provider, "system": person.brief, "prompt": NOTE, "accepts": begun}
            asked["proposes"] = {"key": "Hypotheses", "id": f"note:{person.name}:{number}"}
            yield self._sits(person, {"kind": "llm", "name": f"{person.name} {number}", "with": asked})

    def _ballots(self, person: Person) -> Iterator[Json]:
        if not RIGHTS[person.role].votes:
            return
        given = {topic: person.votes[topic] for topic in self.topics if topic in person.votes}
        first = {topic: person.first_votes[topic] for topic in self.topics if topic in person.first_votes}
        if first and self.rounds:
            says = [one for topic, said in first.items() for one in vote(topic, person.name, said.decision, said.reason, number=1)]
            yield self._sits(person, rule(f"{person.name} votes first", [("Strategies", "synthesis:1")], *says))
        if given:
            says = [one for topic, said in given.items() for one in vote(topic, person.name, said.decision, said.reason)]
            yield self._sits(person, rule(f"{person.name} votes", self.review, *says))
        left = [topic for topic in self.topics if topic not in given]
        when = [{"has_fact": list(fact)} for fact in self.review]
        if left and person.asks_a_model():
            asked = {"provider": person.provider, "system": person.brief, "topics": left, "when": when, "voter": person.name}
            yield self._sits(person, {"kind": "llm-voter", "name": _model_of(person), "with": asked})
        for topic in left if person.ask else ():
            asked = {"ask": person.ask, "wants": "vote", "topic": topic, "when": when}
            yield self._sits(person, {"kind": "human", "name": self._voter(person, topic), "with": asked})

    def _voter(self, person: Person, topic: str) -> str:
        return person.name if len(self.topics) == 1 else f"{person.name} on {topic}"

    def _counting(self) -> list[Json]:
        """Votes are counted when the result is certain, or all are there where some changed; then dissent is gathered."""
        voters = [each for each in self.people if RIGHTS[each.role].votes and (each.ask or each.provider or each.votes)]
        counted: Json = {"rule": str(self.rule), "total_voters": max(len(voters), 1)}
        if any(person.first_votes for person in self.people):
            cast = [["Votes", self._vote_id(person, topic)] for person in voters for topic in self.topics if self._has_vote(person, topic)]
            counted["decide"] = {"when": [{"has_fact": fact} for fact in cast]}
        decided = [{"has_fact": ["ConsensusOutcomes", f"outcome:{topic}"]} for topic in self.topics]
        mapped = {"kind": "disagreement-mapper", "with": {"when": decided}}
        return [{"kind": "consensus-evaluator", "with": counted}, mapped]

    def _has_vote(self, person: Person, topic: str) -> bool:
        return topic in person.votes or person.ask is not None or person.provider is not None

    def _vote_id(self, person: Person, topic: str) -> str:
        if topic in person.votes:
            return f"vote:{topic}:{person.name}"
        return f"vote:{topic}:{_model_of(person) if person.asks_a_model() else self._voter(person, topic)}"


def _silent(person: Person, number: int) -> list[str]:
    """What tells that somebody who was asked for a note will not give one: the round goes on without them."""
    seat = f"{person.name} {number}"
    said = [f"{why}:note:{name}:{number}" for name in (person.name, seat) for why in ("hitl-rejected", "llm-error")]
    return [f"unanswered:{seat}", f"suggestor-error:{seat}:3", *said]


def _model_of(person: Person) -> str:
    """The seat from which a model votes for somebody."""
    return f"{person.name} votes on the rest" if person.votes else f"{person.name} votes"
