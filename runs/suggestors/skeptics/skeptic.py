"""The common form of the skeptics: findings with severities, and how they become a judgement."""

from abc import abstractmethod
from typing import Any

import msgspec

from runs.suggestors.judging import CONSTRAINTS, EVALUATIONS, Judgement, OneByOne
from runs.suggestors.plan_reading import PlanReading
from runs.suggestors.skeptics.vocabulary import Agent, Finding, Severity, SkepticismKind, Verdict

PROVENANCE = "organism-adversarial"


class AdversarialVerdict(msgspec.Struct, frozen=True):
    """What one skeptic says about one strategy."""

    strategy_id: str
    agent: Agent
    kind: SkepticismKind
    findings: list[Finding]

    @property
    def verdict(self) -> Verdict:
        """Blocked if a single finding blocks."""
        blocked = any(finding.severity is Severity.BLOCKER for finding in self.findings)
        return Verdict.BLOCKED if blocked else Verdict.CLEARED

    def content(self, also: str | None = None) -> dict[str, Any]:
        """As a fact says it; `also` repeats the messages under a second name. `severities` go with `findings`, one by one."""
        content: dict[str, Any] = {"strategy_id": self.strategy_id, "agent": self.agent, "kind": self.kind.value}
        content |= {"passed": True} if self.verdict is Verdict.CLEARED else {"severity": Severity.BLOCKER.value}
        messages = [finding.message for finding in self.findings]
        if also:
            content[also] = messages
        return content | {"findings": messages, "severities": [finding.severity.value for finding in self.findings]}


class Skeptic(OneByOne):
    """Looks for faults in one plan at a time. A blocker goes to Constraints, everything else to Evaluations."""

    provenance = PROVENANCE
    agent: Agent
    kind: SkepticismKind
    cleared_prefix: str
    blocked_prefix: str
    blocked_messages: str | None = None

    @abstractmethod
    def findings(self, plan: PlanReading) -> list[Finding]:
        """Everything found, in order."""

    def judge(self, strategy: str, plan: PlanReading) -> Judgement:
        """The verdict on one strategy."""
        return self.judgement(AdversarialVerdict(strategy, self.agent, self.kind, self.findings(plan)))

    def judgement(self, said: AdversarialVerdict) -> Judgement:
        """Where the verdict goes, and how it reads."""
        if said.verdict is Verdict.BLOCKED:
            return Judgement(CONSTRAINTS, self.blocked_prefix, said.content(self.blocked_messages))
        return Judgement(EVALUATIONS, self.cleared_prefix, said.content())


def advisory(message: str) -> Finding:
    """Worth knowing."""
    return Finding(Severity.ADVISORY, message)


def warning(message: str) -> Finding:
    """Worth a doubt."""
    return Finding(Severity.WARNING, message)


def blocker(message: str) -> Finding:
    """Must not go on."""
    return Finding(Severity.BLOCKER, message)
