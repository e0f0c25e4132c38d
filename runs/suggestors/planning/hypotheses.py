"""What became of the hypotheses, and the suggestor that says so."""

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from runs.engine import Context, ContextKey, Fact, Proposal, Suggestor
from runs.suggestors.forms import Unit
from runs.suggestors.judging import payload_of
from runs.suggestors.plan_reading import number_in, text_in
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.simulators.results import clamp
from runs.suggestors.summing import content_of

NAME = "organism-hypothesis-tracker"
THRESHOLD = 0.7
_UNKNOWN = 0.5
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_HYPOTHESES, _DIAGNOSTIC = ContextKey.HYPOTHESES, ContextKey.DIAGNOSTIC
_READS = (_HYPOTHESES, ContextKey.EVALUATIONS, ContextKey.PROPOSALS)

Outcome = Literal["open", "confirmed", "falsified", "unresolved"]


class TrackedHypothesis(msgspec.Struct, frozen=True):
    """A hypothesis and what became of it; `decided_by` is the fact that settled it."""

    fact_id: str
    domain: str
    claim: str
    confidence: float
    formed_cycle: int
    outcome: Outcome = "open"
    resolved_cycle: int | None = None
    contradiction_id: str | None = None
    decided_by: tuple[ContextKey, str] | None = None


def tracked(hypothesis: Fact, context: Context, threshold: float = THRESHOLD) -> TrackedHypothesis:
    """What became of one hypothesis.

    The first evaluation that mentions its id falsifies it. Else, once there are proposals, it is confirmed if it is sure
    enough, and stays unresolved if not.
    """
    content = content_of(hypothesis)
    confidence = _confidence(hypothesis, content)
    domain = text_in(content.get("domain")) or text_in(content.get("category")) or ""
    formed = TrackedHypothesis(hypothesis.id, domain, hypothesis.text or "", confidence, hypothesis.cycle)
    against = next((fact for fact in context.get(ContextKey.EVALUATIONS) if hypothesis.id in (fact.text or "")), None)
    if against:
        return _resolved(formed, "falsified", against, contradiction_id=against.id)
    if context.has(ContextKey.PROPOSALS):
        return _resolved(formed, "confirmed" if confidence >= threshold else "unresolved", context.get(ContextKey.PROPOSALS)[0])
    return formed


def _resolved(formed: TrackedHypothesis, outcome: Outcome, by: Fact, **more: str) -> TrackedHypothesis:
    cycle = max(by.cycle, formed.formed_cycle)
    return msgspec.structs.replace(formed, outcome=outcome, resolved_cycle=cycle, decided_by=(by.key, by.id), **more)


def _confidence(hypothesis: Fact, content: dict[str, Any]) -> float:
    """The text as a number, or `confidence` in its JSON, or a half."""
    text = hypothesis.text or ""
    if _NUMBER.fullmatch(text):
        return clamp(float(text))
    declared = number_in(content.get("confidence"))
    return _UNKNOWN if declared is None else clamp(declared)


class HypothesisTracker(Suggestor):
    """Says in Diagnostic, once for each hypothesis that is no longer open, what became of it: `hypothesis:{id}`."""

    dependencies = _READS

    def __init__(self, confidence_threshold: float = THRESHOLD, *, name: str = NAME) -> None:
        self.name = name
        self._threshold = confidence_threshold

    def accepts(self, context: Context) -> bool:
        """Tell whether something may have been settled."""
        settled = context.has(ContextKey.EVALUATIONS) or context.has(ContextKey.PROPOSALS)
        return settled and bool(self._resolved(context))

    def _resolved(self, context: Context) -> list[TrackedHypothesis]:
        unsaid = (fact for fact in context.get(_HYPOTHESES) if not context.fact(_DIAGNOSTIC, f"hypothesis:{fact.id}"))
        return [found for fact in unsaid if (found := tracked(fact, context, self._threshold)).outcome != "open"]

    def suggest(self, context: Context) -> list[Proposal]:
        """What became of those that are settled now."""
        return [_note(found) for found in self._resolved(context)]


def _note(found: TrackedHypothesis) -> Proposal:
    content = msgspec.structs.asdict(found)
    by = content.pop("decided_by")
    if found.contradiction_id is None:
        del content["contradiction_id"]
    return Proposal(_DIAGNOSTIC, f"hypothesis:{found.fact_id}", payload_of(content), NAME, used=((_HYPOTHESES, found.fact_id), by))


class HypothesisTrackerParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `hypothesis-tracker`."""

    confidence_threshold: Annotated[Unit, Meta(description="Least confidence of a hypothesis that proposals confirm.")] = THRESHOLD


register(
    Kind(
        kind="hypothesis-tracker",
        summary="Follows each hypothesis until it is confirmed, falsified or left unresolved.",
        params=HypothesisTrackerParams,
        build=lambda params, name: HypothesisTracker(params.confidence_threshold, name=name),
        reads=always(*_READS, _DIAGNOSTIC),
        writes=always(_DIAGNOSTIC),
        alone=True,
    )
)
