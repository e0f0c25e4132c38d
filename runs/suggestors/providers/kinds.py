"""The kinds of providers that a tenant may configure. Adding one is a form with `provider()`, and a row here."""

import importlib
from collections.abc import Mapping
from typing import Any

from runs.engine.effects import HIDDEN, hide
from runs.suggestors.problems import DocumentInvalid, Problem
from runs.suggestors.providers.provider import Provider, Terms
from runs.suggestors.shape import fitted
from runs.suggestors.storable import faults_of

#: Where the form of each kind stands; it is imported when it is wanted.
KINDS = {
    "anthropic": "anthropic:AnthropicForm",
    "http": "http:HttpForm",
    "openai": "openai:OpenAIForm",
    "scripted": "scripted:ScriptedForm",
}
#: The provider of this name writes state.
STATE = "state"


def form_of(kind: str) -> type[Terms]:
    """The form of the kind; raises `UnknownProviderKind`."""
    if kind not in KINDS:
        raise UnknownProviderKind(f"unknown kind '{kind}'; allowed: {', '.join(KINDS)}")
    module, _, name = KINDS[kind].partition(":")
    form: type[Terms] = getattr(importlib.import_module(f"{__package__}.{module}"), name)
    return form


def read_settings(kind: str, settings: Any) -> Terms:
    """Read settings strictly; raises `DocumentInvalid` with everything that is wrong, `UnknownProviderKind`."""
    problems: list[Problem] = list(faults_of(settings))
    form = fitted({"kind": kind} | settings if isinstance(settings, dict) else settings, form_of(kind), "", problems)
    if problems or form is None:
        raise DocumentInvalid(dict.fromkeys(problems))
    return form


def provider_of(kind: str, settings: Mapping[str, Any]) -> Provider:
    """The provider; raises as `read_settings`."""
    form: Any = read_settings(kind, settings)
    provider: Provider = form.provider()
    return provider


def secret_part(kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that nobody may see."""
    return {name: value for name, value in settings.items() if name in form_of(kind).SECRET}


def shown(kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as they may be seen: secrets hidden, their names kept."""
    secret = form_of(kind).SECRET
    return {name: _covered(value) if name in secret else value for name, value in settings.items()}


def _covered(value: Any) -> Any:
    return hide(value, value) if isinstance(value, dict) else HIDDEN


class UnknownProviderKind(LookupError):
    """No provider is of that kind."""
