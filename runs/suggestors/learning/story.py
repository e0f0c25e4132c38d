"""A finished run as learning sees it: the texts of its facts, and the events of its end."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

import msgspec

from runs.engine import Context, ContextKey
from runs.engine.stopping import StopReason
from runs.engine.wire import decode

#: The keys whose facts are looked at.
LEARNT_FROM = (
    ContextKey.HYPOTHESES,
    ContextKey.EVALUATIONS,
    ContextKey.PROPOSALS,
    ContextKey.SIGNALS,
    ContextKey.STRATEGIES,
    ContextKey.CONSTRAINTS,
)
_INFRA_FAILURE = '"is_infra_failure":true'

#: Kind and data of an experience event.
Event = tuple[str, Mapping[str, Any]]


class Story(msgspec.Struct, frozen=True):
    """The texts by key, in the order of the facts (empty for what is no text), and the events, oldest first."""

    texts: Mapping[ContextKey, Sequence[str]]
    events: Sequence[Event] = ()

    @classmethod
    def of(cls, context: Context, events: Sequence[Event] = ()) -> Self:
        """The story of a run that ended with this context."""
        return cls({key: [fact.text or "" for fact in context.get(key)] for key in LEARNT_FROM}, events)

    def under(self, key: ContextKey) -> Sequence[str]:
        """The texts under a key."""
        return self.texts.get(key, ())

    @property
    def outcome(self) -> Mapping[str, Any] | None:
        """The last OutcomeRecorded."""
        found = [data for kind, data in self.events if kind == "OutcomeRecorded"]
        return found[-1] if found else None

    @property
    def has_passed(self) -> bool | None:
        """Whether the last outcome was a good one; None where there is none."""
        return None if self.outcome is None else self.outcome.get("passed") is True

    @property
    def stop_words(self) -> str | None:
        """Why it ended, in the words of the original."""
        reason = None if self.outcome is None else self.outcome.get("stop_reason")
        if reason is None:
            return None
        try:
            return str(StopReason.from_json(reason))
        except (KeyError, TypeError, ValueError, AttributeError):
            return str(reason)

    @property
    def budgets_exceeded(self) -> int:
        """How often a budget guard spoke."""
        return sum(kind == "BudgetExceeded" for kind, _ in self.events)

    @property
    def contradictions(self) -> list[str]:
        """The evaluations that speak of a contradiction."""
        return [text for text in self.under(ContextKey.EVALUATIONS) if "contradiction" in text]


def objects_in(texts: Iterable[str]) -> list[dict[str, Any]]:
    """The JSON objects among the texts."""
    found = []
    for text in texts:
        try:
            value = decode(text)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


def has_infra_failure(story: Story) -> bool:
    """Whether the machinery failed rather than the plan: whoever calibrates asks this first (`suggestors.md` 3.3)."""
    return any(_INFRA_FAILURE in text for text in story.under(ContextKey.CONSTRAINTS))
