"""Small suggestors, and ways to drive a run over them, for the tests of the engine."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from runs.engine import (
    Border,
    Context,
    ContextKey,
    ConvergeResult,
    EffectResult,
    EffectsWanted,
    Finished,
    GateDecision,
    GatesOpen,
    LLMCall,
    Payload,
    Proposal,
    Row,
    Seal,
    State,
    Suggestor,
    converge,
)

SEEDS, HYPOTHESES, STRATEGIES, SIGNALS, DIAGNOSTIC = (
    ContextKey.SEEDS,
    ContextKey.HYPOTHESES,
    ContextKey.STRATEGIES,
    ContextKey.SIGNALS,
    ContextKey.DIAGNOSTIC,
)


def text(key: ContextKey, id: str, words: str = "x", confidence: float = 1.0, provenance: str = "test") -> Proposal:
    return Proposal.text_of(key, id, words, provenance, confidence)


def data(key: ContextKey, id: str, value: Any, family: str = "test.data") -> Proposal:
    return Proposal(key, id, Payload.of(family, value), "test")


class Once(Suggestor):
    """Says its proposals until the first of them is a fact, or was rejected."""

    def __init__(self, *says: Any, name: str = "once", on: Sequence[ContextKey] = ()) -> None:
        self.says, self.name, self.dependencies = says, name, on

    def accepts(self, context: Context) -> bool:
        said = self.says[0]
        return context.fact(said.key, said.id) is None and context.fact(DIAGNOSTIC, f"hitl-rejected:{said.id}") is None

    def suggest(self, context: Context) -> Any:
        return self.says


class Does(Suggestor):
    """Accepts always; `suggest` is the given function."""

    def __init__(self, suggest: Callable[[Context], Any], name: str = "does", on: Sequence[ContextKey] = (), on_error: str = "diagnose"):
        self.does, self.name, self.dependencies, self.on_error = suggest, name, on, on_error

    def suggest(self, context: Context) -> Any:
        return self.does(context)


class Asks(Once):
    """Asks a model some times, one after the other, and says what came back."""

    def __init__(self, id: str, times: int = 1, name: str = "asks", on: Sequence[ContextKey] = ()) -> None:
        super().__init__(text(HYPOTHESES, id), name=name, on=on)
        self.id, self.times = id, times

    def suggest(self, context: Context) -> Any:
        heard = []
        for nth in range(self.times):
            answer = yield LLMCall("scripted", {"ask": self.id, "nth": nth})
            heard += [answer]
        return [text(HYPOTHESES, self.id, json.dumps(heard))]


class Told(msgspec.Struct):
    """Everything a run handed over."""

    borders: list[Border]

    @property
    def rows(self) -> list[Row]:
        return [row for border in self.borders for row in border.rows]

    @property
    def result(self) -> ConvergeResult:
        last = self.borders[-1]
        assert isinstance(last, Finished)
        return last.result

    @property
    def kinds(self) -> list[str]:
        return [row.kind for row in self.rows]

    @property
    def stop(self) -> Any:
        return self.result.stop_reason.to_json()

    def of(self, kind: str) -> list[Row]:
        return [row for row in self.rows if row.kind == kind]

    def facts(self) -> list[tuple[str, str, int, str]]:
        return [(str(fact.key), fact.id, fact.stamp, fact.span) for fact in self.result.context.facts()]

    def ids(self, key: ContextKey = HYPOTHESES) -> list[str]:
        return [fact.id for fact in self.result.context.get(key)]


def echo(border: EffectsWanted) -> list[EffectResult]:
    """Every effect gets its own input back."""
    return [EffectResult(msgspec.structs.asdict(request.effect)) for request in border.requests]


def approve(border: GatesOpen) -> list[GateDecision]:
    return [GateDecision(gate.gate_id, "approve", "ada") for gate in border.gates]


def reject(border: GatesOpen) -> list[GateDecision]:
    return [GateDecision(gate.gate_id, "reject", "ada", "no") for gate in border.gates]


def drive(
    team: Sequence[Suggestor],
    seeds: Iterable[Proposal] = (),
    *,
    state: State | None = None,
    answer: Callable[[EffectsWanted], Any] = echo,
    decide: Callable[[GatesOpen], Any] = approve,
    **terms: Any,
) -> Told:
    """Run to the end, or to gates that nobody decides."""
    run = converge(team, State.fresh(seeds) if state is None else state, **terms)
    told, reply = Told([]), None
    while True:
        try:
            border = run.send(reply)
        except StopIteration:
            return told
        told.borders.append(border)
        asked, gated = isinstance(border, EffectsWanted), isinstance(border, GatesOpen)
        reply = answer(border) if asked else decide(border) if gated else None


def envelopes(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows as they come back from a journal."""
    texts = Seal("7f3a", "acme", "c-1").envelopes(list(rows), 0, 0, "2026-11-22T01:02:03.000004Z")
    return [msgspec.json.decode(text) for text in texts]
