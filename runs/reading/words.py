"""How things are said: statuses, reasons for stopping, numbers and times, in the terms of people."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

THIN_SPACE = "\u202f"


@dataclass(frozen=True)
class Status:
    """One of the seven: its name in the journal, its icon and its word."""

    name: str
    icon: str
    word: str


STATUSES = {
    status.name: status
    for status in (
        Status("queued", "clock", "queued"),
        Status("running", "circle-play", "running"),
        Status("waiting", "hand", "waiting"),
        Status("converged", "circle-check", "converged"),
        Status("exhausted", "gauge", "budget spent"),
        Status("failed", "circle-x", "failed"),
        Status("cancelled", "ban", "cancelled"),
    )
}


def grouped(number: Any) -> str:
    """12345 as 12 345, with thin spaces; nothing for nothing."""
    if number is None or number == "":
        return ""
    return f"{number:,}".replace(",", THIN_SPACE)


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 cycle`, `12 cycles`."""
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """A length of time as people read it: 34 ms, 4.2 s, 41 s, 3 min 20 s, 2 h 5 min."""
    if 0 < seconds < 1:
        return f"{seconds * 1000:.0f} ms" if seconds >= 0.001 else "under 1 ms"
    if seconds < 10:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s".removesuffix(" 0 s")
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60} min".removesuffix(" 0 min")
    return plural(whole // 86400, "day")


def distance(moment: datetime, now: datetime) -> str:
    """How far a moment lies from now: `3 min ago`, `in 2 h`, `just now`."""
    seconds = int((now - moment).total_seconds())
    if abs(seconds) < 5:
        return "just now"
    word = _coarse(timedelta(seconds=abs(seconds)))
    return f"{word} ago" if seconds > 0 else f"in {word}"


def _coarse(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, name in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"


def money(microdollars: int) -> str:
    """Cost in dollars, with as many places as it needs."""
    dollars = microdollars / 1_000_000
    return f"${dollars:.2f}" if dollars >= 0.1 or not microdollars else f"${dollars:.4f}"


def _spent(number: str, limit: str, unit: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda data: f"Budget spent: {grouped(data.get(number))} of {grouped(data.get(limit))} {unit}"


def _seconds_spent(data: Mapping[str, Any]) -> str:
    return f"Budget spent: {data.get('duration_ms', 0) / 1000:g} of {data.get('limit_ms', 0) / 1000:g} seconds"


def _cost_spent(data: Mapping[str, Any]) -> str:
    return f"Budget spent: {money(data.get('cost_microdollars', 0))} of {money(data.get('limit', 0))}"


STOP_REASONS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "Converged": lambda _: "Nothing left to add",
    "CriteriaMet": lambda data: f"Criteria met: {', '.join(data.get('criteria', ()))}",
    "UserCancelled": lambda _: "Cancelled by a person",
    "HumanInterventionRequired": lambda data: f"Needs review: {', '.join(data.get('criteria', ()))}",
    "CycleBudgetExhausted": _spent("cycles_executed", "limit", "cycles"),
    "FactBudgetExhausted": _spent("facts_count", "limit", "facts"),
    "TokenBudgetExhausted": _spent("tokens_consumed", "limit", "tokens"),
    "TimeBudgetExhausted": _seconds_spent,
    "CostBudgetExhausted": _cost_spent,
    "InvariantViolated": lambda data: f"Rule “{data.get('name')}” broken: {data.get('reason')}",
    "PromotionRejected": lambda data: f"Proposal {data.get('proposal_id')} refused: {data.get('reason')}",
    "AgentRefused": lambda data: f"{data.get('agent_id')} gave up: {data.get('reason')}",
    "HitlGatePending": lambda data: f"Waits for a decision: {data.get('summary')}",
    "Error": lambda data: f"Error: {data.get('message')}",
}

#: The reasons as a choice, before their details are known.
STOP_CHOICES = {
    "Converged": "nothing left to add",
    "CriteriaMet": "criteria met",
    "HumanInterventionRequired": "needs review",
    "UserCancelled": "cancelled by a person",
    "CycleBudgetExhausted": "cycles spent",
    "FactBudgetExhausted": "facts spent",
    "TokenBudgetExhausted": "tokens spent",
    "TimeBudgetExhausted": "time spent",
    "CostBudgetExhausted": "money spent",
    "InvariantViolated": "a rule broken",
    "PromotionRejected": "a proposal refused",
    "AgentRefused": "a suggestor gave up",
    "Error": "an error",
}


def stop_reason(reason: str | Mapping[str, Any] | None) -> str:
    """Why a run ended, in a few words; accepts the wire form, decoded or as text."""
    if not reason:
        return ""
    value = _decoded(reason) if isinstance(reason, str) else reason
    name, data = (value, {}) if isinstance(value, str) else next(iter(value.items()))
    say = STOP_REASONS.get(name)
    return say(data or {}) if say else str(name)


def stop_clause(reason: str | Mapping[str, Any] | None) -> str:
    """The same after the status word: `budget spent — 100 of 100 cycles`."""
    said = stop_reason(reason).removeprefix("Budget spent: ")
    return said[:1].lower() + said[1:]


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


KINDS = {
    "FactPromoted": "fact",
    "ProposalValidated": "rejected",
    "SuggestorFinished": "answer",
    "CycleStarted": "cycle begins",
    "CycleEnded": "cycle ends",
    "CycleParked": "cycle waits",
    "GateRequested": "gate",
    "GateVoted": "voice",
    "GateExpired": "gate expired",
    "GateDecisionRecorded": "decision",
    "LLMCall": "model",
    "ToolCall": "tool",
    "StateWrite": "write",
    "InterruptRaise": "question",
    "RunStarted": "run starts",
    "RunResumed": "run resumes",
    "RunFinished": "run ends",
    "BudgetExceeded": "budget",
    "OutcomeRecorded": "outcome",
}


def kind(name: str) -> str:
    """The kind of an event in a word or two, as the event list names it."""
    return KINDS.get(name, name)


SEVERITIES = {"trouble": "went wrong or was refused", "people": "waits for people"}


def severity(name: str) -> str:
    """What deserves attention, in words."""
    return SEVERITIES.get(name, name)


def spaced(name: str) -> str:
    """`ConsensusOutcomes` as `Consensus outcomes`."""
    found = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(name))
    return found[:1] + found[1:].lower()


def spoken(name: str) -> str:
    """`lead_decides` and `round-starter` without their joints."""
    return str(name).replace("_", " ").replace("-", " ")


def budget(document: Mapping[str, Any]) -> list[str]:
    """Budget and gates of a formation document, a sentence each."""
    return _budget_lines(document.get("budget") or {}) + _gate_lines(document.get("gates") or {})


def _budget_lines(budget: Mapping[str, Any]) -> list[str]:
    lines = [f"At most {grouped(budget.get('max_cycles', 100))} cycles and {grouped(budget.get('max_facts', 10_000))} facts."]
    if budget.get("max_tokens") is not None:
        lines.append(f"At most {grouped(budget['max_tokens'])} tokens.")
    if budget.get("max_seconds") is not None:
        lines.append(f"At most {budget['max_seconds']:g} seconds at work.")
    if budget.get("max_cost_microdollars") is not None:
        lines.append(f"At most {money(budget['max_cost_microdollars'])}.")
    return lines


def _gate_lines(gates: Mapping[str, Any]) -> list[str]:
    lines = []
    if gates.get("keys"):
        lines.append(f"A human decides about everything proposed under {', '.join(spaced(key) for key in gates['keys'])}.")
    if gates.get("confidence_threshold") is not None:
        lines.append(f"A human decides about proposals with a confidence of at most {gates['confidence_threshold']:g}.")
    if gates and gates.get("quorum", 1) > 1:
        lines.append(f"{gates['quorum']} approvals are needed; one rejection closes the gate.")
    if lines and not gates.get("self_approval"):
        lines.append("Nobody approves a run of their own, or an edit of their own.")
    if gates.get("timeout"):
        lines.append(f"Undecided after {duration(gates['timeout'].get('seconds', 1800))}: {gates['timeout'].get('action', 'reject')}.")
    return lines
