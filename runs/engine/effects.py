"""Side effects that suggestors ask for, and what came back of them."""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from typing import Any, Protocol

import msgspec

from runs.engine import wire
from runs.engine.wire import Row, canonical


class LLMCall(msgspec.Struct, frozen=True, tag=True):
    """Ask a language model."""

    provider: str
    input: Any


class ToolCall(msgspec.Struct, frozen=True, tag=True):
    """Use a tool."""

    tool: str
    input: Any


class StateWrite(msgspec.Struct, frozen=True, tag=True):
    """Write state outside."""

    step_id: str | None
    payload: Any


class InterruptRaise(msgspec.Struct, frozen=True, tag=True):
    """Ask a human."""

    value: Any


Effect = LLMCall | ToolCall | StateWrite | InterruptRaise
EFFECTS: dict[str, type[Effect]] = {kind.__name__: kind for kind in (LLMCall, ToolCall, StateWrite, InterruptRaise)}


def effect_to_json(effect: Effect) -> dict[str, Any]:
    """`{"LLMCall": {"provider": …, "input": …}}`: one key, the variant; absent options are null."""
    return {type(effect).__name__: msgspec.structs.asdict(effect)}


def effect_from_json(value: Any) -> Effect:
    """Read the form of `effect_to_json`; raises `EffectInvalid`."""
    if not isinstance(value, dict) or len(value) != 1:
        raise EffectInvalid(f"an effect is an object with one of the keys {', '.join(EFFECTS)}")
    ((kind, fields),) = value.items()
    if kind not in EFFECTS:
        raise EffectInvalid(f"unknown effect '{kind}'; allowed: {', '.join(EFFECTS)}")
    names = {field.name for field in msgspec.structs.fields(EFFECTS[kind])}
    if not isinstance(fields, dict) or set(fields) != names:
        raise EffectInvalid(f"{kind} has the fields {', '.join(sorted(names))}")
    return EFFECTS[kind](**fields)


class EffectResult(msgspec.Struct, frozen=True):
    """What came back of an effect: `output`, or an `error` in words; costs as the provider reports them."""

    output: Any = None
    error: str | None = None
    attempts: int = 1
    tokens: int = 0
    cost_microdollars: int = 0
    latency_ms: int = 0

    def content(self) -> dict[str, Any]:
        """What enters the journal's `result` and the digest: everything but the latency."""
        fields = msgspec.structs.asdict(self)
        del fields["latency_ms"]
        del fields["output" if self.error is not None else "error"]
        return fields


class EffectRequest(msgspec.Struct, frozen=True):
    """An effect asked for by suggestor `number` (named `name`) in `cycle`; `ordinal` counts its effects in it from 0."""

    number: int
    name: str
    cycle: int
    ordinal: int
    effect: Effect

    def digest_line(self, result: EffectResult) -> str:
        """What stands for this effect and its result in the digest of the cycle: a SHA-256, so that a cycle that waits can keep it."""
        line = canonical([self.number, self.ordinal, effect_to_json(self.effect), result.content()])
        return hashlib.sha256(line.encode()).hexdigest()

    def identity(self, key: str) -> str:
        """The name under which the effect is known again; only who has the key can tell what was asked."""
        what = canonical([self.name, self.cycle, self.ordinal, effect_to_json(self.effect)])
        return hmac.new(key.encode(), what.encode(), hashlib.sha256).hexdigest()


#: What is shown in the place of a hidden value.
HIDDEN = "•••"


def hide(value: Any, names: Collection[str]) -> Any:
    """The JSON value as it may be shown: every member of one of these names, at any depth, is hidden."""
    if isinstance(value, dict):
        return {name: HIDDEN if name in names else hide(inner, names) for name, inner in value.items()}
    return [hide(inner, names) for inner in value] if isinstance(value, list | tuple) else value


def hide_in_effect(effect: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """An effect as JSON, as it may be shown; the `schema` of a question says what an answer looks like, and stays as it is."""
    ((kind, fields),) = effect.items()
    shown = hide(fields, names)
    if kind == InterruptRaise.__name__ and isinstance(shown["value"], dict) and "schema" in shown["value"]:
        shown["value"]["schema"] = fields["value"]["schema"]
    return {kind: shown}


def effect_row(
    request: EffectRequest, phase: str, identity: str, result: EffectResult | None, attempt: int, sealed: str | None = None
) -> Row:
    """A row of family `effect`: phase requested, resolved, denied or in_doubt.

    What of effect and result may not be seen was hidden by the caller; `sealed` is its clear form, encrypted.
    """
    effect, content = effect_to_json(request.effect), None if result is None else result.content()
    data = {"phase": phase, "identity": identity, "ordinal": request.ordinal, "effect": effect, "result": content, "sealed": sealed}
    body = wire.effect(request.cycle, request.name, phase, effect, identity, request.ordinal, content, sealed)
    latency = None if result is None else result.latency_ms
    kind = type(request.effect).__name__
    return Row("effect", kind, request.cycle, request.name, body, attempt, latency_ms=latency, told=data)


class EffectSink(Protocol):
    """Takes a record of every effect of a run; it cannot fail or refuse."""

    def record(self, run_id: str, effect: Effect) -> None:
        """Take note of `effect`."""


class NoopEffectSink:
    """Takes everything, keeps nothing."""

    def record(self, run_id: str, effect: Effect) -> None:
        """Forget `effect`."""


class MemoryEffectSink:
    """Keeps everything in `records`, in order, as run and effect."""

    def __init__(self) -> None:
        self.records: list[tuple[str, Effect]] = []

    def record(self, run_id: str, effect: Effect) -> None:
        """Keep `effect`."""
        self.records.append((run_id, effect))


class EffectFailed(Exception):
    """Thrown into a suggestor whose effect ended with an error."""


class EffectInvalid(ValueError):
    """The JSON is not an effect."""
