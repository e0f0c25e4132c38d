"""The providers that are a part of every installation: always there, for every tenant, and without a way outside."""

import importlib

from runs.engine.effects import EffectRequest, EffectResult, ToolCall
from runs.suggestors.providers.provider import Call, Provider, ProviderError

#: Names of tools, and where their provider stands; it is imported when it is wanted. Nobody else may have these names.
BUILT_IN = {"organism.policy": "policy:Policies", "organism.solver": "solver:Solver"}


def built_in(name: str) -> Provider:
    """The provider of that name."""
    module, _, kind = BUILT_IN[name].partition(":")
    provider: Provider = getattr(importlib.import_module(f"{__package__}.{module}"), kind)()
    return provider


def answered_here(request: EffectRequest) -> EffectResult:
    """What a built-in provider answers; an error for everything that only others could."""
    effect = request.effect
    if not isinstance(effect, ToolCall) or effect.tool not in BUILT_IN:
        return EffectResult(error=f"nobody answers {type(effect).__name__}: give run() an answer")
    try:
        return built_in(effect.tool).answer(Call(request, seconds=300.0))
    except ProviderError as error:
        return EffectResult(error=str(error))


def reserved(name: str) -> str | None:
    """Why nobody else may have that name."""
    return f"the name '{name}' belongs to the installation" if name in BUILT_IN else None
