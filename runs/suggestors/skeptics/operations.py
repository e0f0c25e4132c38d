"""The skeptic that doubts whether the people can do it in the time."""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from runs.suggestors.judging import CONSTRAINTS, EVALUATIONS, READS
from runs.suggestors.plan import Count
from runs.suggestors.plan_reading import PlanReading
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.skeptics.skeptic import Skeptic, advisory, blocker, warning
from runs.suggestors.skeptics.vocabulary import Finding, SkepticismKind

MOST_PARALLEL = 3


class Least(NamedTuple):
    """What a plan of some complexity needs at least."""

    days: int
    people: int


COMPLEXITIES = {"low": Least(0, 1), "medium": Least(14, 1), "high": Least(30, 3), "critical": Least(90, 5)}


class OperationalSkeptic(Skeptic):
    """Warns of too much at once, small teams, short times; notes a single key person. A critical plan needs its team."""

    agent = "operational-skeptic"
    kind = SkepticismKind.OPERATIONAL_SKEPTICISM
    prefixes = ("ops-skeptic-eval-", "ops-skeptic-block-")
    cleared_prefix, blocked_prefix = prefixes

    def __init__(self, max_parallel_initiatives: int = MOST_PARALLEL, *, name: str | None = None) -> None:
        super().__init__(name)
        self._most = max_parallel_initiatives

    def findings(self, plan: PlanReading) -> list[Finding]:
        """Parallel work, team, time, key people."""
        complexity = plan.text("complexity") or ""
        team, days = plan.count("team_size"), plan.count("timeline_days")
        return [*self._parallel(plan), *_team(complexity, team), *_time(complexity, days), *_people(plan.texts("key_people"))]

    def _parallel(self, plan: PlanReading) -> Iterator[Finding]:
        parallel = plan.count("parallel_initiatives")
        if parallel is not None and parallel > self._most:
            yield warning(f"{parallel} parallel initiatives, more than {self._most}")


def _team(complexity: str, team: int | None) -> Iterator[Finding]:
    if complexity in ("high", "critical") and team is not None and team < COMPLEXITIES[complexity].people:
        say = blocker if complexity == "critical" else warning
        yield say(f"understaffed: {team} people for {complexity} complexity, which needs {COMPLEXITIES[complexity].people}")


def _time(complexity: str, days: int | None) -> Iterator[Finding]:
    least = COMPLEXITIES.get(complexity)
    if least is not None and days is not None and days < least.days:
        yield warning(f"aggressive timeline: {days} days for {complexity} complexity, which needs {least.days}")


def _people(people: list[str]) -> Iterator[Finding]:
    if len(people) == 1:
        yield advisory(f"single point of failure: {people[0]}")


class OperationalSkepticParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `operational-skeptic`."""

    max_parallel_initiatives: Annotated[Count, Meta(description="More initiatives at the same time are doubted.")] = MOST_PARALLEL


register(
    Kind(
        kind=OperationalSkeptic.agent,
        summary="Doubts whether the people can do it in the time.",
        params=OperationalSkepticParams,
        build=lambda params, name: OperationalSkeptic(params.max_parallel_initiatives, name=name),
        reads=always(*READS),
        writes=always(EVALUATIONS, CONSTRAINTS),
        alone=True,
    )
)
