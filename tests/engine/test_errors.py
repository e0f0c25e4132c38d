"""The errors of the engine: the original's words, and the exact stop reason of each."""

import pytest

from runs.engine.errors import AgentFailed, BudgetExhausted, Conflict, EmptyProvenance, InvalidResume, InvalidSnapshot, InvariantViolation
from runs.engine.stopping import StopReason


def internal(message):
    return {"Error": {"message": message, "category": "Internal"}}


@pytest.mark.parametrize(
    ("error", "words", "stop"),
    [
        (
            Conflict("f", "{1}", "{2}"),
            "conflict detected for fact 'f': existing content '{1}' vs new content '{2}'",
            internal("conflict for fact 'f': existing '{1}' vs new '{2}'"),
        ),
        (InvalidResume("gate_id mismatch"), "invalid gate resume: gate_id mismatch", internal("invalid gate resume: gate_id mismatch")),
        (
            InvalidSnapshot("why"),
            "invalid context snapshot: why",
            {"Error": {"message": "invalid context snapshot: why", "category": "Configuration"}},
        ),
        (
            InvariantViolation("no_empty", "Semantic", "bad"),
            "Semantic invariant 'no_empty' violated: bad",
            {"InvariantViolated": {"class": "Semantic", "name": "no_empty", "reason": "bad"}},
        ),
        (AgentFailed("agent-x", "why"), "agent failed: agent-x: why", {"AgentRefused": {"agent_id": "agent-x", "reason": "why"}}),
        (
            EmptyProvenance("a"),
            "suggestor 'a' emitted proposals with empty provenance — stamp each ProposedFact with a non-empty ProvenanceSource string",
            {"AgentRefused": {"agent_id": "a", "reason": "suggestor emitted proposals with empty provenance"}},
        ),
        (BudgetExhausted("cycles", "Cycles", StopReason.of("Converged"), 1, 2), "budget exhausted: cycles", "Converged"),
    ],
    ids=lambda it: type(it).__name__,
)
def test_an_error_says_what_the_original_says_and_why_the_run_stopped(error, words, stop):
    assert str(error) == words
    assert error.stop_reason.to_json() == stop
