"""The suggestor that lets a language model sum up a round."""

from collections.abc import Generator, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta

from runs.engine import Context, ContextKey, LLMCall, Proposal
from runs.engine.facts import TEXT_FAMILY
from runs.suggestors import plan
from runs.suggestors.conditions import Condition, Conditions, compiled, facts_waited_for, keys_of
from runs.suggestors.forms import Id, NotBlank
from runs.suggestors.huddle.conventions import MOST_ROUNDS, RoundConventions
from runs.suggestors.huddle.synthesizer import RoundSynthesizer, wakes_of
from runs.suggestors.llm.answers import NoAnswer, answered
from runs.suggestors.llm.author import said_by
from runs.suggestors.llm.params import ModelParams
from runs.suggestors.llm.template import Block, Template
from runs.suggestors.llm.wanted import Wanted, item_schema, proposals_of
from runs.suggestors.places import facts_in, keys_in
from runs.suggestors.registry import Keys, Kind, register

PROMPT = "Sum up round {round}: what is agreed, what is open, and who sees it otherwise.\n{notes}"


class LlmSynthesizerParams(ModelParams, frozen=True, kw_only=True):
    """Parameters of `llm-synthesizer`."""

    expected_notes: Annotated[int, Meta(ge=0, description="Fewest notes of a round before it is summed up.")]
    prompt: Annotated[
        NotBlank,
        Meta(description="What it is asked; `{notes}` shows those of the round `{round}`, `{facts:KEY}` and the like show other facts."),
    ] = PROMPT
    produces: Annotated[Literal["text", "plan"], Meta(description="A text, or a plan that skeptics and simulators read.")] = "text"
    rounds: Annotated[
        list[Annotated[int, Meta(ge=0, le=MOST_ROUNDS)]] | None, Meta(description="Only these rounds; null = all of them.")
    ] = None
    excuses: Annotated[
        list[list[Id]], Meta(description="Notes that need not come: for each the ids under Diagnostic, any of which says that it will not.")
    ] = []
    terminal: Annotated[Conditions | None, Meta(description="Nothing is summed up once all of these hold.")] = None
    conventions: Annotated[RoundConventions, Meta(description="Keys and prefixes of the rounds.")] = RoundConventions()

    def __post_init__(self) -> None:
        self.check_prompt(self.prompt, "notes")


class LlmSynthesizer(RoundSynthesizer):
    """Sums up each started round once its notes are there, as `round-synthesizer` does, in the words of a language model.

    An answer that cannot be used twice, or an effect that fails, is a synthesis that failed.
    """

    def __init__(self, params: LlmSynthesizerParams, name: str) -> None:
        terminal = None if params.terminal is None else compiled(params.terminal)
        rounds, excuses, conventions = params.rounds, params.excuses, params.conventions
        super().__init__(params.expected_notes, terminal=terminal, rounds=rounds, excuses=excuses, conventions=conventions, name=name)
        self._params = params
        self._template = Template(params.prompt, params.max_characters, ("notes", "round"))
        family = TEXT_FAMILY if params.produces == "text" else plan.FAMILY
        self._wanted = Wanted(params.conventions.synthesis_key, family=family)
        definitions = self._wanted.definitions()
        self._schema = item_schema(self._wanted.content_schema()) | ({"$defs": definitions} if definitions else {})
        named = [Condition(has_fact=fact) for fact in facts_in(params.prompt)]
        self._facts_are_there, self.waits_for = compiled(named), facts_waited_for(named)
        self.dependencies = tuple(dict.fromkeys((*self.dependencies, *keys_of(named))))

    def accepts(self, context: Context) -> bool:
        """Tell whether a round is ready."""
        return self._facts_are_there(context) and super().accepts(context)

    def is_ready(self, context: Context, number: int) -> bool:
        """Whether the round has its notes, and no synthesis that came, failed or was rejected."""
        rejected = f"hitl-rejected:{self._params.conventions.synthesis_prefix}{number}"
        return context.fact(ContextKey.DIAGNOSTIC, rejected) is None and super().is_ready(context, number)

    def suggest(self, context: Context) -> Generator[LLMCall, Any, Sequence[Proposal]]:
        """The synthesis of the first round that is ready, or the reason why there is none."""
        number, rules = self.ready(context), self._params.conventions
        if number is None:
            return []
        notes = self.notes_of(context, number)
        prompt = self._template.filled(context, {"round": str(number), "notes": Block(rules.note_key, notes)})
        used = tuple(dict.fromkeys((*self.used_for(context, number), *prompt.used)))
        try:
            answer = yield from answered(self._params, prompt.text, self._schema, self._faults)
        except NoAnswer as error:
            return [self.failed(number, str(error), used)]
        payload, by = self._wanted.payload(answer.value["content"]), said_by(self._params, answer)
        return proposals_of(rules.synthesis_key, f"{rules.synthesis_prefix}{number}", payload, answer.value, by, used)

    def _faults(self, value: Any) -> list[str]:
        try:
            self._wanted.payload(value["content"])
        except ValueError as error:
            return [f"content: {error}"]
        return []


def _reads(params: LlmSynthesizerParams) -> Keys:
    return wakes_of(params.conventions, (*keys_of(params.terminal or ()), *keys_in(params.prompt)))


register(
    Kind(
        kind="llm-synthesizer",
        summary="Lets a language model sum up a round once its notes are there.",
        params=LlmSynthesizerParams,
        build=lambda params, name: LlmSynthesizer(params, name),
        reads=_reads,
        writes=lambda params: (params.conventions.synthesis_key, ContextKey.DIAGNOSTIC),
        reaches_out=True,
    )
)
