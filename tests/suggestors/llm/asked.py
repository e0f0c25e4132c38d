"""Runs of documents whose models are answered by a script of this process, without a database."""

import json
from typing import Any

from runs.engine import ContextKey, EffectResult
from runs.suggestors import document_of
from runs.suggestors.formation import Formation, FormationResult

KEY = ContextKey
SEED = {"key": "Seeds", "id": "s1", "text": "Move to the new vendor?", "provenance": "operator"}


def seat(kind: str, name: str, **params: Any) -> dict[str, Any]:
    """A seat of a document, asking the provider `gpt`."""
    return {"kind": kind, "name": name, "with": {"provider": "gpt"} | params}


def run(*team: dict[str, Any], says: Any, seeds: Any = (SEED,), **members: Any) -> tuple[list[Any], FormationResult]:
    """The inputs that the model was given, and the result; `says` are its answers in turn, or a function of the request."""
    read = document_of({"schema": "organism.formation/v1", "label": "Asked", "team": list(team), "seeds": list(seeds)} | members)
    asked: list[Any] = []
    left = says if callable(says) else iter(says).__next__

    def answer(request: Any) -> EffectResult:
        asked.append(request.effect.input)
        said = left(request) if callable(says) else left()
        return said if isinstance(said, EffectResult) else EffectResult(said)

    formation = Formation("Asked")
    for suggestor in read.team():
        formation.agent(suggestor)
    for seed in read.seeds():
        formation.seed_payload(seed.key, seed.id, seed.payload, seed.provenance)
    return asked, formation.run(answer=answer)


def item(content: Any, confidence: float = 0.7, rationale: str = "") -> dict[str, Any]:
    """One proposal of a model."""
    return {"content": content, "confidence": confidence, "rationale": rationale}


def proposals(*contents: Any) -> dict[str, Any]:
    """An answer of a model."""
    return {"proposals": [item(content) for content in contents]}


def in_words(value: Any, model: str = "gpt-4o") -> dict[str, Any]:
    """The answer as a model's provider tells it."""
    return {"text": json.dumps(value), "model": model, "usage": {"input_tokens": 1, "output_tokens": 1}}
