"""The suggestor that looks for what nobody has thought of yet."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from runs.engine import Context, ContextKey, Fact, Proposal, Suggestor
from runs.suggestors.forms import NotBlank, Positive
from runs.suggestors.growing import Growing
from runs.suggestors.plan_reading import text_in
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.summing import content_of

NAME = "gap-detector"
PROVENANCE = "organism-planning"
CATEGORIES = ("product", "customers", "technology", "competition", "market", "financials")
MAX_GENERATIONS, MIN_HYPOTHESES = 3, 5
_HYPOTHESES, _STRATEGIES = ContextKey.HYPOTHESES, ContextKey.STRATEGIES

Analyze = Callable[[Sequence[Fact]], Iterable[tuple[str, str]]]


class GapDetector(Suggestor):
    """Asks `analyze` for gaps in the hypotheses, and proposes each as the strategy `gap:{name}:{generation}:{seen}:{id}`.

    It asks again only when there are more hypotheses than at the last generation, which the ids tell, and at most
    `max_generations` times.
    """

    dependencies = (_HYPOTHESES,)

    def __init__(
        self, analyze: Analyze, *, max_generations: int = MAX_GENERATIONS, min_hypotheses: int = MIN_HYPOTHESES, name: str = NAME
    ) -> None:
        self.name = name
        self._analyze, self._most, self._least = analyze, max_generations, min_hypotheses
        self._own = re.compile(rf"gap:{re.escape(name)}:(\d+):(\d+):.*", re.DOTALL)
        self._past = Growing[set[tuple[int, int]]](_STRATEGIES, set, self._note)

    def _note(self, past: set[tuple[int, int]], fact: Fact) -> None:
        if found := self._own.fullmatch(fact.id):
            past.add((int(found[1]), int(found[2])))

    def accepts(self, context: Context) -> bool:
        """Tell whether another generation is due."""
        generation, seen = max(self._past.of(context), default=(0, 0))
        count = context.count(_HYPOTHESES)
        return count >= self._least and count > seen and generation < self._most

    def suggest(self, context: Context) -> list[Proposal]:
        """The gaps of this generation."""
        generation, _ = max(self._past.of(context), default=(0, 0))
        hypotheses = context.get(_HYPOTHESES)
        gaps = dict(self._analyze(hypotheses))
        prefix = f"gap:{self.name}:{generation + 1}:{len(hypotheses)}:"
        return [Proposal.text_of(_STRATEGIES, prefix + id, content, PROVENANCE) for id, content in gaps.items()]


def missing(categories: Sequence[str]) -> Analyze:
    """An analysis that misses the categories that no hypothesis is of: `category` in its JSON."""

    def analyze(hypotheses: Sequence[Fact]) -> list[tuple[str, str]]:
        known = {text_in(content_of(fact).get("category")) for fact in hypotheses}
        return [(category, f"gap: no hypothesis is about {category}") for category in categories if category not in known]

    return analyze


class GapDetectorParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `gap-detector`."""

    categories: Annotated[list[NotBlank], Meta(description="What hypotheses should be about; none = the six usual ones.")] = []
    max_generations: Annotated[Positive, Meta(description="How often it looks at most.")] = MAX_GENERATIONS
    min_hypotheses: Annotated[Positive, Meta(description="Fewest hypotheses before it looks.")] = MIN_HYPOTHESES


def _build(params: GapDetectorParams, name: str) -> GapDetector:
    analyze = missing(params.categories or CATEGORIES)
    return GapDetector(analyze, max_generations=params.max_generations, min_hypotheses=params.min_hypotheses, name=name)


register(
    Kind(
        kind=NAME,
        summary="Looks for what no hypothesis is about, and proposes to go there.",
        params=GapDetectorParams,
        build=_build,
        reads=always(_HYPOTHESES, _STRATEGIES),
        writes=always(_STRATEGIES),
    )
)
