"""Reaching out: effects are answered from the journal, else by providers, from a bounded pool of threads."""

import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Protocol

import msgspec
from django.conf import settings

from runs.engine.effects import (
    Effect,
    EffectRequest,
    EffectResult,
    InterruptRaise,
    LLMCall,
    StateWrite,
    ToolCall,
    effect_row,
)
from runs.engine.gates import GatePolicy
from runs.models import EFFECT, EffectPhase, Run
from runs.models import Effect as EffectRow
from runs.runner.questions import Questions, fault_of
from runs.runner.writer import Writer

#: Effects that one process has under way at a time, whatever the number of its runs.
HANDS = 16


class Provider(Protocol):
    """Whoever answers effects. It is called in threads, writes nothing here, and may raise."""

    idempotent: bool

    def answer(self, effect: Effect) -> EffectResult:
        """Do it."""


#: Providers by what names them: (`LLMCall`, provider), (`ToolCall`, tool), (`StateWrite`, "").
Providers = Mapping[tuple[str, str], Provider]


class Reach:
    """Answers the effects of one run; every request is committed before anybody is called."""

    def __init__(self, run: Run, writer: Writer, providers: Providers, policy: GatePolicy | None = None) -> None:
        self._run = run
        self._writer = writer
        self._providers = providers
        self._questions = Questions(run, writer, policy or GatePolicy())
        self._goes_on = run.head > 0

    def answer(self, requests: Sequence[EffectRequest]) -> list[EffectResult] | None:
        """One result for each request, in order; None when people must be asked first: their answers come by the journal."""
        names = [identity(self._run, request) for request in requests]
        stored = self._stored(names) if self._goes_on else {}
        known = {name: _stored(row) for name, row in stored.items() if row.phase in EFFECT.final}
        left = [(name, request) for name, request in zip(names, requests, strict=True) if name not in known]
        people = self._questions.among(left, stored, self._may_repeat)
        new = [(name, request) for name, request in left if name not in people]
        self._write((name, request, EffectPhase.REQUESTED, None) for name, request in new)
        answers = list(_pool().map(self._ask, [request.effect for _, request in new]))
        self._write((name, request, *answer) for (name, request), answer in zip(new, answers, strict=True))
        if people:
            self._questions.put(people, stored)
            return None
        results = known | {name: result for (name, _), (_, result) in zip(new, answers, strict=True)}
        return [results[name] for name in names]

    def _write(self, told: Any) -> None:
        rows = [effect_row(request, phase, name, result, self._run.attempt) for name, request, phase, result in told]
        if rows:
            self._writer.add(rows)
            self._writer.flush()

    def _stored(self, names: Sequence[str]) -> dict[str, EffectRow]:
        """What the journal knows of the effects."""
        return {row.identity: row for row in EffectRow.objects.filter(run=self._run, identity__in=names)}

    def _may_repeat(self, request: EffectRequest) -> bool:
        provider = self._providers.get(address(request.effect))
        return provider is None or provider.idempotent

    def _ask(self, effect: Effect) -> tuple[EffectPhase, EffectResult]:
        if isinstance(effect, InterruptRaise):
            return EffectPhase.RESOLVED, EffectResult(error=fault_of(effect) or "nobody can be asked")
        provider = self._providers.get(address(effect))
        if provider is None:
            return EffectPhase.DENIED, EffectResult(error=_nobody(effect))
        begun = time.perf_counter()
        try:
            result = provider.answer(effect)
        except Exception as error:  # noqa: BLE001  (whatever a provider raises is its answer)
            result = EffectResult(error=f"{type(error).__name__}: {error}")
        latency = round((time.perf_counter() - begun) * 1000)
        return EffectPhase.RESOLVED, msgspec.structs.replace(result, latency_ms=latency)


def identity(run: Run, request: EffectRequest) -> str:
    """The name under which an effect is known again after a crash; only who has the key can tell what was asked."""
    return request.identity(journal_key(run))


def journal_key(run: Run) -> str:
    """The key under which the effects of a tenant's runs are named."""
    return f"{settings.JOURNAL_KEY}:{run.tenant.slug}"


def address(effect: Effect) -> tuple[str, str]:
    """Whom an effect is for."""
    match effect:
        case LLMCall(provider=name) | ToolCall(tool=name):
            return type(effect).__name__, name
        case StateWrite() | InterruptRaise():
            return type(effect).__name__, ""


def _nobody(effect: Effect) -> str:
    match effect:
        case LLMCall(provider=name):
            return f"no provider named '{name}' is configured"
        case ToolCall(tool=name):
            return f"no tool named '{name}' is configured"
    return f"nobody is configured to answer {type(effect).__name__}"


def _stored(row: EffectRow) -> EffectResult:
    return EffectResult(
        None if row.output is None else json.loads(row.output),
        row.error,
        row.attempts or 1,
        row.tokens or 0,
        row.cost_microdollars or 0,
        row.latency_ms or 0,
    )


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(HANDS, thread_name_prefix="reach")
