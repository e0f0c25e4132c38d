"""The suggestor that is a person: asked for a note or a vote, and answering in the inbox of gates."""

from collections.abc import Generator, Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from runs.engine import Context, ContextKey, EffectFailed, InterruptRaise, Payload, Proposal, Suggestor, Vote, VoteDecision
from runs.engine.governance import VOTE_FAMILY
from runs.suggestors.conditions import Condition, Conditions, facts_named
from runs.suggestors.forms import Id, NotBlank, Positive
from runs.suggestors.huddle.conventions import MOST_ROUNDS, RoundConventions
from runs.suggestors.huddle.when import await_conditions, keys_with
from runs.suggestors.registry import Keys, Kind, register

Wants = Literal["note", "vote"]
_HUDDLE = RoundConventions()
NOTE_SCHEMA = {"type": "string", "title": "Your note", "pattern": r"\S"}
VOTE_SCHEMA = {
    "type": "object",
    "properties": {
        "decision": {"title": "Your vote", "enum": [decision.value for decision in VoteDecision]},
        "reason": {"title": "Reason", "type": "string"},
    },
    "required": ["decision"],
    "additionalProperties": False,
}


class HumanParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `human`."""

    ask: Annotated[NotBlank, Meta(description="Whom to ask: a member's address, or a role.", max_length=200)]
    wants: Annotated[Wants, Meta(description="A note (text), or a vote (yes, no or abstain, with a reason).")]
    topic: Annotated[Id, Meta(description="What it is about; the id of a seed shows that seed's text.")]
    question: Annotated[str, Meta(description="The question in words; without it, one is made of the topic.", max_length=10_000)] = ""
    when: Annotated[Conditions, Meta(description="All must hold before the person is asked; none = at once.")] = []
    round: Annotated[
        Annotated[int, Meta(ge=1, le=MOST_ROUNDS)] | None,
        Meta(description="A note for this round of the huddle, asked for once it starts."),
    ] = None
    timeout_seconds: Annotated[Positive | None, Meta(description="How long they have; null = as long as the formation's gates.")] = None


class Human(Suggestor):
    """Asks one person once; their answer is a note under Hypotheses or a vote under Votes, with provenance `human:<who>`.

    Whoever refuses or lets the time pass leaves a Diagnostic `unanswered:<seat>` and is not asked again.
    """

    def __init__(self, params: HumanParams, name: str) -> None:
        self.name = name
        self._asked = params
        self._when = conditions_of(params)
        self._key = key_of(params)
        self._id = f"vote:{params.topic}:{name}" if params.wants == "vote" else f"note:{name}:{params.round or params.topic}"
        self._unanswered = f"unanswered:{name}"
        self._holds = await_conditions(self, ContextKey.SEEDS, self._when)
        if not self._when:
            self.dependencies = ()
        ends = ((self._key, self._id), (ContextKey.DIAGNOSTIC, self._unanswered), (ContextKey.DIAGNOSTIC, f"hitl-rejected:{self._id}"))
        self.done_when = (*self.done_when, *ends)

    def accepts(self, context: Context) -> bool:
        """Tell whether it is time to ask, and nobody was asked yet."""
        return self._holds(context) and not any(context.fact(*fact) for fact in self.done_when)

    def suggest(self, context: Context) -> Generator[InterruptRaise, Any, Sequence[Proposal]]:
        """Ask, and put the answer forward."""
        used = tuple(dict.fromkeys((*self._topic_seed(context), *facts_named(self._when, context))))
        try:
            said = yield InterruptRaise(self._question(context))
        except EffectFailed as error:
            told = Payload.diagnostic_of(self.name, str(error))
            return [Proposal(ContextKey.DIAGNOSTIC, self._unanswered, told, self.name, used=used)]
        return [Proposal(self._key, self._id, self._payload(said["answer"]), f"human:{said['by']}", used=used)]

    def _question(self, context: Context) -> dict[str, Any]:
        params = self._asked
        asked: dict[str, Any] = {"question": params.question or self._words(context), "ask": params.ask, "topic": params.topic}
        asked["schema"] = VOTE_SCHEMA if params.wants == "vote" else NOTE_SCHEMA
        if params.timeout_seconds is not None:
            asked["timeout_seconds"] = params.timeout_seconds
        return asked

    def _words(self, context: Context) -> str:
        seed = context.fact(ContextKey.SEEDS, self._asked.topic)
        about = self._asked.topic if seed is None else seed.text or self._asked.topic
        return f"How do you vote? {about}" if self._asked.wants == "vote" else f"What do you say to this? {about}"

    def _topic_seed(self, context: Context) -> tuple[tuple[ContextKey, str], ...]:
        name = (ContextKey.SEEDS, self._asked.topic)
        return (name,) if context.fact(*name) else ()

    def _payload(self, answer: Any) -> Payload:
        if self._asked.wants == "note":
            return Payload.text_of(answer)
        vote = Vote(self._asked.topic, self.name, VoteDecision(answer["decision"]), answer.get("reason") or None)
        return Payload.of(VOTE_FAMILY, msgspec.to_builtins(vote))


def conditions_of(params: HumanParams) -> list[Condition]:
    """What must hold before the person is asked: `when`, and that the round has started."""
    if params.round is None:
        return list(params.when)
    started = (_HUDDLE.round_signal_key, f"{_HUDDLE.round_signal_prefix}{params.round}")
    return [Condition(has_fact=started), *params.when]


def key_of(params: HumanParams) -> ContextKey:
    """Where the answer stands."""
    return ContextKey.VOTES if params.wants == "vote" else _HUDDLE.note_key


def _reads(params: HumanParams) -> Keys:
    return keys_with(ContextKey.SEEDS, conditions_of(params))


register(
    Kind(
        kind="human",
        summary="Asks a member, or whoever has a role, for a note or a vote.",
        params=HumanParams,
        build=lambda params, name: Human(params, name),
        reads=_reads,
        writes=lambda params: (key_of(params), ContextKey.DIAGNOSTIC),
        reaches_out=True,
    )
)
