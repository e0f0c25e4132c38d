"""Ready formations: which there are, what one becomes when it is filled in, and which of them fits an intent."""

from collections.abc import Sequence
from typing import Any

import msgspec

from runs.engine.wire import decode
from runs.models import Actor
from runs.reading.lint import lint_of
from runs.suggestors.templates import Template, guru, template_named, templates
from runs.suggestors.templates.guru import CAPABILITIES


def templates_for(by: Actor) -> list[dict[str, Any]]:
    """All templates, each with what it is for, its parameters, an example, and whether the actor may publish what it becomes."""
    return [_told(by, template) for template in templates()]


def template_for(by: Actor, name: str) -> dict[str, Any]:
    """One template; raises `UnknownTemplate`."""
    return _told(by, template_named(name))


def filled_for(by: Actor, name: str, parameters: Any) -> dict[str, Any]:
    """The document, and what to know of it in the actor's tenant; raises `UnknownTemplate` and `DocumentInvalid`."""
    text = template_named(name).filled(parameters).to_json()
    return {"document": decode(text), "warnings": lint_of(by, text)}


def advice_for(by: Actor, intent: str, capabilities: Sequence[str] | None = None, *, widely: bool = False) -> dict[str, Any]:
    """The template for an intent, with the trace; `widely` looks beyond the five standard ones. Raises `NoMatch`."""
    shelf = templates() if widely else None
    told: dict[str, Any] = msgspec.to_builtins(guru(intent, CAPABILITIES if capabilities is None else capabilities, catalogue=shelf))
    return told | {"can_publish": by.may("author")}


def _told(by: Actor, template: Template) -> dict[str, Any]:
    return template.to_json() | {"can_publish": by.may("author")}
