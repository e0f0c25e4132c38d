"""The plan, `organism.plan/v1`: the one form that huddles write and that skeptics and simulators read.

As a payload it is of family `organism.plan`, version 1, and is checked wherever a document brings it. The same JSON in a
text is read as well, and any other text is a plan that declares nothing (`plan_reading`).
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

FAMILY = "organism.plan"

LONGEST = 2**31 - 1
Count = Annotated[int, Meta(ge=0, le=LONGEST)]
Texts = list[str]
Likelihood = Literal["very_likely", "likely", "possible", "unlikely", "rare"]
ReasoningSystem = Literal[
    "llm_reasoning", "constraint_solver", "ml_prediction", "causal_analysis", "cost_estimation", "domain_model", "fuzzy_reasoning"
]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a plan; what was not given is not written."""


class PlanStep(_Part, frozen=True):
    """One step of a plan."""

    action: Annotated[str, Meta(description="What is done.")]
    expected_effect: Annotated[str, Meta(description="What it should bring about.")] = ""


class PlanCost(_Part, frozen=True):
    """One item of cost."""

    estimate: Annotated[float, Meta(description="Amount of money.")]
    category: Annotated[str, Meta(description="What it is spent on.")] = "unknown"
    uncertainty: Annotated[float | UnsetType, Meta(description="How unsure the amount is: its share, 0.5 = half.")] = UNSET
    description: Annotated[str, Meta(description="In words.")] = ""


class PlanImpact(_Part, frozen=True):
    """Something that the plan should bring about."""

    confidence: Annotated[float, Meta(ge=0, le=1, description="How sure it is, from 0 to 1.")]
    description: Annotated[str, Meta(description="In words.")] = ""


class PlanRisk(_Part, frozen=True):
    """Something that may go wrong."""

    likelihood: Annotated[Likelihood, Meta(description="How likely it is.")]
    description: Annotated[str, Meta(description="In words.")] = ""
    mitigation: Annotated[str, Meta(description="What is done against it; none = nothing.")] = ""


class CausalClaim(_Part, frozen=True):
    """That one thing brings about another."""

    cause: Annotated[str, Meta(description="The one.")]
    effect: Annotated[str, Meta(description="The other.")]
    evidence_count: Annotated[Count, Meta(description="How many observations support it.")] = 0
    confounders: Annotated[Texts, Meta(description="What else might explain the effect.")] = []


class PlanDependency(_Part, frozen=True):
    """Something that the plan needs from elsewhere."""

    name: Annotated[str, Meta(description="What it is.")]
    available: Annotated[bool, Meta(description="Whether it is there.")] = True
    lead_time_days: Annotated[Count | UnsetType, Meta(description="Days until it is there.")] = UNSET


class PlanAnnotation(_Part, frozen=True):
    """What a plan declares about itself; reviewers look at nothing else."""

    assumptions: Annotated[Texts, Meta(description="What it takes for granted.")] = []
    evidence: Annotated[Texts, Meta(description="What supports the assumptions: texts that repeat them.")] = []
    costs: Annotated[list[PlanCost], Meta(description="What it costs, item by item.")] = []
    total_cost: Annotated[float | UnsetType, Meta(description="What it costs in all.")] = UNSET
    expected_revenue: Annotated[float | UnsetType, Meta(description="What it earns.")] = UNSET
    roi: Annotated[float | UnsetType, Meta(description="Return on investment, as a multiple.")] = UNSET
    actions: Annotated[Texts, Meta(description="What is done, for rules about actions.")] = []
    tags: Annotated[Texts, Meta(description="Tags, for rules about tags.")] = []
    approvals: Annotated[Texts, Meta(description="Who approved it.")] = []
    constraints: Annotated[Texts, Meta(description="What must not be touched: causes and effects that name it are side effects.")] = []
    team_size: Annotated[Count | UnsetType, Meta(description="People who work on it.")] = UNSET
    parallel_initiatives: Annotated[Count | UnsetType, Meta(description="What else they work on at the same time.")] = UNSET
    timeline_days: Annotated[Count | UnsetType, Meta(description="Days until it is done.")] = UNSET
    complexity: Annotated[Literal["low", "medium", "high", "critical"] | UnsetType, Meta(description="How complex it is.")] = UNSET
    key_people: Annotated[Texts, Meta(description="Without whom it fails.")] = []
    impacts: Annotated[list[PlanImpact], Meta(description="What it should bring about.")] = []
    risks: Annotated[list[PlanRisk], Meta(description="What may go wrong.")] = []
    authority_level: Annotated[Count | UnsetType, Meta(description="Level of authority behind it.")] = UNSET
    compliance_tags: Annotated[Texts, Meta(description="Rules that it complies with.")] = []
    approval_gates: Annotated[Texts, Meta(description="Approvals that it must pass.")] = []
    causal_claims: Annotated[list[CausalClaim], Meta(description="What it believes to bring about what.")] = []
    team_utilization: Annotated[float | UnsetType, Meta(description="How busy the team is, as a share.")] = UNSET
    system_load: Annotated[float | UnsetType, Meta(description="How loaded the systems are, as a share.")] = UNSET
    dependencies: Annotated[list[PlanDependency], Meta(description="What it needs from elsewhere.")] = []
    metrics: Annotated[dict[str, float], Meta(description="Further numbers, for comparing plans.")] = {}


class Plan(_Part, frozen=True):
    """A plan: what is done and why, and what it declares about itself."""

    description: Annotated[str, Meta(description="What it is.")] = ""
    steps: Annotated[list[PlanStep], Meta(description="Its steps, in order.")] = []
    rationale: Annotated[str, Meta(description="Why it should work.")] = ""
    annotation: Annotated[PlanAnnotation, Meta(description="What it declares about itself.")] = PlanAnnotation()
    contributor: Annotated[ReasoningSystem, Meta(description="What kind of reasoning it comes from.")] = "llm_reasoning"

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        content: dict[str, Any] = msgspec.to_builtins(self)
        return content
