"""The suggestor that states what earlier runs taught, as hypotheses. It teaches planning, and grants no authority."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from runs.engine import Context, ContextKey, Fact, Proposal, Suggestor
from runs.suggestors.forms import Unit
from runs.suggestors.judging import payload_of
from runs.suggestors.plan import Count
from runs.suggestors.recall import RecallCandidate, RecallPolicy, signal_of
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.summing import content_of

NAME = "planning-prior"
PROVENANCE = "organism-learning"
_RECALL_WEIGHT = 0.3
_SUMMARY = "prior-summary"
_SEEDS = ContextKey.SEEDS
T = TypeVar("T")


class PriorCalibration(msgspec.Struct, frozen=True):
    """How sure one may be of a kind of assumption, before and after the last run."""

    assumption_type: str
    context: str
    prior_confidence: Unit
    posterior_confidence: Unit
    evidence_count: Count


class PlanningPrior(Suggestor):
    """Reads the seeds of type `prior_calibration` and states a hypothesis for each kind of assumption, and a summary.

    With a recall policy, seeds of type `recall_candidate` bear on them: good memories pull a prior up, bad ones down. Of two
    calibrations of one kind the first counts. It speaks while there are no hypotheses yet.
    """

    dependencies = (_SEEDS,)

    def __init__(self, recall: RecallPolicy | None = None, *, name: str = NAME) -> None:
        self.name = name
        self._recall = recall

    def accepts(self, context: Context) -> bool:
        """Tell whether there are seeds and no hypotheses."""
        return context.has(_SEEDS) and not context.has(ContextKey.HYPOTHESES)

    def suggest(self, context: Context) -> list[Proposal]:
        """One hypothesis for each prior, then the summaries."""
        found = list(_first_of_each_kind(context))
        memories = self._remembered(context)
        recalled = [memory for memory, _ in memories]
        said = [_hypothesis(f"prior-{prior.assumption_type}", _prior(prior, recalled), [seed]) for prior, seed in found]
        if found:
            said.append(_hypothesis(_SUMMARY, _summary([prior for prior, _ in found], recalled), [seed for _, seed in found]))
        if recalled:
            said.append(_hypothesis("recall-summary", _recall_summary(recalled), [seed for _, seed in memories]))
        return said

    def _remembered(self, context: Context) -> list[tuple[RecallCandidate, str]]:
        if self._recall is None:
            return []
        seeds = {memory.id: (memory, seed) for memory, seed in _memories(context)}
        kept = self._recall.recalled([memory for memory, _ in seeds.values()])
        return [(memory, seeds[memory.id][1]) for memory in kept]


def _first_of_each_kind(context: Context) -> Iterator[tuple[PriorCalibration, str]]:
    taken = {_SUMMARY}
    for fact in context.get(_SEEDS):
        prior = _read(fact, "prior_calibration", "calibration", PriorCalibration)
        if prior is not None and f"prior-{prior.assumption_type}" not in taken:
            taken.add(f"prior-{prior.assumption_type}")
            yield prior, fact.id


def _memories(context: Context) -> Iterator[tuple[RecallCandidate, str]]:
    for fact in context.get(_SEEDS):
        memory = _read(fact, "recall_candidate", "candidate", RecallCandidate)
        if memory is not None:
            yield memory, fact.id


def _read(fact: Fact, type: str, field: str, form: type[T]) -> T | None:
    content = content_of(fact)
    if content.get("type") != type:
        return None
    try:
        return msgspec.convert(content.get(field), form)
    except (msgspec.ValidationError, ValueError):
        return None


def _hypothesis(id: str, content: dict[str, Any], seeds: Sequence[str]) -> Proposal:
    return Proposal(ContextKey.HYPOTHESES, id, payload_of(content), PROVENANCE, used=tuple((_SEEDS, seed) for seed in seeds))


def blended(posterior: float, signal: float) -> float:
    """The posterior, pulled towards 1 by good memories and towards 0 by bad ones."""
    room = 1 - posterior if signal > 0 else posterior
    return posterior + _RECALL_WEIGHT * signal * room


def _prior(prior: PriorCalibration, recalled: list[RecallCandidate]) -> dict[str, Any]:
    signal = signal_of(recalled) if recalled else None
    confidence = blended(prior.posterior_confidence, signal or 0.0)
    adjustment = confidence - prior.prior_confidence
    return {
        "type": "planning_prior",
        "assumption_type": prior.assumption_type,
        "confidence": confidence,
        "raw_posterior": prior.posterior_confidence,
        "recall_signal": signal,
        "recall_count": len(recalled),
        "evidence_count": prior.evidence_count,
        "adjustment": adjustment,
        "direction": "up" if adjustment > 0 else "down",
        "context": prior.context,
    }


def _summary(priors: list[PriorCalibration], recalled: list[RecallCandidate]) -> dict[str, Any]:
    return {
        "type": "planning_prior_summary",
        "prior_count": len(priors),
        "avg_confidence": sum(prior.posterior_confidence for prior in priors) / len(priors),
        "recall_signal": signal_of(recalled) if recalled else None,
        "priors": [
            {"assumption": prior.assumption_type, "confidence": prior.posterior_confidence, "evidence": prior.evidence_count}
            for prior in priors
        ],
    }


def _recall_summary(recalled: list[RecallCandidate]) -> dict[str, Any]:
    mean = sum(memory.confidence for memory in recalled) / len(recalled)
    candidates = [msgspec.structs.asdict(memory) for memory in recalled]
    return {"type": "recall_summary", "count": len(recalled), "avg_confidence": mean, "candidates": candidates}


class PlanningPriorParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `planning-prior`."""

    recall: Annotated[RecallPolicy | None, Meta(description="How much is recalled; null = nothing.")] = None


register(
    Kind(
        kind=NAME,
        summary="States what earlier runs taught as hypotheses, before anything else is.",
        params=PlanningPriorParams,
        build=lambda params, name: PlanningPrior(params.recall, name=name),
        reads=always(_SEEDS, ContextKey.HYPOTHESES),
        writes=always(ContextKey.HYPOTHESES),
        alone=True,
    )
)
