"""The outcome record of a run: what it was, who took part, whom they asked, how it ended and what that is worth."""

import json
from typing import Any

from runs.engine import ContextKey
from runs.engine.stopping import StopReason
from runs.journal.tournaments import score_of
from runs.models import Entrant, Run, RunStatus
from runs.reading.waiting import document_of
from runs.suggestors.document import FormationDocument
from runs.suggestors.seats import Seat

#: A whole, in basis points.
WHOLE = 10_000
#: What an ended run is to those who keep records, by its stop reason; everything else has failed.
STATUSES = {
    "Converged": "Converged",
    "CriteriaMet": "Converged",
    "HumanInterventionRequired": "NeedsReview",
    "HitlGatePending": "NeedsReview",
    "InvariantViolated": "CriteriaBlocked",
    "PromotionRejected": "CriteriaBlocked",
}
#: The part that a seat plays, by the first key under which it proposes.
ROLES = {
    ContextKey.SIGNALS: "signal",
    ContextKey.HYPOTHESES: "analysis",
    ContextKey.STRATEGIES: "planning",
    ContextKey.EVALUATIONS: "evaluation",
    ContextKey.VOTES: "evaluation",
    ContextKey.CONSTRAINTS: "constraint",
    ContextKey.PROPOSALS: "synthesis",
    ContextKey.CONSENSUS_OUTCOMES: "synthesis",
}
CAPABILITIES = {
    "llm": "llm_reasoning",
    "llm-voter": "llm_reasoning",
    "llm-synthesizer": "llm_reasoning",
    "tool": "knowledge_retrieval",
    "solver": "optimization",
    "policy": "policy_enforcement",
    "policy-simulation": "policy_enforcement",
    "human": "human_in_the_loop",
    "planning-prior": "experience_learning",
    "outcome-simulation": "analytics",
    "cost-simulation": "analytics",
    "causal-simulation": "analytics",
    "operational-simulation": "analytics",
    "anomaly-skeptic": "analytics",
    "fuzzy-inference": "analytics",
}
DECIDING = {"consensus-evaluator", "swarm-recommendation"}


def outcome_of(run: Run) -> dict[str, Any]:
    """The record, derived from the run as it stands."""
    document = document_of(run)
    entrant = Entrant.objects.filter(run=run).first()
    roster = [] if document is None else [_member(seat, document) for seat in document.seats if seat.enabled]
    return {
        "scope": _scope(run, entrant),
        "template_id": run.version.formation.slug,
        "template_kind": "static",
        "roster": roster,
        "provider_assignments": _assignments(run, {member["suggestor_id"]: member["role"] for member in roster}),
        "status": status_of(run),
        "stop_reason": _reason(run).kind if run.stop_reason else None,
        "gate_triggers": list(run.gates.order_by("seq").values_list("gate_id", flat=True)),
        "quality_signal": _quality(run, entrant),
        "criteria": json.loads(run.criteria or "[]"),
        "writeback_target": None,
    }


def status_of(run: Run) -> str:
    """Planned while it goes on, NeedsReview while people must decide, then by its stop reason."""
    if not run.stop_reason:
        return "NeedsReview" if run.status == RunStatus.WAITING else "Planned"
    reason = _reason(run)
    return "BudgetExhausted" if reason.is_budget_exhausted else STATUSES.get(reason.kind, "Failed")


def _reason(run: Run) -> StopReason:
    return StopReason.from_json(json.loads(run.stop_reason))


def _scope(run: Run, entrant: Entrant | None) -> dict[str, Any]:
    return {
        "plan_id": str(run.version),
        "correlation_id": run.correlation_id,
        "tenant_id": run.tenant.slug,
        "tournament_id": None if entrant is None else str(entrant.tournament_id),
        "candidate_id": None if entrant is None else str(entrant.number),
    }


def _member(seat: Seat, document: FormationDocument) -> dict[str, Any]:
    capability = CAPABILITIES.get(seat.kind.kind)
    return {
        "suggestor_id": seat.name,
        "role": next((ROLES[key] for key in seat.writes() if key in ROLES), "meta"),
        "capabilities": [capability] if capability else [],
        # Whoever reaches out is answered from the journal when the run is executed again; the others need no record.
        "replay_mode": "Required" if seat.kind.reaches_out else "NotRequired",
        "governance_class": _governance(seat, document),
    }


def _governance(seat: Seat, document: FormationDocument) -> str:
    gated = document.gates.keys if document.gates is not None else ()
    if seat.kind.kind == "human" or any(key in gated for key in seat.writes()):
        return "HumanApprovalRequired"
    if seat.kind.kind == "policy":
        return "RegulatedDecision"
    return "BusinessDecision" if seat.kind.kind in DECIDING else "LowRisk"


def _assignments(run: Run, roles: dict[str, str]) -> list[dict[str, str]]:
    """Who asked whom."""
    asked = run.effects.filter(kind__in=("LLMCall", "ToolCall")).values_list("suggestor", "target")
    pairs = sorted({(str(name), str(target)) for name, target in asked})
    return [{"suggestor_id": name, "role": roles.get(name, "meta"), "provider_id": target} for name, target in pairs]


def _quality(run: Run, entrant: Entrant | None) -> dict[str, Any] | None:
    """What its end is worth, in basis points: its score in a tournament, else the criteria that it met."""
    if entrant is not None and entrant.score is not None:
        return {"metric": "tournament_score", "score": round(entrant.score * WHOLE), "evidence": f"tournament {entrant.tournament_id}"}
    score = score_of(run)
    if not score.criteria_total:
        return None
    evidence = f"{score.criteria_met} of {score.criteria_total} criteria met"
    return {"metric": "criteria_met", "score": round(score.criteria_met * WHOLE / score.criteria_total), "evidence": evidence}
