"""A run told in one object: what a command prints when it is over."""

import json
from typing import Any

from runs.engine.stopping import StopReason
from runs.models import Run
from runs.reading.outcome import outcome_of
from runs.reading.plans import plans_of

MAP_FAMILY = "organism.huddle.disagreement_map"
#: Exit code of a command that conducted a run which is not over.
WAITING, LEFT = 3, 1


def report_of(run: Run) -> dict[str, Any]:
    """Status, counts, proof, verdicts and maps of the run as it stands in the database."""
    run = Run.objects.select_related("version__formation", "tenant").get(pk=run.pk)
    maps = run.facts.filter(key="Diagnostic", family=MAP_FAMILY).order_by("seq")
    return {
        "run": str(run.uuid),
        "label": run.label,
        "status": run.status,
        "stop_reason": json.loads(run.stop_reason) if run.stop_reason else None,
        "message": run.message,
        "cycles": run.cycles or run.cycle,
        "fact_count": run.fact_count,
        "merkle_root": run.merkle_root,
        "clock_time": run.clock_time,
        "digest": run.digest,
        "outcomes": [outcome.as_payload() for outcome in run.outcomes.order_by("seq")],
        "disagreement_maps": [fact.value for fact in maps],
        "plans": [plan.as_value() for plan in plans_of(run)],
        "criteria": json.loads(run.criteria or "[]"),
        "outcome_record": outcome_of(run),
        "gates_open": list(run.gates.pending().order_by("seq").values_list("gate_id", flat=True)),
    }


def exit_code_of(report: dict[str, Any]) -> int:
    """0 converged, 3 a human is needed, 4 a budget is spent, 5 cancelled, 1 everything else."""
    if report["stop_reason"] is not None:
        return StopReason.from_json(report["stop_reason"]).exit_code
    return WAITING if report["status"] == "waiting" else LEFT
