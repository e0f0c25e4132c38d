"""The convergence engine: pure Python, no Django, no clock, no randomness, no I/O."""

from runs.engine.borders import Border, CycleMerged, EffectsWanted, Finished, GatesOpen
from runs.engine.budget import Budget, Spent
from runs.engine.context import Context
from runs.engine.convergence import converge
from runs.engine.effects import (
    Effect,
    EffectFailed,
    EffectRequest,
    EffectResult,
    EffectSink,
    InterruptRaise,
    LLMCall,
    MemoryEffectSink,
    NoopEffectSink,
    StateWrite,
    ToolCall,
)
from runs.engine.ending import ConvergeResult, ending
from runs.engine.envelope import FormationExperienceObserver, Seal
from runs.engine.errors import Conflict, ConvergeError, InvalidResume
from runs.engine.facts import ContextKey, Fact, Payload, Proposal
from runs.engine.gates import GateDecision, GatePolicy, GateRequest, decision_row
from runs.engine.governance import ConsensusOutcome, ConsensusRule, Disagreement, Vote, VoteDecision, VoteTally
from runs.engine.invariants import Invariant, InvariantClass
from runs.engine.payloads import PayloadError, PayloadRegistry
from runs.engine.replay import restore
from runs.engine.state import State
from runs.engine.stopping import StopReason
from runs.engine.suggestor import Suggestor
from runs.engine.wire import Row

__all__ = [
    "Border",
    "Budget",
    "Conflict",
    "ConsensusOutcome",
    "ConsensusRule",
    "Context",
    "ContextKey",
    "ConvergeError",
    "ConvergeResult",
    "CycleMerged",
    "Disagreement",
    "Effect",
    "EffectFailed",
    "EffectRequest",
    "EffectResult",
    "EffectSink",
    "EffectsWanted",
    "Fact",
    "Finished",
    "FormationExperienceObserver",
    "GateDecision",
    "GatePolicy",
    "GateRequest",
    "GatesOpen",
    "InterruptRaise",
    "InvalidResume",
    "Invariant",
    "InvariantClass",
    "LLMCall",
    "MemoryEffectSink",
    "NoopEffectSink",
    "Payload",
    "PayloadError",
    "PayloadRegistry",
    "Proposal",
    "Row",
    "Seal",
    "Spent",
    "State",
    "StateWrite",
    "StopReason",
    "Suggestor",
    "ToolCall",
    "Vote",
    "VoteDecision",
    "VoteTally",
    "converge",
    "decision_row",
    "ending",
    "restore",
]
