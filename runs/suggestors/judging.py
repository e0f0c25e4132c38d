"""What skeptics and simulators have in common: each judges every strategy once, whenever it appears."""

from abc import ABC, abstractmethod
from typing import Any

import msgspec

from runs.engine import Context, ContextKey, Fact, Payload, Proposal, Suggestor
from runs.suggestors.growing import Growing
from runs.suggestors.plan_reading import PlanReading, plan_in

STRATEGIES, CONSTRAINTS, EVALUATIONS = ContextKey.STRATEGIES, ContextKey.CONSTRAINTS, ContextKey.EVALUATIONS
READS = (STRATEGIES, EVALUATIONS, CONSTRAINTS)


class Judgement(msgspec.Struct, frozen=True, gc=False):
    """What is said about one strategy: where it stands, the beginning of its id, and its content."""

    key: ContextKey
    prefix: str
    content: dict[str, Any]


class Judge(Suggestor):
    """Wakes on Strategies and proposes one judgement on each that it has not judged yet.

    It has judged a strategy when a fact with one of `prefixes` and the strategy's id stands in Evaluations or Constraints,
    or when people rejected it. A judgement rests on the strategy.
    """

    dependencies = (STRATEGIES,)
    agent: str
    provenance: str
    prefixes: tuple[str, ...]

    def __init__(self, name: str | None = None) -> None:
        self.name = name or self.agent
        self._waiting = Growing[list[Fact]](STRATEGIES, list, list.append)

    def accepts(self, context: Context) -> bool:
        """Tell whether a strategy is unjudged."""
        return bool(self.unjudged(context))

    def unjudged(self, context: Context) -> list[Fact]:
        """The strategies without a judgement, in order; those that have one are never looked at again."""
        waiting = self._waiting.of(context)
        waiting[:] = [fact for fact in waiting if not self._is_judged(fact.id, context)]
        return waiting

    def _is_judged(self, strategy: str, context: Context) -> bool:
        return any(is_said(prefix + strategy, context) for prefix in self.prefixes)

    def _proposal(self, strategy: Fact, judgement: Judgement) -> Proposal:
        used = ((STRATEGIES, strategy.id),)
        return Proposal(judgement.key, judgement.prefix + strategy.id, payload_of(judgement.content), self.provenance, used=used)


class OneByOne(Judge, ABC):
    """Judges each strategy by itself."""

    def suggest(self, context: Context) -> list[Proposal]:
        """One judgement on each unjudged strategy."""
        return [self._proposal(fact, self.judge(fact.id, plan_in(fact.payload))) for fact in self.unjudged(context)]

    @abstractmethod
    def judge(self, strategy: str, plan: PlanReading) -> Judgement:
        """Say what is to be said about one strategy."""


def payload_of(content: dict[str, Any]) -> Payload:
    """A text that is compact JSON, which is what the original says and what readers search."""
    return Payload.text_of(msgspec.json.encode(content).decode())


def said(id: str, context: Context) -> Fact | None:
    """The judgement of that id, under whichever key it stands."""
    return context.fact(EVALUATIONS, id) or context.fact(CONSTRAINTS, id)


def is_said(id: str, context: Context) -> bool:
    """Tell whether a judgement stands there, or was rejected by people."""
    if said(id, context):
        return True
    return context.has(ContextKey.DIAGNOSTIC) and context.fact(ContextKey.DIAGNOSTIC, f"hitl-rejected:{id}") is not None
