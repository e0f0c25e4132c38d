"""The suggestor that lets a language model vote."""

from collections.abc import Generator, Iterator, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from runs.engine import Context, ContextKey, Disagreement, Fact, LLMCall, Payload, Proposal, Suggestor, Vote, VoteDecision
from runs.engine.governance import DISAGREEMENT_FAMILY, VOTE_FAMILY
from runs.suggestors.conditions import Condition, Conditions, compiled, facts_named, facts_that_end, facts_waited_for, keys_of
from runs.suggestors.forms import Id, Name, NotBlank
from runs.suggestors.lacking import Lack, failing
from runs.suggestors.llm.answers import NoAnswer, answered, side_by_side
from runs.suggestors.llm.author import ends_of, failure, said_by
from runs.suggestors.llm.params import ModelParams
from runs.suggestors.llm.template import Block, Template
from runs.suggestors.places import FactName, facts_in, keys_in
from runs.suggestors.registry import Keys, Kind, register

VOTE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "decision": {"enum": [decision.value for decision in VoteDecision]},
        "reason": {"type": "string", "pattern": r"\S", "description": "Why, in one or two sentences."},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1, "description": "How sure you are, from 0 to 1."},
    },
    "required": ["decision", "reason"],
    "additionalProperties": False,
}
PROMPT = "How do you vote on this topic: yes, no or abstain?\n{topic}\nWhat was said about it:\n{facts:Hypotheses}\n{facts:Strategies}"


class LlmVoterParams(ModelParams, frozen=True, kw_only=True):
    """Parameters of `llm-voter`."""

    prompt: Annotated[
        NotBlank,
        Meta(description="What it is asked; `{topic}` shows the topic, `{facts:KEY}`, `{fact:KEY/ID}` and `{count:KEY}` show facts."),
    ] = PROMPT
    topics: Annotated[
        Annotated[list[Id], Meta(min_length=1)] | None,
        Meta(description="Ids under `topics_from` that it votes on; null = all."),
    ] = None
    topics_from: Annotated[ContextKey, Meta(description="The key of the topics.")] = ContextKey.SEEDS
    when: Annotated[Conditions, Meta(description="All must hold before it votes; none = at once.")] = []
    voter: Annotated[Name | None, Meta(description="In whose name it votes; null = the seat's. The last vote of a voter counts.")] = None

    def __post_init__(self) -> None:
        self.check_prompt(self.prompt, "topic")


class LlmVoter(Suggestor):
    """Votes once on each topic, with a reason; a no is a disagreement as well.

    The vote is `vote:<topic>:<seat>` under Votes, the disagreement `disagreement:<topic>:<seat>`. An answer that cannot be
    used twice, or an effect that fails, leaves the Diagnostic `llm-error:vote:<topic>:<seat>`.
    """

    def __init__(self, params: LlmVoterParams, name: str) -> None:
        self.name = name
        self._params = params
        self._template = Template(params.prompt, params.max_characters, ("topic",))
        self._when = conditions_of(params)
        self._holds = compiled(self._when)
        self.dependencies = wakes_of(params)
        self.waits_for, self.done_when = facts_waited_for(self._when), facts_that_end(params.when)

    def accepts(self, context: Context) -> bool:
        """Tell whether it is time to vote, and there is a topic to vote on."""
        return self._holds(context) and next(self._open(context), None) is not None

    def lacks(self, context: Context) -> Iterator[Lack]:
        """The conditions that do not hold."""
        return failing(self._when, context)

    def _open(self, context: Context) -> Iterator[Fact]:
        """The topics without its vote."""
        for fact in context.get(self._params.topics_from):
            wanted = self._params.topics is None or fact.id in self._params.topics
            if wanted and not any(context.fact(*end) for end in ends_of(ContextKey.VOTES, self._id(fact.id))):
                yield fact

    def _id(self, topic: str) -> str:
        return f"vote:{topic}:{self.name}"

    def suggest(self, context: Context) -> Generator[list[LLMCall], Any, Sequence[Proposal]]:
        """Ask about all topics at once, and put the votes forward."""
        votes = yield from side_by_side([self._voted(topic, context) for topic in self._open(context)])
        return [proposal for each in votes for proposal in each]

    def _voted(self, topic: Fact, context: Context) -> Generator[LLMCall, Any, list[Proposal]]:
        prompt = self._template.filled(context, {"topic": Block(topic.key, [topic])})
        used = tuple(dict.fromkeys(((topic.key, topic.id), *facts_named(self._params.when, context), *prompt.used)))
        try:
            answer = yield from answered(self._params, prompt.text, VOTE_SCHEMA, lambda _: [])
        except NoAnswer as error:
            return [failure(self.name, self._id(topic.id), error, used)]
        return list(self._proposals(topic.id, answer.value, said_by(self._params, answer), used))

    def _proposals(self, topic: str, said: dict[str, Any], by: str, used: tuple[FactName, ...]) -> Iterator[Proposal]:
        voter, confidence = self._params.voter or self.name, float(said.get("confidence", 1.0))
        vote = Vote(topic, voter, VoteDecision(said["decision"]), said["reason"])
        yield Proposal(ContextKey.VOTES, self._id(topic), _payload(VOTE_FAMILY, vote), by, confidence, used=used)
        if vote.decision is VoteDecision.NO:
            dissent = _payload(DISAGREEMENT_FAMILY, Disagreement(topic, voter, said["reason"]))
            yield Proposal(ContextKey.DISAGREEMENTS, f"disagreement:{topic}:{self.name}", dissent, by, confidence, used=used)


def _payload(family: str, content: Vote | Disagreement) -> Payload:
    return Payload.of(family, msgspec.to_builtins(content))


def conditions_of(params: LlmVoterParams) -> list[Condition]:
    """What must hold before it votes: `when`, and that the facts are there that the prompt names."""
    return [*params.when, *(Condition(has_fact=fact) for fact in facts_in(params.prompt))]


def wakes_of(params: LlmVoterParams) -> Keys:
    """The keys that wake it: those of the topics and of its conditions."""
    return tuple(dict.fromkeys((params.topics_from, *keys_of(conditions_of(params)))))


register(
    Kind(
        kind="llm-voter",
        summary="Lets a language model vote on topics, once on each, with its reasons.",
        params=LlmVoterParams,
        build=lambda params, name: LlmVoter(params, name),
        reads=lambda params: tuple(dict.fromkeys((*wakes_of(params), *keys_in(params.prompt)))),
        writes=lambda _: (ContextKey.VOTES, ContextKey.DISAGREEMENTS, ContextKey.DIAGNOSTIC),
        reaches_out=True,
    )
)
