"""Why a run ended: the original's stop reasons, their words, and what they mean for status and exit code."""

from collections.abc import Mapping
from typing import Any, Self

import msgspec

# kind -> (fields in JSON order, display text)
STOP_REASONS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "Converged": ((), "Converged"),
    "CriteriaMet": (("criteria",), "Criteria met: {criteria}"),
    "UserCancelled": ((), "User cancelled"),
    "HumanInterventionRequired": (("criteria", "approval_refs"), "Human intervention required for: {criteria}"),
    "CycleBudgetExhausted": (("cycles_executed", "limit"), "Cycle budget exhausted: {cycles_executed}/{limit}"),
    "FactBudgetExhausted": (("facts_count", "limit"), "Fact budget exhausted: {facts_count}/{limit}"),
    "TokenBudgetExhausted": (("tokens_consumed", "limit"), "Token budget exhausted: {tokens_consumed}/{limit}"),
    "TimeBudgetExhausted": (("duration_ms", "limit_ms"), "Time budget exhausted: {duration_ms}ms/{limit_ms}ms"),
    "CostBudgetExhausted": (("cost_microdollars", "limit"), "Cost budget exhausted: {cost_microdollars}/{limit}"),
    "InvariantViolated": (("class", "name", "reason"), "{class} invariant '{name}' violated: {reason}"),
    "PromotionRejected": (("proposal_id", "reason"), "Promotion rejected for '{proposal_id}': {reason}"),
    "Error": (("message", "category"), "Error ({category}): {message}"),
    "AgentRefused": (("agent_id", "reason"), "Suggestor '{agent_id}' refused: {reason}"),
    "HitlGatePending": (
        ("gate_id", "proposal_id", "summary", "agent_id", "cycle"),
        "HITL gate pending: {gate_id} (agent: {agent_id}, cycle: {cycle})",
    ),
}
_STATUS = {
    "Converged": "converged",
    "CriteriaMet": "converged",
    "HumanInterventionRequired": "converged",
    "HitlGatePending": "waiting",
    "CycleBudgetExhausted": "exhausted",
    "FactBudgetExhausted": "exhausted",
    "TokenBudgetExhausted": "exhausted",
    "TimeBudgetExhausted": "exhausted",
    "CostBudgetExhausted": "exhausted",
    "UserCancelled": "cancelled",
}
_EXIT = {"converged": 0, "waiting": 3, "exhausted": 4, "cancelled": 5, "failed": 1}


class StopReason(msgspec.Struct, frozen=True):
    """One of `STOP_REASONS` with its fields."""

    kind: str
    fields: dict[str, Any] = {}

    @classmethod
    def of(cls, kind: str, **fields: Any) -> Self:
        """Build one; raises TypeError when the fields are not those of the kind."""
        expected = STOP_REASONS[kind][0]
        if set(fields) != set(expected):
            raise TypeError(f"{kind} has the fields {expected}, not {tuple(fields)}")
        return cls(kind, {name: fields[name] for name in expected})

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """Read the externally tagged JSON form; raises KeyError or TypeError for an unknown one."""
        if isinstance(value, str):
            return cls.of(value)
        ((kind, fields),) = value.items()
        return cls.of(kind, **fields)

    def to_json(self) -> Any:
        """`"Converged"`, or `{"CycleBudgetExhausted": {…}}`."""
        return {self.kind: self.fields} if self.fields else self.kind

    @property
    def status(self) -> str:
        """Status of a run that ended so."""
        return _STATUS.get(self.kind, "failed")

    @property
    def exit_code(self) -> int:
        """Exit code of a command that conducted the run: 0 converged, 1 failed, 3 needs a human, 4 spent, 5 cancelled."""
        return 3 if self.kind == "HumanInterventionRequired" else _EXIT[self.status]

    @property
    def is_success(self) -> bool:
        """Converged, criteria met, or cancelled by a person."""
        return self.kind in ("Converged", "CriteriaMet", "UserCancelled")

    @property
    def is_budget_exhausted(self) -> bool:
        """One of the budgets was spent."""
        return self.status == "exhausted"

    @property
    def is_validation_failure(self) -> bool:
        """An invariant or a promotion failed."""
        return self.kind in ("InvariantViolated", "PromotionRejected")

    @property
    def is_error(self) -> bool:
        """The engine or a suggestor failed."""
        return self.kind in ("Error", "AgentRefused")

    def __str__(self) -> str:
        words = {name: _words(value) for name, value in self.fields.items()}
        text = STOP_REASONS[self.kind][1].format(**words)
        return text + (f" (refs: {words['approval_refs']})" if words.get("approval_refs") else "")


def _words(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, (list, tuple)) else value
