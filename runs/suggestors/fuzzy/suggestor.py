"""The suggestor that infers with fuzzy rules from numbers in the context."""

from collections.abc import Callable, Sequence
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from runs.engine import Context, ContextKey, Payload, Proposal, Suggestor
from runs.suggestors.forms import Id, NotBlank
from runs.suggestors.fuzzy.inference import FuzzyRule, Trace, Variable, check, infer
from runs.suggestors.plan_reading import number_in
from runs.suggestors.registry import Kind, register
from runs.suggestors.summing import content_of

NAME = "fuzzy-inference"
FAMILY = "organism.fuzzy.inference"
PROVENANCE = "organism-planning"
Extract = Callable[[Context], dict[str, float]]
Project = Callable[[Trace], Payload]


def payload_of_trace(trace: Trace) -> Payload:
    """The whole trace."""
    return Payload.of(FAMILY, msgspec.to_builtins(trace))


class FuzzyInference(Suggestor):
    """Infers once, when every dependency holds facts, and says the trace under `output_key`, with an id that begins with
    `organism.fuzzy.{name}`. What goes wrong is one Diagnostic.
    """

    def __init__(
        self,
        variables: Sequence[Variable],
        rules: Sequence[FuzzyRule],
        extract: Extract,
        *,
        project: Project = payload_of_trace,
        dependencies: Sequence[ContextKey] = (ContextKey.SIGNALS,),
        output_key: ContextKey = ContextKey.EVALUATIONS,
        name: str = NAME,
    ) -> None:
        self.name = name
        self.dependencies = tuple(dict.fromkeys(dependencies))
        self._variables, self._rules, self._extract, self._project = variables, rules, extract, project
        self._output, self._prefix = output_key, f"organism.fuzzy.{name}"
        self._diagnostic = f"{self._prefix}.diagnostic"
        self.done_when = ((ContextKey.DIAGNOSTIC, self._diagnostic),)

    def accepts(self, context: Context) -> bool:
        """Tell whether everything is there and nothing is said."""
        if context.fact(ContextKey.DIAGNOSTIC, self._diagnostic) or not all(map(context.has, self.dependencies)):
            return False
        return not any(fact.id.startswith(self._prefix) for fact in context.get(self._output))

    def suggest(self, context: Context) -> list[Proposal]:
        """The trace, or what went wrong: extracting the inputs, inferring, or building the payload."""
        doing = "input extraction"
        try:
            inputs = self._extract(context)
            doing = "inference"
            trace = infer(self._variables, self._rules, inputs)
            doing = "payload projection"
            return [Proposal(self._output, f"{self._prefix}.inference", self._project(trace), PROVENANCE)]
        except ValueError as error:
            text = f"{doing} failed: {error}"
            return [Proposal.text_of(ContextKey.DIAGNOSTIC, self._diagnostic, text, PROVENANCE)]


class InputForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a number stands."""

    variable: Annotated[NotBlank, Meta(description="The variable that it is for.")]
    key: Annotated[ContextKey, Meta(description="Key of the fact.")]
    id: Annotated[Id, Meta(description="Id of the fact.")]
    field: Annotated[NotBlank | UnsetType, Meta(description="Field of its JSON; without one, its whole text is the number.")] = UNSET

    def read(self, context: Context) -> float:
        """The number; raises ValueError."""
        fact = context.fact(self.key, self.id)
        if fact is None:
            raise ValueError(f"there is no fact {self.key}/{self.id} for '{self.variable}'")
        if not isinstance(self.field, str):
            return float(fact.text or "")
        number = number_in((content_of(fact) or _typed(fact.payload)).get(self.field))
        if number is None:
            raise ValueError(f"{self.key}/{self.id} has no number '{self.field}' for '{self.variable}'")
        return number


def _typed(payload: Payload) -> dict[str, object]:
    content = payload.value
    return content if isinstance(content, dict) else {}


class FuzzyInferenceParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `fuzzy-inference`."""

    inputs: Annotated[list[InputForm], Meta(min_length=1, description="Where the numbers stand.")]
    variables: Annotated[list[Variable], Meta(min_length=1, description="What is measured, and the words for it.")]
    rules: Annotated[list[FuzzyRule], Meta(description="The rules; none = only the memberships of the inputs.")] = []
    output_key: Annotated[ContextKey, Meta(description="Where the result goes.")] = ContextKey.EVALUATIONS

    def __post_init__(self) -> None:
        check(self.variables, self.rules)


def _build(params: FuzzyInferenceParams, name: str) -> FuzzyInference:
    def extract(context: Context) -> dict[str, float]:
        return {one.variable: one.read(context) for one in params.inputs}

    keys = [one.key for one in params.inputs]
    return FuzzyInference(params.variables, params.rules, extract, dependencies=keys, output_key=params.output_key, name=name)


register(
    Kind(
        kind=NAME,
        summary="Infers with fuzzy rules from numbers that stand in the context.",
        params=FuzzyInferenceParams,
        build=_build,
        reads=lambda params: tuple(dict.fromkeys([*(one.key for one in params.inputs), params.output_key, ContextKey.DIAGNOSTIC])),
        writes=lambda params: tuple(dict.fromkeys([params.output_key, ContextKey.DIAGNOSTIC])),
    )
)
