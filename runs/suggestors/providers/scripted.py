"""The provider whose answers stand in the formation document: for trying out, for demos, for tests."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from runs.engine.effects import Effect, EffectRequest, EffectResult, InterruptRaise, LLMCall, ToolCall
from runs.suggestors.forms import LARGEST, NotBlank, Positive
from runs.suggestors.providers.provider import Call, ErrorKind, Provider, ProviderError, Terms

Count = Annotated[int, Meta(ge=0, le=LARGEST)]


class ErrorForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A failure."""

    kind: Annotated[ErrorKind, Meta(description="What sort of failure.")]
    message: Annotated[str, Meta(description="In words.")] = "scripted"
    times: Annotated[Positive | None, Meta(description="How many attempts fail before the output comes; null = all.")] = None
    retry_after_seconds: Annotated[Annotated[float, Meta(ge=0, le=LARGEST)] | None, Meta(description="What it asks us to wait.")] = None
    may_be_done: Annotated[bool, Meta(description="Whether it may have been done all the same.")] = False

    def at(self, attempt: int) -> ProviderError | None:
        """The failure of that attempt, if it fails."""
        if self.times is not None and attempt > self.times:
            return None
        return ProviderError(self.kind, self.message, retry_after=self.retry_after_seconds, may_be_done=self.may_be_done)


class AnswerForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer, and which effects it is for: those that fit everything that is given."""

    suggestor: Annotated[NotBlank | UnsetType, Meta(description="Asked by the seat of this name.")] = UNSET
    cycle: Annotated[Positive | UnsetType, Meta(description="Asked in this cycle.")] = UNSET
    ordinal: Annotated[Count | UnsetType, Meta(description="Its place among the effects of the seat in a cycle, from 0.")] = UNSET
    input: Annotated[Any, Meta(description="Asked with exactly this input.")] = UNSET
    output: Annotated[Any, Meta(description="What comes back.")] = None
    tokens: Annotated[Count, Meta(description="What it costs in tokens.")] = 0
    cost_microdollars: Annotated[Count, Meta(description="What it costs in millionths of a dollar.")] = 0
    latency_ms: Annotated[Count, Meta(description="How long it takes; recorded exactly so.")] = 0
    error: Annotated[ErrorForm | None, Meta(description="A failure, for ever or for some attempts.")] = None

    def fits(self, request: EffectRequest) -> bool:
        """Whether it is for this effect."""
        wanted = (self.suggestor, self.cycle, self.ordinal, self.input)
        asked = (request.name, request.cycle, request.ordinal, input_of(request.effect))
        return all(one is UNSET or _same(one, other) for one, other in zip(wanted, asked, strict=True))


class ScriptedForm(Terms, frozen=True, kw_only=True):
    """A provider that answers as it is told here: the first answer that fits is given."""

    kind: Annotated[Literal["scripted"], Meta(description="Which kind of provider.")]
    answers: Annotated[list[AnswerForm], Meta(max_length=10_000, description="The answers.")]
    idempotent: Annotated[bool, Meta(description="Whether it may be asked again when nobody knows if it was done.")] = True

    def provider(self) -> Provider:
        """As effects meet it."""
        return Scripted(self.answers, self, idempotent=self.idempotent)


class Scripted(Provider):
    """Answers from a list, and has no memory: the same effect is answered the same."""

    def __init__(self, answers: Sequence[AnswerForm], terms: Terms, *, idempotent: bool = True) -> None:
        self.terms, self.idempotent = terms, idempotent
        self._answers = answers

    def answer(self, call: Call) -> EffectResult:
        """Wait as long as it takes, then give the first answer that fits."""
        answer = next((one for one in self._answers if one.fits(call.request)), None)
        if answer is None:
            raise ProviderError(ErrorKind.PERMANENT, "no answer of the script fits")
        _wait(answer.latency_ms / 1000, call)
        error = answer.error.at(call.attempt) if answer.error else None
        if error is not None:
            raise error
        return EffectResult(answer.output, tokens=answer.tokens, cost_microdollars=answer.cost_microdollars, latency_ms=answer.latency_ms)


def _wait(seconds: float, call: Call) -> None:
    if seconds and (call.pause(min(seconds, call.seconds)) or seconds > call.seconds):
        raise ProviderError(ErrorKind.TIMEOUT, f"no answer within {call.seconds:g} seconds", may_be_done=True)


def input_of(effect: Effect) -> Any:
    """What an effect hands over."""
    match effect:
        case LLMCall(input=value) | ToolCall(input=value) | InterruptRaise(value=value):
            return value
    return {"step_id": effect.step_id, "payload": effect.payload}


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: 1, 1.0 and true differ."""
    return bool(one == other) and msgspec.json.encode(one, order="sorted") == msgspec.json.encode(other, order="sorted")
