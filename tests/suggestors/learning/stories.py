"""Finished runs in a few words, for tests of learning."""

import json
from typing import Any

from runs.engine import ContextKey
from runs.suggestors.learning import LearningEpisode, Story, episode_of

CONVERGED = {"passed": True, "backend": "converge-engine", "stop_reason": "Converged"}
SPENT = {"passed": False, "backend": "converge-engine", "stop_reason": {"CycleBudgetExhausted": {"cycles_executed": 0, "limit": 0}}}
EXCEEDED = ("BudgetExceeded", {"resource": "Cycles"})


def story(*events: tuple[str, dict[str, Any]], outcome: dict[str, Any] | None = None, **texts: list[Any]) -> Story:
    """A story; objects become JSON."""
    told = {key: [text if isinstance(text, str) else json.dumps(text) for text in texts.get(key.lower(), [])] for key in ContextKey}
    return Story(told, [*events, *([("OutcomeRecorded", outcome)] if outcome else [])])


def episode(told: Story, **options: Any) -> LearningEpisode:
    """Its episode, about boats."""
    return episode_of("e", "intent", "plan", "boats", told, **options)
