"""The skeptic ledger: every challenge of a plan and what became of it, and what the skeptics' tokens brought."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

import msgspec
from django.db.models import Q, Sum

from runs.engine import ContextKey
from runs.models import Fact, Run
from runs.suggestors.skeptics.review import SKEPTICS, Reviewer, review_of
from runs.suggestors.skeptics.vocabulary import Challenge, Severity

MOST = 500
_PREFIXES = tuple(prefix for prefixes in SKEPTICS.values() for prefix in prefixes)


@dataclass(frozen=True)
class Challenged:
    """A challenge, the fact that says it, and what became of the plan: the review's verdict, and how many facts rest on it."""

    challenge: Challenge
    fact: Fact
    verdict: str
    resting: int


@dataclass(frozen=True)
class SkepticRow:
    """One skeptic: plans judged, challenges by severity, tokens spent, and challenges for a thousand of them."""

    name: str
    judged: int
    blockers: int
    warnings: int
    advisories: int
    tokens: int

    @property
    def challenges(self) -> int:
        """How many challenges in all."""
        return self.blockers + self.warnings + self.advisories

    @property
    def yielded(self) -> float | None:
        """Challenges for a thousand tokens; None where none were spent."""
        return 1000 * self.challenges / self.tokens if self.tokens else None


@dataclass(frozen=True)
class SkepticLedger:
    """All challenges, the gravest first, and the skeptics."""

    challenges: list[Challenged]
    skeptics: list[SkepticRow]


def skeptic_ledger_of(run: Run) -> SkepticLedger:
    """What the skeptics of a run said, and what became of it."""
    begins = reduce(or_, (Q(fact_id__startswith=prefix) for prefix in _PREFIXES))
    keys = (ContextKey.CONSTRAINTS, ContextKey.EVALUATIONS)
    facts = list(run.facts.filter(begins, key__in=keys).exclude(text=None).order_by("seq")[:MOST])
    found = [(fact, challenge) for fact in facts for challenge in challenges_in(fact)]
    plans = {challenge.target_plan for _, challenge in found}
    verdicts, resting = _verdicts(run, plans), _resting(run, plans)
    told = [Challenged(each, fact, verdicts.get(each.target_plan, ""), resting.get(each.target_plan, 0)) for fact, each in found]
    gravity = list(reversed(Severity))
    return SkepticLedger(sorted(told, key=lambda each: gravity.index(each.challenge.severity)), _rows(run, facts, found))


def challenges_in(fact: Fact) -> Iterable[Challenge]:
    """The challenges that a skeptic's judgement holds; none in what is no such judgement."""
    try:
        judgement = msgspec.json.decode(fact.text or "", type=dict)
    except msgspec.DecodeError:
        return ()
    return review_of(str(judgement.get("strategy_id", "")), [judgement]).challenges


def _verdicts(run: Run, plans: set[str]) -> dict[str, str]:
    rows = run.facts.filter(fact_id__in=[Reviewer.prefix + plan for plan in plans]).exclude(text=None)
    return {fact.fact_id.removeprefix(Reviewer.prefix): _verdict(fact.text or "") for fact in rows}


def _verdict(text: str) -> str:
    try:
        return str(msgspec.json.decode(text, type=dict).get("verdict", ""))
    except msgspec.DecodeError:
        return ""


def _resting(run: Run, plans: set[str]) -> dict[str, int]:
    """How many facts that are no judgements declare each plan as used."""
    counts = dict.fromkeys(plans, 0)
    judged = (ContextKey.CONSTRAINTS, ContextKey.EVALUATIONS)
    for used in run.facts.exclude(used=None).exclude(key__in=judged).values_list("used", flat=True):
        for _, fact_id in {(key, id) for key, id in msgspec.json.decode(used or "[]") if key == ContextKey.STRATEGIES}:
            if fact_id in counts:
                counts[fact_id] += 1
    return counts


def _rows(run: Run, facts: list[Fact], found: list[tuple[Fact, Challenge]]) -> list[SkepticRow]:
    names = list(dict.fromkeys(fact.suggestor or "" for fact in facts))
    spent = dict(run.effects.filter(suggestor__in=names).values_list("suggestor").annotate(Sum("tokens")).order_by())
    return [_row(name, facts, [challenge for fact, challenge in found if fact.suggestor == name], spent.get(name) or 0) for name in names]


def _row(name: str, facts: list[Fact], challenges: list[Challenge], tokens: int) -> SkepticRow:
    judged = sum(fact.suggestor == name for fact in facts)
    counted = Counter(challenge.severity for challenge in challenges)
    return SkepticRow(name, judged, counted[Severity.BLOCKER], counted[Severity.WARNING], counted[Severity.ADVISORY], tokens)
