"""Plans and what became of them: who blocked each, who warned of it, who let it pass, what is recommended."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import msgspec

from runs.models import Fact, Run
from runs.suggestors.plan_reading import texts_in
from runs.suggestors.skeptics.vocabulary import Severity

#: Plans that are told, at most.
MOST = 1_000
_LONGEST = 200


@dataclass(frozen=True)
class Remark:
    """What one reviewer found."""

    who: str
    says: list[str]


@dataclass
class Reviewed:
    """A plan with its remarks: `verdict` is blocked, fails, warned or passes."""

    id: str
    title: str
    blocked_by: list[Remark] = field(default_factory=list)
    failed_by: list[Remark] = field(default_factory=list)
    warned_by: list[Remark] = field(default_factory=list)
    passed_by: list[str] = field(default_factory=list)
    recommendation: str | None = None
    confidence: float | None = None

    @property
    def verdict(self) -> str:
        """The gravest that anybody says; a recommendation against it counts as a failure."""
        if self.blocked_by:
            return "blocked"
        if self.failed_by or self.recommendation == "do_not_proceed":
            return "fails"
        return "warned" if self.warned_by or self.recommendation == "proceed_with_caution" else "passes"

    def as_value(self) -> dict[str, Any]:
        """For JSON."""
        return {"verdict": self.verdict} | asdict(self)


def plans_of(run: Run) -> list[Reviewed]:
    """Every plan that somebody judged, in the order of the plans."""
    found: dict[str, Reviewed] = {}
    plans = {fact.fact_id: fact for fact in run.facts.filter(key="Strategies").order_by("seq")[:MOST]}
    for fact in run.facts.filter(key__in=("Evaluations", "Constraints")).exclude(text=None).order_by("seq"):
        content = _content(fact.text or "")
        plan = plans.get(str(content.get("strategy_id")))
        if plan is not None:
            _take(found.setdefault(plan.fact_id, Reviewed(plan.fact_id, _title(plan))), content)
    return [found[id] for id in plans if id in found]


def _take(plan: Reviewed, content: dict[str, Any]) -> None:
    """Enter a judgement."""
    if "recommendation" in content and "overall_confidence" in content:
        plan.recommendation, plan.confidence = content["recommendation"], content["overall_confidence"]
        return
    who = content.get("agent") or (f"{content['dimension']}-simulation" if "dimension" in content else "")
    if not who or "verdict" in content:
        return
    messages = list(_by_severity(content))
    warnings = [message for severity, message in messages if severity == Severity.WARNING]
    if content.get("passed") is not True:
        blocks = content.get("severity") == Severity.BLOCKER
        says = [message for severity, message in messages if not blocks or severity == Severity.BLOCKER]
        grave = {Severity.BLOCKER.value: plan.blocked_by, Severity.WARNING.value: plan.warned_by}
        grave.get(str(content.get("severity")), plan.failed_by).append(Remark(who, says))
        warnings = warnings if blocks else []
    elif not warnings:
        plan.passed_by.append(who)
    if warnings:
        plan.warned_by.append(Remark(who, warnings))


def _by_severity(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The findings, each with its severity; what tells none is as grave as the whole."""
    findings, severities = texts_in(content.get("findings")), texts_in(content.get("severities"))
    whole = str(content.get("severity", ""))
    yield from ((severities[at] if at < len(severities) else whole, message) for at, message in enumerate(findings))


def _title(plan: Fact) -> str:
    value = _content(plan.text) if plan.text is not None else plan.value
    said = value.get("description") if isinstance(value, dict) else None
    title = said if isinstance(said, str) and said else plan.text if plan.text and not value else ""
    return " ".join(title.split())[:_LONGEST]


def _content(text: str) -> dict[str, Any]:
    try:
        content = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
