"""Templates that come to a decision: between options, among candidates, between vendors."""

from typing import Annotated

from msgspec import Meta

from runs.engine import ConsensusRule
from runs.suggestors.forms import NotBlank
from runs.suggestors.templates.people import Deliberation, People
from runs.suggestors.templates.pieces import (
    Approval,
    Json,
    Limits,
    Options,
    Parameters,
    document,
    reviewed,
    rule,
    simulated,
    strategy,
    text,
)

SKEPTICS = {"kind": "adversarial-review"}


class DecisionParams(Parameters, frozen=True, kw_only=True):
    """Parameters of a decision between options."""

    question: Annotated[NotBlank, Meta(description="What is to be decided.")]
    options: Options
    people: People
    limits: Annotated[Limits, Meta(description="What every option must keep to.")] = Limits()
    rule: Annotated[ConsensusRule, Meta(description="When an option is accepted.")] = ConsensusRule.MAJORITY


def decision(params: DecisionParams) -> Json:
    """Skeptics look at each option, then people vote on each of them."""
    talk = Deliberation(params.people, topology="panel", topics=_ids(params), rule=params.rule, review=reviewed(params.options))
    team: list[Json] = [{"kind": "problem-classifier"}, {"team": "adversarial", "with": params.limits.checking()}, SKEPTICS, *talk.team()]
    return document(params, params.question, team, _seeds(params), charter=talk.charter())


class EvaluationParams(DecisionParams, frozen=True, kw_only=True):
    """Parameters of an evaluation of candidates."""

    metric: Annotated[NotBlank, Meta(description="Number by which candidates are compared with one another.")] = "total_cost"


def evaluation(params: EvaluationParams) -> Json:
    """Candidates are simulated and compared with one another; judges say which of them qualify."""
    talk = Deliberation(params.people, topology="panel", topics=_ids(params), rule=params.rule, review=simulated(params.options))
    compared = {"kind": "anomaly-skeptic", "with": {"metric_field": params.metric, "threshold": 1.2}}
    checked = {"kind": "constraint-checker", "with": {"constraints": params.limits.constraints()}}
    team: list[Json] = [compared, checked, {"team": "simulation-swarm", "with": params.limits.simulating()}, *talk.team()]
    return document(params, params.question, team, _seeds(params), charter=talk.charter())


class VendorDecisionParams(DecisionParams, frozen=True, kw_only=True):
    """Parameters of the choice of a vendor."""

    approval: Annotated[Approval, Meta(description="Who signs the decision.")] = Approval()


def vendor_decision(params: VendorDecisionParams) -> Json:
    """Due diligence by skeptics and simulators, a vote on each vendor, and a record that somebody signs."""
    options = params.options
    talk = Deliberation(
        params.people, topology="panel", topics=_ids(params), rule=params.rule, review=[*reviewed(options), *simulated(options)]
    )
    decided = [("ConsensusOutcomes", f"outcome:{option.id}") for option in options]
    words = f"{params.question} Decided by vote of the panel; reviews, votes and dissent stand beside this record."
    record = rule("record keeper", decided, text("Proposals", "vendor-selection-decision", words, "procurement"))
    baseline = rule("rubric keeper", decided, text("Evaluations", "rubric-baseline", _rubric(params.limits), "procurement"))
    filed = rule(
        "auditor",
        [("Proposals", "vendor-selection-decision")],
        text("Signals", "audit-entry", "The signed decision was filed with its votes and its dissent.", "audit"),
    )
    team: list[Json] = [
        {"team": "stress-test", "with": params.limits.checking() | params.limits.simulating(), "without": ["planning-prior"]},
        SKEPTICS,
    ]
    team += [*talk.team(), record, baseline, filed]
    return document(params, params.question, team, _seeds(params), charter=talk.charter(), gates=params.approval.gates("Proposals"))


def _rubric(limits: Limits) -> str:
    told = [f"at most {limits.budget:,.0f}" if limits.budget else "", *(f"no {word}" for word in limits.forbidden)]
    told += [f"approved by {who}" for who in limits.approvals] + [f"tagged {tag}" for tag in limits.tags]
    return "The rubric of this decision: " + ("; ".join(filter(None, told)) or "no limits") + "."


def _ids(params: DecisionParams) -> list[str]:
    return [option.id for option in params.options]


def _seeds(params: DecisionParams) -> list[Json]:
    seeds = [text("Seeds", "question", params.question, "author")]
    for option in params.options:
        seeds += [text("Seeds", option.id, option.text, "author"), strategy(option, "author")]
    return seeds
