"""Filters that tell the payloads of facts by what is in them: verdicts, plans, votes, and anything else by its members."""

import json
from typing import Any

from django import template

from runs.reading import words
from runs.templatetags.organism import briefly

register = template.Library()
#: A gist is one line.
LONGEST = 200


@register.filter
def object_in(text: str | None, payload: Any) -> Any:
    """The payload, or the object that a text holds as JSON; None for a text that is only a text."""
    if text is None:
        return payload
    try:
        value = json.loads(text) if text.lstrip().startswith("{") else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


@register.filter
def members(content: Any) -> list[tuple[str, str]]:
    """The members of an object as names and short texts."""
    named = content if isinstance(content, dict) else {"value": content}
    return [(words.spoken(str(name)).capitalize(), briefly(value)) for name, value in named.items()]


@register.filter
def listed(value: Any) -> list[Any]:
    """The entries of what should be a list."""
    return value if isinstance(value, list) else [value]


@register.filter
def judge(content: dict[str, Any]) -> str:
    """Who judged, or in which respect."""
    return str(content.get("agent") or content.get("dimension") or content.get("kind") or "evaluation")


@register.filter
def verdict(content: dict[str, Any]) -> str:
    """What a judgement comes to, in a word or two."""
    for name in ("recommendation", "verdict", "decision"):
        if isinstance(content.get(name), str):
            return words.spoken(content[name])
    if content.get("passed") is True:
        return "passes"
    return words.spoken(str(content.get("severity") or ("fails" if content.get("passed") is False else "judged")))


@register.filter
def verdict_class(content: dict[str, Any]) -> str:
    """How its chip looks."""
    if content.get("passed") is True or content.get("recommendation") == "proceed":
        return "pass"
    return "fall" if content.get("passed") is False or content.get("severity") == "blocker" else ""


@register.filter
def gist(fact: Any) -> str:
    """What a fact says, in one line."""
    content = object_in(fact.text, None if fact.text is not None else fact.value)
    if content is None:
        return " ".join((fact.text or "").split())[:LONGEST]
    if not isinstance(content, dict):
        return briefly(content)[:LONGEST]
    if {"voter", "decision"} <= set(content):
        return f"{content['voter']} votes {content['decision']}"
    if "strategy_id" in content:
        return f"{judge(content)}: {verdict(content)}"
    said = content.get("description") or content.get("reason") or content.get("message")
    return (said if isinstance(said, str) else briefly(content))[:LONGEST]
