"""The suggestor that waits until nothing changes any more, and then concludes."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from runs.engine import Context, ContextKey, Fact, Payload, Proposal, Suggestor
from runs.suggestors.expansion import expand
from runs.suggestors.forms import Id, NotBlank, Unit
from runs.suggestors.registry import Kind, register

NAME = "stability"
PROVENANCE = "organism-planning"
REQUIRED = 2
_DIAGNOSTIC = ContextKey.DIAGNOSTIC

Synthesize = Callable[[Context, Sequence[Fact]], Iterable[tuple[str, str, float]]]


class Stability(Suggestor):
    """Concludes under `output_key`, while that is empty, once the number of facts under `watch_key` stood still for
    `required_stable_cycles` cycles. It has no memory: each still cycle is a note `stable:{name}:{number}:{cycles}` in
    Diagnostic, which also keeps the run going until it is sure.
    """

    def __init__(
        self,
        watch_key: ContextKey,
        output_key: ContextKey,
        synthesize: Synthesize,
        *,
        required_stable_cycles: int = REQUIRED,
        name: str = NAME,
    ) -> None:
        self.name = name
        self._watched, self._output, self._synthesize, self._required = watch_key, output_key, synthesize, required_stable_cycles
        self._prefix = f"stable:{name}:"

    def accepts(self, context: Context) -> bool:
        """Tell whether there is something to watch and nothing concluded."""
        return bool(self._facts(self._watched, context)) and not self._facts(self._output, context)

    def _facts(self, key: ContextKey, context: Context) -> Sequence[Fact]:
        facts = context.get(key)
        return facts if key is not _DIAGNOSTIC else [fact for fact in facts if not fact.id.startswith(self._prefix)]

    def suggest(self, context: Context) -> list[Proposal]:
        """A note that nothing changed, or the conclusion."""
        facts = self._facts(self._watched, context)
        note = f"{self._prefix}{len(facts)}:"
        still = next(number for number in range(self._required + 1) if not context.fact(_DIAGNOSTIC, f"{note}{number + 1}"))
        if still < self._required:
            words = f"{len(facts)} facts under {self._watched}, looked at {still + 1} times"
            return [Proposal(_DIAGNOSTIC, f"{note}{still + 1}", Payload.diagnostic_of(NAME, words), PROVENANCE)]
        used = tuple((fact.key, fact.id) for fact in facts)
        said = self._synthesize(context, facts)
        return [Proposal(self._output, id, Payload.text_of(text), PROVENANCE, sure, used=used) for id, text, sure in said]


class StabilityParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `stability`."""

    watch_key: Annotated[ContextKey, Meta(description="The key that must stand still.")] = ContextKey.HYPOTHESES
    output_key: Annotated[ContextKey, Meta(description="The key of the conclusion.")] = ContextKey.PROPOSALS
    id: Annotated[Id, Meta(description="Id of the conclusion.")] = "conclusion"
    text: Annotated[NotBlank, Meta(description="The conclusion; `{count:KEY}` is replaced.")]
    confidence: Annotated[Unit, Meta(description="How sure it is.")] = 1.0
    required_stable_cycles: Annotated[int, Meta(ge=1, le=1000, description="For how many cycles.")] = REQUIRED


def _build(params: StabilityParams, name: str) -> Stability:
    def synthesize(context: Context, _: Sequence[Fact]) -> list[tuple[str, str, float]]:
        return [(params.id, expand(params.text, context), float(params.confidence))]

    return Stability(params.watch_key, params.output_key, synthesize, required_stable_cycles=params.required_stable_cycles, name=name)


register(
    Kind(
        kind=NAME,
        summary="Waits until nothing changes under a key, and then concludes.",
        params=StabilityParams,
        build=_build,
        reads=lambda params: (params.watch_key, params.output_key, _DIAGNOSTIC),
        writes=lambda params: (params.output_key, _DIAGNOSTIC),
    )
)
