"""The suggestor that asks a language model for proposals."""

from collections.abc import Generator, Iterator, Sequence
from typing import Annotated, Any

from msgspec import Meta

from runs.engine import Context, ContextKey, LLMCall, Payload, Proposal, Suggestor
from runs.suggestors.conditions import Condition, Conditions, compiled, facts_named, facts_that_end, facts_waited_for, keys_of
from runs.suggestors.expansion import is_constant, keys_counted
from runs.suggestors.forms import NotBlank
from runs.suggestors.huddle.conventions import RoundConventions, round_number
from runs.suggestors.lacking import Lack, failing
from runs.suggestors.llm.answers import Answer, NoAnswer, answered
from runs.suggestors.llm.params import ModelParams
from runs.suggestors.llm.template import Template
from runs.suggestors.llm.wanted import Wanted, answer_schema, proposals_of
from runs.suggestors.places import FactName, facts_in, id_of, keys_in
from runs.suggestors.registry import Keys, Kind, register

ERROR = "llm-error:"
Occasion = tuple[str, int]


class LlmParams(ModelParams, frozen=True, kw_only=True):
    """Parameters of `llm`."""

    prompt: Annotated[
        NotBlank,
        Meta(description="What it is asked; `{facts:KEY}`, `{fact:KEY/ID}`, `{count:KEY}`, `{name}` and `{round}` are replaced."),
    ]
    proposes: Annotated[Wanted, Meta(description="What it is to propose.")]
    dependencies: Annotated[
        list[ContextKey] | None, Meta(description="Keys whose change wakes it; null = those that prompt and conditions name.")
    ] = None
    accepts: Annotated[Conditions, Meta(description="All must hold before it is asked; none = it is asked at once.")] = []
    each_round: Annotated[bool, Meta(description="Whether it speaks once in every round of the huddle that has started.")] = False
    conventions: Annotated[RoundConventions, Meta(description="Keys and prefixes of the rounds.")] = RoundConventions()

    def __post_init__(self) -> None:
        self.check_prompt(self.prompt)
        if self.each_round and not self.proposes.id_template(each_round=True).endswith(":{round}"):
            raise ValueError("the id must end with :{round} when it speaks in each round")


class Llm(Suggestor):
    """Asks a model once for each id that it may write: what is there already, failed or was rejected is not asked for again.

    With `each_round` that is one in every started round, one round a cycle. A fact that the prompt names by its id is
    waited for. What it proposes rests on the facts that the prompt shows and that its conditions name. An answer that
    cannot be used twice, or an effect that fails, leaves the Diagnostic `llm-error:<id>`.
    """

    def __init__(self, params: LlmParams, name: str) -> None:
        self.name = name
        self._params, self._rules = params, params.conventions
        self._template = Template(params.prompt, params.max_characters, ("name", "round"))
        self._id = params.proposes.id_template(each_round=params.each_round)
        self._when = conditions_of(params)
        self._holds = compiled(self._when)
        self._schema = answer_schema(params.proposes)
        self.dependencies = wakes_of(params)
        self.waits_for = facts_waited_for(self._when)
        self.done_when = tuple(facts_that_end(params.accepts))
        if not params.each_round and is_constant(self._id):
            self.done_when += self._ends(id_of(self._id, Context(), self._words(0, 1)))

    def _words(self, round: int, n: int) -> dict[str, str]:
        return {"name": self.name, "round": str(round), "n": str(n)}

    def _ends(self, id: str) -> tuple[FactName, ...]:
        return ends_of(self._params.proposes.key, id)

    def accepts(self, context: Context) -> bool:
        """Tell whether there is something to ask for."""
        return self._holds(context) and self._occasion(context) is not None

    def lacks(self, context: Context) -> Iterator[Lack]:
        """The conditions that do not hold."""
        return failing(self._when, context)

    def _occasion(self, context: Context) -> Occasion | None:
        """The first id that it would write and that is open, and its round."""
        for number in self._rounds(context):
            id = id_of(self._id, context, self._words(number, 1))
            if not any(context.fact(*end) for end in self._ends(id)):
                return id, number
        return None

    def _rounds(self, context: Context) -> Sequence[int]:
        if not self._params.each_round:
            return (0,)
        prefix = self._rules.round_signal_prefix
        ids = (fact.id for fact in context.get(self._rules.round_signal_key))
        numbers = (round_number(id.removeprefix(prefix)) for id in ids if id.startswith(prefix))
        return [number for number in numbers if number is not None]

    def suggest(self, context: Context) -> Generator[LLMCall, Any, Sequence[Proposal]]:
        """Ask, and put the answer forward."""
        occasion = self._occasion(context)
        if occasion is None:
            return []
        id, number = occasion
        prompt = self._template.filled(context, self._words(number, 1))
        used = tuple(dict.fromkeys((*self._signal(number), *facts_named(self._params.accepts, context), *prompt.used)))
        try:
            answer = yield from answered(self._params, prompt.text, self._schema, self._faults)
        except NoAnswer as error:
            return [failure(self.name, id, error, used)]
        return self._proposals(answer, context, number, used)

    def _signal(self, number: int) -> tuple[FactName, ...]:
        return ((self._rules.round_signal_key, f"{self._rules.round_signal_prefix}{number}"),) if number else ()

    def _faults(self, value: Any) -> list[str]:
        faults = []
        for place, item in enumerate(value["proposals"]):
            try:
                self._params.proposes.payload(item["content"])
            except ValueError as error:
                faults.append(f"proposals/{place}/content: {error}")
        return faults

    def _proposals(self, answer: Answer, context: Context, number: int, used: tuple[FactName, ...]) -> list[Proposal]:
        wanted, proposals = self._params.proposes, list[Proposal]()
        by = said_by(self._params, answer)
        for n, item in enumerate(answer.value["proposals"], 1):
            id = id_of(self._id, context, self._words(number, n))
            proposals += proposals_of(wanted.key, id, wanted.payload(item["content"]), item, by, used)
        return proposals


def ends_of(key: ContextKey, id: str) -> tuple[FactName, ...]:
    """The facts after which nobody is asked for this one: itself, a failure, a rejection."""
    return (key, id), (ContextKey.DIAGNOSTIC, f"{ERROR}{id}"), (ContextKey.DIAGNOSTIC, f"hitl-rejected:{id}")


def failure(name: str, id: str, error: NoAnswer, used: tuple[FactName, ...]) -> Proposal:
    """The Diagnostic of an answer that did not come."""
    return Proposal(ContextKey.DIAGNOSTIC, f"{ERROR}{id}", Payload.diagnostic_of(name, str(error)), name, used=used)


def said_by(params: ModelParams, answer: Answer) -> str:
    """The provenance of what a model said: `llm:` and the model, or its provider."""
    return f"llm:{answer.model or params.model or params.provider}"


def conditions_of(params: LlmParams) -> list[Condition]:
    """What must hold before it is asked: `accepts`, and that the facts are there that the prompt names."""
    return [*params.accepts, *(Condition(has_fact=fact) for fact in facts_in(params.prompt))]


def wakes_of(params: LlmParams) -> Keys:
    """The keys that wake it."""
    started = [params.conventions.round_signal_key] if params.each_round else []
    wakes = params.dependencies
    return tuple(dict.fromkeys([*started, *([*keys_in(params.prompt), *keys_of(params.accepts)] if wakes is None else wakes)]))


def _reads(params: LlmParams) -> Keys:
    counted = keys_counted(params.proposes.id_template(each_round=params.each_round))
    return tuple(dict.fromkeys([*wakes_of(params), *keys_in(params.prompt), *keys_of(params.accepts), *counted]))


register(
    Kind(
        kind="llm",
        summary="Asks a language model for proposals of a declared form, once or in every round.",
        params=LlmParams,
        build=lambda params, name: Llm(params, name),
        reads=_reads,
        writes=lambda params: tuple(dict.fromkeys((params.proposes.key, ContextKey.DIAGNOSTIC))),
        reaches_out=True,
    )
)
