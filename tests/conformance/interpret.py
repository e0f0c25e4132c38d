"""Runs a scenario and prints what the vectors print. Cut mode rebuilds the run from its own rows at every border."""

from collections.abc import Generator, Mapping
from typing import Any

from runs.engine import (
    Conflict,
    ContextKey,
    Fact,
    Finished,
    GateDecision,
    GateRequest,
    GatesOpen,
    Row,
    Seal,
    State,
    converge,
    decision_row,
    restore,
)
from runs.engine.wire import decode
from tests.conformance.scenario import budget_of, gates_of, proposal_of, registry, team_of

Json = Mapping[str, Any]
KINDS = {"BudgetExhausted": "budget_exhausted", "EmptyProvenance": "empty_provenance"}
KINDS |= {"Conflict": "conflict", "InvalidResume": "invalid_resume"}


class Run:
    """One scenario under way: its rows so far, its decisions, and how it ended."""

    def __init__(self, scenario: Json, cut: bool = False) -> None:
        self.scenario = scenario
        self.cut = cut
        self.rows: list[Row] = []
        self.gates: list[GateRequest] = []
        self.finished: Finished | None = None
        self._decisions = list(scenario.get("decisions", ()))
        self.state = State.fresh()

    def go(self) -> "Run":
        """Run to the end, or to a gate that nobody decides."""
        try:
            self.state = State.fresh(proposal_of(seed) for seed in self.scenario["seeds"])
        except Conflict as conflict:
            self.staging = conflict
            return self
        while self._pass():
            self.state = restore(self.envelopes())
        return self

    def envelopes(self) -> list[dict[str, Any]]:
        """The rows as a journal would give them back."""
        return [decode(text) for text in Seal("run", "tenant", "c").envelopes(self.rows, 0, 0, "2026-01-01T00:00:00.000000Z")]

    def _loop(self) -> Generator[Any, Any, None]:
        return converge(
            team_of(self.scenario),
            self.state,
            budget=budget_of(self.scenario),
            gates=gates_of(self.scenario),
            registry=registry(),
            correlation="c",
        )

    def _pass(self) -> bool:
        """Drive the loop; True if it was cut and must be rebuilt."""
        loop, answer = self._loop(), None
        try:
            while True:
                border = loop.send(answer)
                answer = None
                self.rows += border.rows
                if isinstance(border, Finished):
                    self.finished = border
                    return False
                if isinstance(border, GatesOpen):
                    answer = self._decide(border.gates)
                    if answer is None:
                        return False
                    if self.cut and self._fits(border.gates, answer):
                        self.rows += [decision_row(self._request(one), one) for one in answer]
                        return True
                elif self.cut:
                    return True
        finally:
            loop.close()

    def _fits(self, gates: list[GateRequest], decisions: list[GateDecision]) -> bool:
        return {one.gate_id for one in decisions} <= {gate.gate_id for gate in gates}

    def _request(self, decision: GateDecision) -> GateRequest:
        return next(gate for gate in self.gates if gate.gate_id == decision.gate_id)

    def _decide(self, gates: list[GateRequest]) -> list[GateDecision] | None:
        """Decide one open gate, as the vectors do; None leaves it open."""
        known = {gate.gate_id for gate in self.gates}
        self.gates += [gate for gate in gates if gate.gate_id not in known]
        for gate in gates:
            for said in self._decisions:
                if said["proposal_id"] == gate.proposal.id:
                    self._decisions.remove(said)
                    gate_id = said.get("gate_id", gate.gate_id)
                    return [GateDecision(gate_id, said["verdict"], said["by"], said.get("reason"))]
        return None


def interpret(scenario: Json, cut: bool = False) -> dict[str, Any]:
    """The result object of section 2 of the format."""
    return result_of(Run(scenario, cut).go())


def result_of(run: Run) -> dict[str, Any]:
    """Describe a run that ended or waits."""
    result: dict[str, Any] = {"name": run.scenario["name"], **_outcome(run)}
    if result["outcome"] != "error" or result["error_kind"] == "conflict":
        proof = run.state.proof()
        result |= {"facts": _facts(run.state), "fact_count": proof.fact_count, "merkle_root": proof.merkle_root}
    if result["outcome"] == "converged":
        result["clock_time"] = run.state.clock
    return result | {
        "executed": _executed(run.rows),
        "events": [event for row in run.rows if (event := _event(row))],
        "gates": [_gate(gate) for gate in run.gates],
    }


def _outcome(run: Run) -> dict[str, Any]:
    if run.finished is None:
        if run.gates:
            return {"outcome": "paused", "cycles": run.gates[-1].cycle}
        return _error(run.staging)
    result = run.finished.result
    if result.error is not None:
        return _error(result.error)
    return {"outcome": "converged", "cycles": result.cycles}


def _error(error: Exception) -> dict[str, Any]:
    told = {"outcome": "error", "error_kind": KINDS[type(error).__name__], "error": str(error)}
    if isinstance(error, Conflict):
        told |= {"error": f"conflict detected for fact '{error.id}'", "conflict_id": error.id}
    return told


def _facts(state: State) -> list[dict[str, Any]]:
    return [_fact(fact) for key in ContextKey for fact in state.context.get(key)]


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "key": str(fact.key),
        "id": fact.id,
        "family": fact.payload.family,
        "payload": fact.payload.value,
        "promoted_by": fact.span,
        "trace": fact.trace,
        "created_at": fact.created_at,
    }


def _executed(rows: list[Row]) -> list[list[Any]]:
    """Who spoke in which cycle, by number, from what the journal says."""
    names = next((row.data["suggestors"] for row in rows if row.kind == "RunStarted" and row.data), [])
    cycles: dict[int, list[int]] = {}
    for row in rows:
        if row.kind == "SuggestorFinished":
            spoken = cycles.setdefault(row.cycle, [])
            start = spoken[-1] + 1 if spoken else 0
            spoken.append(names.index(row.suggestor, start))
    return [[cycle, numbers] for cycle, numbers in cycles.items()]


def _event(row: Row) -> dict[str, Any] | None:
    if row.kind == "FactPromoted" and row.fact is not None:
        return {"type": row.kind, "fact_id": row.fact.id, "promoted_by": row.fact.span}
    if row.kind == "GateDecisionRecorded" and row.data is not None:
        decision = GateDecision.from_json(row.data["decision"])
        told = {"type": row.kind, "gate_id": decision.gate_id, "proposal_id": row.data["request"]["proposal_id"]}
        told |= {"verdict": decision.verdict, "by": decision.by}
        return told if decision.reason is None else told | {"reason": decision.reason}
    return None


def _gate(gate: GateRequest) -> dict[str, Any]:
    json = gate.to_json()
    return {name: json[name] for name in ("gate_id", "proposal_id", "summary", "cycle", "agent_id", "rationale")}
