"""From the rows of a journal back to the state of a run: the one path of resuming."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from runs.engine.facts import ContextKey, Fact
from runs.engine.gates import GateDecision, Parked
from runs.engine.state import State

Envelope = Mapping[str, Any]


def restore(envelopes: Iterable[Envelope]) -> State:
    """Rebuild the state from a run's decoded envelopes, in the order of seq; executes nothing.

    Rows of a cycle that was neither merged nor parked (the process died in it) change nothing but what was spent on
    effects: that cycle is begun again.
    """
    rebuilt = _Rebuilt()
    for envelope in envelopes:
        read = _READERS.get(envelope["kind"])
        if read is not None:
            read(rebuilt, envelope)
    return rebuilt.close()


class _Rebuilt:
    """A state under reconstruction; what belongs to an unfinished cycle is kept apart until it is merged."""

    def __init__(self) -> None:
        self.state = State.fresh()
        self.failures: dict[int, int] = {}
        self.effects: dict[tuple[int, str], Envelope] = {}
        self.rejections: dict[str, str] = {}

    def began(self, envelope: Envelope) -> None:
        """A cycle begins, perhaps once more: who failed in an attempt that came to nothing has not failed."""
        self.failures = {}

    def fact(self, envelope: Envelope) -> None:
        fact = Fact.from_json(envelope["fact"])
        self.state.context.add(fact)
        self.state.clock = fact.stamp

    def parked(self, envelope: Envelope) -> None:
        data = envelope["event"]["data"]
        self.state.parked = Parked.from_json(envelope["cycle"], data)
        self.state.parked_effects = data["effects"]
        self.state.failures |= self.failures
        self.state.spent.microseconds += envelope.get("duration_us", 0)

    def decided(self, envelope: Envelope) -> None:
        decision = GateDecision.from_json(envelope["event"]["data"]["decision"])
        parked = self.state.parked
        if parked is not None:
            parked.decisions[decision.gate_id] = decision
            if not decision.approved:
                self.rejections[decision.gate_id] = envelope["event"]["data"]["request"]["proposal_id"]

    def cycle_ended(self, envelope: Envelope) -> None:
        state, data = self.state, envelope["event"]["data"]
        state.started = True
        state.cycle = envelope["cycle"]
        state.dirty = [ContextKey(key) for key in data["dirty"]]
        state.digest = data["digest"]
        state.clock = data["clock"]
        state.spent.microseconds += envelope.get("duration_us", 0)
        state.parked, state.parked_effects = None, []
        state.failures |= self.failures
        self.failures = {}
        state.rejected.update(self.rejections.values())
        self.rejections = {}

    def failed(self, envelope: Envelope) -> None:
        data = envelope["event"]["data"]
        if "error" in data:
            self.failures[data["number"]] = data["failures"]

    def effect(self, envelope: Envelope) -> None:
        if envelope.get("phase") == "resolved":
            self.effects[envelope["cycle"], envelope["identity"]] = envelope

    def finished(self, envelope: Envelope) -> None:
        self.state.ended = True

    def close(self) -> State:
        """Charge the effects of cycles that stand: merged, or parked."""
        state = self.state
        standing = state.cycle + (1 if state.parked else 0)
        for (cycle, _), envelope in self.effects.items():
            if cycle <= standing:
                state.spent.tokens += envelope["result"].get("tokens", 0)
                state.spent.cost_microdollars += envelope["result"].get("cost_microdollars", 0)
                state.spent.microseconds += envelope.get("latency_ms", 0) * 1000
        return state


_READERS: Mapping[str, Callable[[_Rebuilt, Envelope], None]] = {
    "CycleStarted": _Rebuilt.began,
    "FactPromoted": _Rebuilt.fact,
    "CycleParked": _Rebuilt.parked,
    "GateDecisionRecorded": _Rebuilt.decided,
    "CycleEnded": _Rebuilt.cycle_ended,
    "SuggestorFinished": _Rebuilt.failed,
    "LLMCall": _Rebuilt.effect,
    "ToolCall": _Rebuilt.effect,
    "StateWrite": _Rebuilt.effect,
    "InterruptRaise": _Rebuilt.effect,
    "RunFinished": _Rebuilt.finished,
}
