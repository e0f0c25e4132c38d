"""What journals may not hold in the clear: fields that a provider's settings name are hidden, and sealed beside.

The identity of an effect is made of its clear form, and so are the digests. Both are hashes, the identity one with a key.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from runs.engine.effects import EffectRequest, EffectResult, effect_from_json, effect_row, effect_to_json, hide, hide_in_effect
from runs.engine.questions import effect_asked_about
from runs.engine.wire import Row, decode
from runs.models import CannotUnseal, Effect, EffectPhase, Gate, Run
from runs.models.sealing import seal, unseal

#: Every envelope with something sealed in it holds this.
_MARK = '"sealed":"'


def veiled(
    request: EffectRequest, names: Collection[str], result: EffectResult | None = None
) -> tuple[EffectRequest, EffectResult | None, str | None]:
    """Request and result as they may be seen, and what is hidden in them, sealed; None if nothing is."""
    if not names:
        return request, result, None
    effect, output = effect_to_json(request.effect), None if result is None else result.output
    shown, shown_output = hide_in_effect(effect, names), hide(output, names)
    if (shown, shown_output) == (effect, output):
        return request, result, None
    sealed = seal({"hidden": sorted(names), "effect": effect, "output": output})
    if result is not None:
        result = msgspec.structs.replace(result, output=shown_output)
    return msgspec.structs.replace(request, effect=effect_from_json(shown)), result, sealed


def row_of(
    request: EffectRequest, phase: str, identity: str, result: EffectResult | None, attempt: int, names: Collection[str] = ()
) -> Row:
    """The journal's row about an effect, with nothing in it that must be hidden."""
    request, result, sealed = veiled(request, names, result)
    return effect_row(request, phase, identity, result, attempt, sealed)


def clear_result(row: Effect) -> EffectResult:
    """What an effect came to, as its suggestor is told; raises `CannotUnseal`."""
    output = None if row.output is None else json.loads(row.output)
    if row.sealed is not None and row.output is not None:
        output = _clear(unseal(row.sealed), "output", output)
    return EffectResult(output, row.error, row.attempts or 1, row.tokens or 0, row.cost_microdollars or 0, row.latency_ms or 0)


def clear_question(gate: Gate) -> tuple[EffectRequest, Collection[str]]:
    """The effect that a question is about in its clear form, and the names that are hidden in it and in its answer.

    Raises `CannotUnseal`.
    """
    question = gate.question_value
    request, names = effect_asked_about(question, gate.suggestor or "", gate.cycle), question.get("hidden", ())
    if "sealed" not in question:
        return request, names
    sealed = unseal(question["sealed"])
    return msgspec.structs.replace(request, effect=effect_from_json(sealed["effect"])), sealed["hidden"]


def sealed_away(run: Run, cycle: int) -> str | None:
    """Why the effects of a cycle that were answered cannot be told to their suggestors; None if they can."""
    answered = run.effects.filter(cycle=cycle, phase=EffectPhase.RESOLVED).exclude(sealed=None)
    try:
        for effect in answered:
            clear_result(effect)
    except CannotUnseal as error:
        return f"what its effects were answered cannot be opened: {error}. Give the workers that key back; the run goes on then"
    return None


def clear_text(text: str) -> str:
    """An envelope's text with what is sealed in it in its place, as verification needs it; raises `CannotUnseal`.

    Where what is shown is not what was sealed, somebody changed it; then it stays as it is, and will not come out again.
    """
    if _MARK not in text:
        return text
    envelope = decode(text)
    if envelope["family"] != "effect" or "sealed" not in envelope:
        return text
    sealed = unseal(envelope["sealed"])
    envelope["effect"] = _clear(sealed, "effect", envelope["effect"])
    if "output" in envelope.get("result", ()):
        envelope["result"]["output"] = _clear(sealed, "output", envelope["result"]["output"])
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))


def _clear(sealed: dict[str, Any], part: str, shown: Any) -> Any:
    names: Sequence[str] = sealed["hidden"]
    clear = sealed[part]
    covered = hide_in_effect(clear, names) if part == "effect" else hide(clear, names)
    return clear if covered == shown else shown
