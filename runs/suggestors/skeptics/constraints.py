"""The skeptic that holds a plan against the rules of the organisation."""

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from runs.suggestors.forms import NotBlank
from runs.suggestors.judging import CONSTRAINTS, EVALUATIONS, READS
from runs.suggestors.one_of import OneOf
from runs.suggestors.plan_reading import PlanReading
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.skeptics.skeptic import Skeptic, blocker, warning
from runs.suggestors.skeptics.vocabulary import Finding, SkepticismKind


class OrgConstraint(OneOf, frozen=True, forbid_unknown_fields=True):
    """A rule of the organisation: a name, and exactly one check."""

    ONE_OF: ClassVar[tuple[str, ...]] = ("max_budget", "required_approval", "forbidden_action", "required_tag")

    name: Annotated[NotBlank, Meta(description="What the rule is called.", max_length=200)]
    max_budget: Annotated[float | UnsetType, Meta(description="Blocks plans whose costs add up to more.")] = UNSET
    required_approval: Annotated[NotBlank | UnsetType, Meta(description="Blocks plans that this one has not approved.")] = UNSET
    forbidden_action: Annotated[NotBlank | UnsetType, Meta(description="Blocks plans with an action that contains this.")] = UNSET
    required_tag: Annotated[NotBlank | UnsetType, Meta(description="Warns of plans without this tag.")] = UNSET

    def broken_by(self, plan: PlanReading) -> Iterator[Finding]:
        """What of the plan breaks the rule."""
        check, value = self.said()
        if check == "max_budget":
            yield from self._over_budget(sum(plan.numbers("costs", "estimate")), max(value, 0.0))
        elif check == "required_approval" and value not in plan.texts("approvals"):
            yield blocker(f"{self.name}: the approval of '{value}' is required")
        elif check == "forbidden_action" and any(value in action for action in plan.texts("actions")):
            yield blocker(f"{self.name}: the action '{value}' is forbidden")
        elif check == "required_tag" and value not in plan.texts("tags"):
            yield warning(f"{self.name}: missing tag '{value}'")

    def _over_budget(self, total: float, limit: float) -> Iterator[Finding]:
        if total > limit:
            yield blocker(f"{self.name}: the costs of {total:.0f} exceed the budget of {limit:.0f}")


ConstraintForm = Annotated[OrgConstraint, Meta(extra_json_schema={"oneOf": [{"required": [name]} for name in OrgConstraint.ONE_OF]})]


class ConstraintChecker(Skeptic):
    """Blocks plans that break a rule, and warns of missing tags. Without rules everything passes."""

    agent = "constraint-checker"
    kind = SkepticismKind.CONSTRAINT_CHECKING
    prefixes = ("constraint-pass-", "constraint-block-")
    cleared_prefix, blocked_prefix = prefixes
    blocked_messages = "violations"

    def __init__(self, constraints: Sequence[OrgConstraint] = (), *, name: str | None = None) -> None:
        super().__init__(name)
        self._constraints = tuple(constraints)

    def findings(self, plan: PlanReading) -> list[Finding]:
        """What breaks each rule, in the order of the rules."""
        return [finding for constraint in self._constraints for finding in constraint.broken_by(plan)]


class ConstraintCheckerParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `constraint-checker`."""

    constraints: Annotated[list[ConstraintForm], Meta(description="The rules, in order; none = everything passes.")] = []


register(
    Kind(
        kind=ConstraintChecker.agent,
        summary="Holds a plan against budgets, approvals, forbidden actions and tags.",
        params=ConstraintCheckerParams,
        build=lambda params, name: ConstraintChecker(params.constraints, name=name),
        reads=always(*READS),
        writes=always(EVALUATIONS, CONSTRAINTS),
        alone=True,
    )
)
