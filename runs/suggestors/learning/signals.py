"""Signals: in which direction a run points, and how strongly.

Kinds, weights and order are those of the original's `extract_signals_from_run` (`organism-learning` 1.9.3).
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from runs.engine import ContextKey
from runs.suggestors.learning.story import Story, objects_in

SKEPTICS = frozenset({"assumption-breaker", "constraint-checker", "economic-skeptic", "operational-skeptic"})
_MANY_HYPOTHESES = 50


class SignalKind(StrEnum):
    """What a signal says."""

    MATCHED = "outcome_matched_expectation"
    BEAT = "outcome_beat_expectation"
    MISSED = "outcome_missed_expectation"
    BLOCKER = "adversarial_blocker"
    WARNING = "adversarial_warning"


class LearningSignal(msgspec.Struct, frozen=True):
    """One signal."""

    kind: SignalKind
    weight: float
    note: str


def signals_of(story: Story) -> list[LearningSignal]:
    """The signals of a run."""
    return [_outcome(story), *_contents(story), *_skeptics(story)]


def _outcome(story: Story) -> LearningSignal:
    if story.has_passed is not None:
        told = story.stop_words or "no stop reason recorded"
        kind, weight = (SignalKind.MATCHED, 1.0) if story.has_passed else (SignalKind.MISSED, 0.9)
        return LearningSignal(kind, weight, f"the run {'passed' if story.has_passed else 'failed'}: {told}")
    if story.under(ContextKey.PROPOSALS):
        return LearningSignal(SignalKind.MATCHED, 1.0, "a synthesis was produced")
    return LearningSignal(SignalKind.MISSED, 0.8, "no synthesis was produced")


def _contents(story: Story) -> Iterator[LearningSignal]:
    hypotheses = len(story.under(ContextKey.HYPOTHESES))
    if story.contradictions:
        yield LearningSignal(SignalKind.WARNING, 0.6, f"{len(story.contradictions)} contradictions")
    if hypotheses > _MANY_HYPOTHESES:
        yield LearningSignal(SignalKind.BEAT, 0.5, f"{hypotheses} hypotheses")
    if story.budgets_exceeded:
        yield LearningSignal(SignalKind.BLOCKER, 1.0, f"{story.budgets_exceeded} budgets exceeded")


def _skeptics(story: Story) -> Iterator[LearningSignal]:
    blocked = sum(said.get("agent") in SKEPTICS for said in objects_in(story.under(ContextKey.CONSTRAINTS)) if _is_named(said))
    if blocked:
        yield LearningSignal(SignalKind.BLOCKER, 0.9, f"{blocked} plans blocked by skeptics")
    warned = sum("warnings" in said for said in objects_in(story.under(ContextKey.EVALUATIONS)))
    if warned:
        yield LearningSignal(SignalKind.WARNING, 0.5, f"{warned} plans with warnings")


def _is_named(said: dict[str, object]) -> bool:
    return isinstance(said.get("agent"), str)
