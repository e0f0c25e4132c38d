"""The episode of a run: what was expected of it, what came, how far off that was, and what to do better.

The formulas are those of the original's `build_episode_from_run` (`organism-learning` 1.9.3, adapter functions).
"""

from collections.abc import Iterator, Sequence

import msgspec

from runs.engine import ContextKey
from runs.suggestors.learning.story import Story, objects_in

#: What hypotheses are expected to be about, unless a document says otherwise.
CATEGORIES = ("product", "customers", "technology", "competition", "market", "financials")
_STANDARD_STRATEGIES = 4
_MANY_STRATEGIES = 6


class ErrorDimension(msgspec.Struct, frozen=True):
    """One thing that was predicted, and what came of it."""

    name: str
    predicted: float
    actual: float


class PredictionError(msgspec.Struct, frozen=True):
    """How far off a prediction was."""

    magnitude: float
    dimensions: tuple[ErrorDimension, ...]


class Lesson(msgspec.Struct, frozen=True):
    """What to do better, and how sure that is."""

    insight: str
    context: str
    confidence: float
    planning_adjustment: str


class AdversarialContext(msgspec.Struct, frozen=True):
    """An assumption that did not hold."""

    kind: str
    failed_assumption: str
    revision_summary: str | None = None


class LearningEpisode(msgspec.Struct, frozen=True):
    """What is remembered of a run; `id` is its own, `intent_id` names what was run, `plan_id` the run."""

    id: str
    intent_id: str
    plan_id: str
    predicted_outcome: str
    actual_outcome: str | None
    run_status: str | None
    prediction_error: PredictionError | None
    adversarial_signals: tuple[AdversarialContext, ...] = ()
    lessons: tuple[Lesson, ...] = ()


def episode_of(
    id: str, intent_id: str, plan_id: str, subject: str, story: Story, *, categories: Sequence[str] = CATEGORIES
) -> LearningEpisode:
    """The episode of a run about `subject`. Where no `categories` are expected, all of them count as covered."""
    proposals = story.under(ContextKey.PROPOSALS)
    actual = proposals[-1] if proposals else None
    missing = _missing(story, categories)
    return LearningEpisode(
        id,
        intent_id,
        plan_id,
        actual if actual is not None else f"No synthesis produced for {subject}",
        actual,
        _run_status(story),
        _error(story, 1 - len(missing) / len(categories) if categories else 1.0),
        tuple(_failed_assumptions(story)),
        tuple(_lessons(story, subject, missing)),
    )


def _run_status(story: Story) -> str | None:
    outcome = story.outcome
    if outcome is None:
        return None
    backend = outcome.get("backend") or "unknown-backend"
    return f"Run {'passed' if story.has_passed else 'failed'} via {backend} ({story.stop_words or 'no stop reason recorded'})"


def _missing(story: Story, categories: Sequence[str]) -> list[str]:
    told = [said.get("category") for said in objects_in(story.under(ContextKey.HYPOTHESES))]
    return [category for category in categories if category not in told]


def _error(story: Story, coverage: float) -> PredictionError:
    hypotheses, signals = len(story.under(ContextKey.HYPOTHESES)), len(story.under(ContextKey.SIGNALS))
    dimensions = (
        ErrorDimension("category_coverage", 1.0, coverage),
        ErrorDimension("contradiction_rate", 0.0, len(story.contradictions) / hypotheses if hypotheses else 0.0),
        ErrorDimension("signal_to_hypothesis_ratio", 0.5, hypotheses / signals if signals else 0.0),
    )
    return PredictionError(1 - coverage, dimensions)


def _failed_assumptions(story: Story) -> Iterator[AdversarialContext]:
    for said in objects_in(story.contradictions):
        description = said.get("description")
        yield AdversarialContext("contradiction", description if isinstance(description, str) else "sources disagree")


def _lessons(story: Story, subject: str, missing: Sequence[str]) -> Iterator[Lesson]:
    strategies = len(story.under(ContextKey.STRATEGIES))
    if missing:
        yield Lesson(f"Missing categories: {', '.join(missing)}", subject, 0.9, "Plan for what nobody looked at")
    if story.contradictions:
        yield Lesson(f"{len(story.contradictions)} contradictions found", subject, 0.8, "Plan time to reconcile sources")
    if strategies > _MANY_STRATEGIES:
        extra = strategies - _STANDARD_STRATEGIES
        yield Lesson(f"{extra} strategies beyond the standard ones were needed", subject, 0.7, "Begin with more strategies")
    if story.has_passed is False:
        reason = f" ({story.stop_words})" if story.stop_words else ""
        yield Lesson(f"Run ended without a passing outcome{reason}", subject, 0.75, "Look at why it stopped before running it again")
    if story.budgets_exceeded:
        yield Lesson(f"{story.budgets_exceeded} budget guard events", subject, 0.85, "Raise the budget or narrow the question")
