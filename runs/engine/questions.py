"""Questions to people: what an `InterruptRaise` asks, and what to do about an effect in doubt; a gate like any other.

The value of an `InterruptRaise` is the question itself, or an object with `question` (text) and, if wanted, `schema`
(JSON Schema of the answer), `ask` (role or address, or a list of them), `timeout_seconds`, and `default` (the answer
when nobody gives one in time). Its result is `{"answer": …, "by": …}`; refused or too late it fails.
"""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from runs.engine.effects import EffectRequest, EffectResult, InterruptRaise, effect_from_json, effect_row, effect_to_json, hide
from runs.engine.gates import GatePolicy, event_row, timeout_json
from runs.engine.wire import Row, canonical

INTERRUPT, DOUBT = "interrupt", "doubt"
ANSWER, RETRY = "answer", "retry"
LONGEST_TIMEOUT = 2**31 - 1


class Asked(msgspec.Struct, frozen=True):
    """What the value of an `InterruptRaise` says."""

    text: str
    schema: Any = True
    approvers: tuple[str, ...] = ()
    timeout_seconds: int | None = None
    default: Any = UNSET

    @classmethod
    def of(cls, value: Any) -> "Asked":
        """Read the value, whatever it is; raises `QuestionInvalid` for an object whose fields make no sense."""
        if not isinstance(value, dict) or not isinstance(value.get("question"), str):
            return cls(value if isinstance(value, str) else canonical(value))
        ask, seconds = value.get("ask", []), value.get("timeout_seconds")
        names = [ask] if isinstance(ask, str) else ask
        if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
            raise QuestionInvalid("ask is a role or an address, or a list of them")
        if seconds is not None and (type(seconds) is not int or not 0 < seconds <= LONGEST_TIMEOUT):
            raise QuestionInvalid("timeout_seconds is a whole number from 1 to 2147483647")
        return cls(value["question"], value.get("schema", True), tuple(names), seconds, value.get("default", UNSET))


class Question(msgspec.Struct, frozen=True):
    """An effect that a person must answer, or decide about; `identity` names the effect, `clock` is Lamport time.

    `sealed` is the clear form of what is hidden in the request, encrypted; `hidden` are the names that are hidden in
    it and will be in its answer.
    """

    kind: str
    request: EffectRequest
    identity: str
    policy: GatePolicy
    clock: int
    attempt: int
    sealed: str | None = None
    hidden: tuple[str, ...] = ()

    @property
    def gate_id(self) -> str:
        """`ask-<cycle>-<suggestor>-<ordinal>`; for an effect in doubt the attempt that found it so stands behind."""
        place = f"{self.request.cycle}-{self.request.number}-{self.request.ordinal}"
        return f"ask-{place}" if self.kind == INTERRUPT else f"doubt-{place}-{self.attempt}"

    def row(self) -> Row:
        """GateRequested."""
        asked = self._asked()
        seconds = asked.timeout_seconds or self.policy.timeout_seconds
        policy = msgspec.structs.replace(self.policy, timeout_seconds=seconds)
        request = self.request
        beside: dict[str, Any] = {} if self.sealed is None else {"sealed": self.sealed}
        beside |= {"hidden": list(self.hidden)} if self.hidden else {}
        asked_about = {"identity": self.identity, "number": request.number, "ordinal": request.ordinal}
        data = {
            "request": {
                "gate_id": self.gate_id,
                "proposal_id": "",
                "summary": asked.text,
                "agent_id": f"agent-{self.request.number}",
                "rationale": "",
                "context_data": [],
                "cycle": self.request.cycle,
                "requested_at": f"lamport:{self.clock}",
                "timeout": timeout_json(policy),
            },
            "proposal": None,
            "quorum": 1,
            "approvers": list(asked.approvers or (self.policy.approvers if self.kind == INTERRUPT else ())),
            "self_approval": True,
            "kind": self.kind,
            "question": asked_about | {"effect": effect_to_json(request.effect)} | beside,
        }
        return event_row("progress", "GateRequested", self.request.cycle, self.request.name, data, attempt=self.attempt)

    def _asked(self) -> Asked:
        effect = self.request.effect
        if isinstance(effect, InterruptRaise):
            return Asked.of(effect.value)
        return Asked(f"{type(effect).__name__} was under way when its worker died, and cannot simply be repeated. What shall be done?")


def effect_asked_about(question: Mapping[str, Any], name: str, cycle: int) -> EffectRequest:
    """The effect that the `question` of a GateRequested is about."""
    return EffectRequest(question["number"], name, cycle, question["ordinal"], effect_from_json(question["effect"]))


def answered(kind: str, answer: Any, by: str) -> EffectResult:
    """The result of a question that was answered: for an interrupt with who said it, in doubt as the provider would have."""
    return EffectResult(answer if kind == DOUBT else {"answer": answer, "by": by})


def hide_answer(kind: str, answer: Any, names: Collection[str]) -> Any:
    """The answer as it may be shown: as in the result that it makes."""
    if kind == DOUBT:
        return hide(answer, names)
    return hide({"answer": answer}, names)["answer"]


def refused(by: str, reason: str) -> EffectResult:
    """The result of a question that somebody would not answer."""
    return EffectResult(error=f"{by} gave no answer: {reason}")


def closing_rows(
    asked: Mapping[str, Any],
    question: EffectRequest,
    identity: str,
    *,
    verdict: str,
    by: str,
    reason: str | None,
    answer: Any,
    result: EffectResult | None,
    attempt: int,
    sealed: str | None = None,
) -> list[Row]:
    """GateDecisionRecorded of a question (`asked` is its request), and the effect's result unless it is to be repeated.

    The original knows Approve and Reject only: an answer is an Approve with the answer beside it.
    """
    decision: dict[str, Any] = {
        "gate_id": asked["gate_id"],
        "verdict": {"Reject": {"reason": reason}} if verdict == "reject" else "Approve",
        "decided_by": by,
        "decided_at": asked["requested_at"],
    }
    if verdict == RETRY:
        decision["retry"] = True
    if answer is not UNSET:
        decision["answer"] = answer
    if reason is not None and verdict != "reject":
        decision["reason"] = reason
    row = event_row("experience", "GateDecisionRecorded", question.cycle, question.name, {"request": dict(asked), "decision": decision})
    return [row] if result is None else [row, effect_row(question, "resolved", identity, result, attempt, sealed)]


class QuestionInvalid(ValueError):
    """An interrupt asks in a form that nobody can answer."""
