"""Templates about plans: making one, stress-testing some, asking for money, and looking into a claim."""

from typing import Annotated

import msgspec
from msgspec import Meta

from runs.suggestors.forms import Id, NotBlank
from runs.suggestors.plan import Count, PlanAnnotation
from runs.suggestors.templates.pieces import (
    Approval,
    Json,
    Limits,
    Option,
    Options,
    Parameters,
    document,
    reviewed,
    rule,
    simulated,
    strategy,
    text,
)

REVIEW = {"kind": "adversarial-review"}


class StressTestParams(Parameters, frozen=True, kw_only=True):
    """Parameters of a stress test."""

    plans: Options
    limits: Annotated[Limits, Meta(description="What every plan must keep to.")] = Limits()
    authority_level: Annotated[Count, Meta(description="Level of authority that a plan needs.")] = 1


def stress_test(params: StressTestParams) -> Json:
    """Skeptics and simulators judge each plan."""
    return document(
        params, "Skeptics and simulators judge each plan.", _stress(params), [strategy(plan, "author") for plan in params.plans]
    )


def _stress(params: StressTestParams) -> list[Json]:
    allowed = {"policy-simulation": {"required_authority_level": params.authority_level}}
    team: list[Json] = [
        {"team": "stress-test", "with": params.limits.checking() | params.limits.simulating() | allowed},
        REVIEW,
        {"kind": "causal-skeptic"},
    ]
    return [*team, {"kind": "anomaly-skeptic"}] if len(params.plans) > 2 else team


class PlanningParams(StressTestParams, frozen=True, kw_only=True):
    """Parameters of planning."""

    outcome: Annotated[NotBlank, Meta(description="What is to be reached.")]


def planning(params: PlanningParams) -> Json:
    """Plans are put on the table, stress-tested, and summed up as a proposal for a schedule."""
    plans = [{"id": plan.id, "plan": {"description": plan.text, "annotation": msgspec.to_builtins(plan.plan)}} for plan in params.plans]
    table = {"kind": "huddle-seed", "with": {"outcome": params.outcome, "plans": plans}}
    words = f"{params.outcome} Each plan has its review and its recommendation; take the one that may proceed."
    ready = rule("scheduler", [*reviewed(params.plans), *simulated(params.plans)], text("Proposals", "schedule", words, "planning"))
    return document(params, params.outcome, [table, *_stress(params), ready], [])


class SpendParams(Parameters, frozen=True, kw_only=True):
    """Parameters of a spend approval."""

    purpose: Annotated[NotBlank, Meta(description="What the money is for.")]
    plan: Annotated[PlanAnnotation, Meta(description="Costs, revenue, authority level, approvals and so on.")]
    limits: Annotated[Limits, Meta(description="What it must keep to.")] = Limits()
    authority_level: Annotated[Count, Meta(description="Level of authority that it needs.")] = 1
    approval: Annotated[Approval, Meta(description="Who says yes.")] = Approval()


def spend(params: SpendParams) -> Json:
    """The request is checked, and waits for a person with the checks beside it; nothing is booked before."""
    option = Option("request", params.purpose, params.plan)
    allowed = {"kind": "policy-simulation", "with": {"required_authority_level": params.authority_level}}
    checks: list[Json] = [
        {"team": "adversarial", "with": params.limits.checking()},
        REVIEW,
        allowed,
        {"kind": "cost-simulation", "with": params.limits.simulating().get("cost-simulation", {})},
    ]
    total = sum(cost.estimate for cost in params.plan.costs)
    asked = rule("requester", reviewed([option]), text("Proposals", "spend", f"Spend {total:,.0f}: {params.purpose}", "requester"))
    booked = rule("bookkeeper", [("Proposals", "spend")], text("Evaluations", "booked", f"{total:,.0f} booked.", "bookkeeping"))
    seeds = [text("Seeds", "purpose", params.purpose, "requester"), strategy(option, "requester")]
    return document(params, params.purpose, [*checks, asked, booked], seeds, gates=params.approval.gates("Proposals"))


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is claimed, and what supports it."""

    text: Annotated[NotBlank, Meta(description="The claim.")]
    evidence: Annotated[str, Meta(description="What was found; none = it stands unsupported.")] = ""


class DiligenceParams(Parameters, frozen=True, kw_only=True):
    """Parameters of a due diligence."""

    id: Annotated[Id, Meta(description="A short name of whoever is looked into.")]
    target: Annotated[NotBlank, Meta(description="Who or what is looked into, and why.")]
    claims: Annotated[list[Claim], Meta(min_length=1, description="What is claimed.")]
    plan: Annotated[PlanAnnotation, Meta(description="Further facts: costs, risks, compliance tags.")] = PlanAnnotation()
    compliance: Annotated[list[NotBlank], Meta(description="Rules that must be complied with.")] = []
    approval: Annotated[Approval, Meta(description="Who accepts the report.")] = Approval()


def diligence(params: DiligenceParams) -> Json:
    """Claims are held against the evidence, rules are checked, and a person accepts the report or does not."""
    supported = [f"{claim.text}: {claim.evidence}" for claim in params.claims if claim.evidence]
    claimed = msgspec.structs.replace(params.plan, assumptions=[claim.text for claim in params.claims], evidence=supported)
    option = Option(params.id, params.target, claimed)
    allowed = {"kind": "policy-simulation", "with": {"require_compliance_tags": params.compliance, "required_authority_level": 0}}
    verdict = "warn" if len(supported) < len(params.claims) else "pass"
    judged = [("Evaluations", f"assumption-{verdict}-{params.id}")]
    open_claims = [claim.text for claim in params.claims if not claim.evidence]
    words = f"{params.target} {len(supported)} of {len(params.claims)} claims are supported."
    words += f" Open: {'; '.join(open_claims)}." if open_claims else ""
    report = rule("examiner", judged, text("Proposals", "report", words, "diligence"))
    filed = rule("archive", [("Proposals", "report")], text("Signals", "filed", "The accepted report was filed.", "archive"))
    team: list[Json] = [{"kind": "assumption-breaker"}, {"kind": "causal-skeptic"}, allowed, report, filed]
    seeds = [text("Seeds", "target", params.target, "author"), strategy(option, "author")]
    return document(params, params.target, team, seeds, gates=params.approval.gates("Proposals"))
