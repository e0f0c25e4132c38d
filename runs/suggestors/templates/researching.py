"""Templates that find something out: research in one round, and the huddle in several."""

from typing import Annotated

import msgspec
from msgspec import Meta

from runs.engine import ConsensusRule
from runs.suggestors.charters import Topology
from runs.suggestors.forms import Id, Name, NotBlank
from runs.suggestors.templates.people import Deliberation, People
from runs.suggestors.templates.pieces import Json, Parameters, document, rule, text


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is known."""

    id: Annotated[Id, Meta(description="A short name.")]
    text: Annotated[NotBlank, Meta(description="What it says, and where it comes from.")]


class ResearchParams(Parameters, frozen=True, kw_only=True):
    """Parameters of research."""

    question: Annotated[NotBlank, Meta(description="What is to be found out.")]
    people: People
    sources: Annotated[list[Source], Meta(description="What is known already.")] = []
    summary: Annotated[Name | None, Meta(description="Provider of the model that sums up rounds; none = the notes are joined.")] = None


def research(params: ResearchParams) -> Json:
    """One moderated round over the sources, summed up; a silent discussion is noticed."""
    talk = Deliberation(params.people, topology="discussion_group", rounds=1, summary=params.summary)
    silence = {"kind": "role-stall", "with": {"watched_key": "Strategies", "role": "synthesis", "min_progress": 12}}
    conclusion = text("Proposals", "findings", f"{params.question} The findings stand in the synthesis of round 1.", "research")
    team: list[Json] = [
        *talk.team(),
        rule("reporter", [("Strategies", "synthesis:1")], conclusion),
        silence,
    ]
    return document(params, params.question, team, _seeds(params), charter=talk.charter())


class HuddleParams(ResearchParams, frozen=True, kw_only=True):
    """Parameters of a huddle."""

    motions: Annotated[list[Source], Meta(min_length=1, description="What is voted on in the end.")]
    rounds: Annotated[int, Meta(ge=1, le=10, description="How many rounds.")] = 2
    rule: Annotated[ConsensusRule, Meta(description="When a motion passes.")] = ConsensusRule.MAJORITY
    topology: Annotated[Topology, Meta(description="How they deliberate.")] = "huddle"


def huddle(params: HuddleParams) -> Json:
    """Rounds of notes, each summed up; a straw poll after the first, the vote after the last."""
    topics = [motion.id for motion in params.motions]
    talk = Deliberation(
        params.people, topology=params.topology, topics=topics, rounds=params.rounds, rule=params.rule, summary=params.summary
    )
    seeds = [*_seeds(params), *(text("Seeds", motion.id, motion.text, "author") for motion in params.motions)]
    return document(params, params.question, talk.team(), seeds, charter=talk.charter())


def _seeds(params: ResearchParams) -> list[Json]:
    known = [text("Signals", source.id, source.text, "source") for source in params.sources]
    return [text("Seeds", "question", params.question, "author"), *known]
