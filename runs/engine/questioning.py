"""Questions of a recorded run, asked and answered once more: what people read, and that their word is what the effect came to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from runs.engine.effects import EffectRequest, InterruptRaise, effect_from_json, effect_to_json, hide, hide_in_effect
from runs.engine.gates import GatePolicy
from runs.engine.questions import ANSWER, DOUBT, INTERRUPT, RETRY, Question, answered, closing_rows, refused
from runs.engine.wire import Row, decode

Envelope = Mapping[str, Any]


def questioned_again(
    request: EffectRequest, texts: Sequence[str], effect: Envelope, policy: GatePolicy, clock: int
) -> Iterator[tuple[str, Row | Mapping[str, Any]]]:
    """For each recorded row about one effect (a question, or what somebody said to it) the text, and what it should be.

    `effect` is the last row of the effect itself. What people said can be held against that only: an answer must be the
    effect's output, and a refusal its error.
    """
    asked: Envelope = {}
    for text in texts:
        envelope = decode(text)
        if envelope["kind"] == "GateRequested":
            asked = envelope["event"]["data"]
            yield text, _question(request, asked["question"], effect["identity"], policy, clock, envelope["attempt"]).row()
        else:
            yield from _closing(text, envelope["event"]["data"]["decision"], request, asked, effect)


def _question(request: EffectRequest, told: Envelope, identity: str, policy: GatePolicy, clock: int, attempt: int) -> Question:
    names = tuple(told.get("hidden", ()))
    kind = INTERRUPT if isinstance(request.effect, InterruptRaise) else DOUBT
    return Question(kind, _shown(request, names), identity, policy, clock, attempt, told.get("sealed"), names)


def _shown(request: EffectRequest, names: Sequence[str]) -> EffectRequest:
    if not names:
        return request
    return msgspec.structs.replace(request, effect=effect_from_json(hide_in_effect(effect_to_json(request.effect), names)))


def _closing(
    text: str, decision: Envelope, request: EffectRequest, asked: Envelope, effect: Envelope
) -> Iterator[tuple[str, Row | Mapping[str, Any]]]:
    """The decision with the question that was really asked; and, unless it says to repeat the effect, with what this came to."""
    verdict, answer, by = _verdict(decision), decision.get("answer", UNSET), decision["decided_by"]
    reason = decision["verdict"]["Reject"]["reason"] if verdict == "reject" else decision.get("reason")
    said: dict[str, Any] = {"verdict": verdict, "by": by, "reason": reason, "answer": answer}
    yield text, closing_rows(asked["request"], request, effect["identity"], **said, result=None, attempt=1)[0]
    if verdict == RETRY:
        return
    result = answered(asked["kind"], answer, by) if verdict == ANSWER else refused(by, reason or "")
    came_to, names = dict(effect.get("result") or {}), asked["question"].get("hidden", ())
    if "output" in came_to:
        came_to["output"] = hide(came_to["output"], names)
    if came_to != result.content():
        yield text, came_to


def _verdict(decision: Envelope) -> str:
    if decision["verdict"] != "Approve":
        return "reject"
    return RETRY if decision.get("retry") else ANSWER
