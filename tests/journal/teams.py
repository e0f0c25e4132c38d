"""Small teams that make every kind of row, and a way to journal what they do."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from runs.engine import Budget, ContextKey, GateDecision, GatePolicy, GatesOpen, Payload, Proposal, State, Suggestor, converge
from runs.journal import append
from runs.models import Run

START = datetime(2026, 11, 22, 1, 2, 3, 4, tzinfo=UTC)


def vote(topic: str, voter: str, decision: str) -> Proposal:
    payload = Payload.of("converge.governance.vote", {"topic": topic, "voter": voter, "decision": decision})
    return Proposal(ContextKey.VOTES, f"vote:{topic}:{voter}", payload, voter)


def disagreement(topic: str, who: str) -> Proposal:
    payload = Payload.of("converge.governance.disagreement", {"topic": topic, "dissenter": who, "reason": "no"})
    return Proposal(ContextKey.DISAGREEMENTS, f"disagreement:{topic}:{who}", payload, who)


def outcome(topic: str) -> Proposal:
    value = {"topic": topic, "rule": "majority", "yesVotes": 2, "noVotes": 1, "abstainVotes": 0, "totalVoters": 3, "passes": True}
    return Proposal(ContextKey.CONSENSUS_OUTCOMES, f"outcome:{topic}", Payload.of("converge.governance.consensus_outcome", value), "e")


def text(key: ContextKey, name: str, words: str, confidence: float = 1.0) -> Proposal:
    return Proposal.text_of(key, name, words, "test", confidence)


class Says(Suggestor):
    """Says a list of things once the one before it has spoken."""

    def __init__(self, name: str, says: Sequence[Proposal], after: tuple[ContextKey, str] | None = None) -> None:
        self.name, self.says, self.after = name, says, after
        self.dependencies = [after[0]] if after else ()

    def accepts(self, context: Any) -> bool:
        said = self.says[-1]
        heard = self.after is None or context.fact(*self.after) is not None
        return heard and context.fact(said.key, said.id) is None

    def suggest(self, context: Any) -> Iterable[Proposal]:
        return self.says


class Stumbles(Suggestor):
    """Raises in the first cycle."""

    name, dependencies = "stumbler", (ContextKey.SEEDS,)

    def suggest(self, context: Any) -> Iterable[Proposal]:
        raise RuntimeError("stumbled")


def huddle() -> list[Suggestor]:
    """Rounds, notes, votes, an outcome, a refusal and a failure."""
    key = ContextKey
    return [
        Says("starter", [text(key.SIGNALS, "round:start:1", "Round 1")]),
        Says("ada", [text(key.HYPOTHESES, "blank", " "), text(key.HYPOTHESES, "note:ada:1", "Yes – ☂\0!")], (key.SIGNALS, "round:start:1")),
        Says("scribe", [text(key.STRATEGIES, "synthesis:1", "All of it")], (key.HYPOTHESES, "note:ada:1")),
        Says("chair", [text(key.CONSTRAINTS, "round:continue:1", "go on")], (key.STRATEGIES, "synthesis:1")),
        Says("bob", [vote("t", "ada", "yes"), vote("t", "bob", "no"), vote("t", "cy", "yes"), disagreement("t", "bob")],
             (key.CONSTRAINTS, "round:continue:1")),
        Says("judge", [outcome("t")], (key.VOTES, "vote:t:cy")),
        Stumbles(),
    ]  # fmt: skip


SEEDS = [text(ContextKey.SEEDS, "s1", "Choose")]
GATES = GatePolicy(keys=(ContextKey.STRATEGIES,), approvers=("approver",), timeout_seconds=60)


def journaled(run: Run, team: Sequence[Suggestor], *, gates: GatePolicy | None = None, decide: str = "approve") -> Run:
    """Run a team to its end, appending at every border, one second apart; gates are decided on the spot."""
    team_run = converge(team, State.fresh(SEEDS), budget=Budget(), gates=gates, lap=lambda: 7)
    at, answer = START, None
    while True:
        try:
            border = team_run.send(answer)
        except StopIteration:
            return run
        append(run, [(at, border.rows)], lease=run.lease)
        at, answer = at + timedelta(seconds=1), None
        if isinstance(border, GatesOpen):
            answer = [GateDecision(gate.gate_id, decide, "ada", "because") for gate in border.gates]
