"""Reaching out: effects are answered from the journal, else by providers."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence

from django.conf import settings

from runs.engine.effects import Effect, EffectRequest, EffectResult, InterruptRaise, LLMCall, StateWrite, ToolCall
from runs.engine.gates import GatePolicy
from runs.journal.hiding import clear_result
from runs.models import EFFECT, EffectPhase, Run
from runs.models import Effect as EffectRow
from runs.runner.attempts import Attempts, Outcome
from runs.runner.providers import Address, Providers, quota_of
from runs.runner.questions import Questions, fault_of
from runs.runner.rounds import BrokenOff, Halt, Halted, Round
from runs.runner.sink import JournalEffectSink
from runs.runner.writer import Writer

#: What is told of an effect that was under way when its run was cancelled.
CANCELLED = EffectResult(error="the run was cancelled before an answer came; it may have been done all the same")


class Reach:
    """Answers the effects of one run; every request is committed before anybody is called, every answer as it comes."""

    def __init__(
        self, run: Run, writer: Writer, providers: Callable[[], Providers], policy: GatePolicy | None = None, halted: Halted = lambda: None
    ) -> None:
        self._run = run
        self._writer = writer
        self._providers = providers
        self._halted = halted
        self._questions = Questions(run, writer, policy or GatePolicy())
        self._goes_on = run.head > 0

    def answer(self, requests: Sequence[EffectRequest]) -> list[EffectResult] | None:
        """One result for each request, in order; None when people must be asked first: their answers come by the journal.

        Raises `BrokenOff` when the run is to be cancelled, or this worker to stop, before all are there.
        """
        batch = _Batch(self._run, self._writer, self._providers())
        names = [identity(self._run, request) for request in requests]
        stored = self._stored(names) if self._goes_on else {}
        known = {name: clear_result(row) for name, row in stored.items() if row.phase in EFFECT.final}
        left = [(name, request) for name, request in zip(names, requests, strict=True) if name not in known]
        people = self._questions.among(left, stored, batch.may_repeat)
        results = known | batch.answered({name: request for name, request in left if name not in people}, self._halted)
        if people:
            self._questions.put(people, stored, batch.hidden_in)
            return None
        return [results[name] for name in names]

    def _stored(self, names: Sequence[str]) -> dict[str, EffectRow]:
        """What the journal knows of the effects."""
        return {row.identity: row for row in EffectRow.objects.filter(run=self._run, identity__in=names)}


class _Batch:
    """Effects that nobody has answered yet, and whom they may reach."""

    def __init__(self, run: Run, writer: Writer, providers: Providers) -> None:
        self._run, self._writer, self._providers = run, writer, providers

    def may_repeat(self, request: EffectRequest) -> bool:
        """Whether it may be asked for again when nobody knows if it was done."""
        provider = self._providers.get(address(request.effect))
        return provider is None or provider.idempotent

    def hidden_in(self, request: EffectRequest) -> Collection[str]:
        """The names of what is to be hidden in an effect; in one that nobody answers, all that any provider hides."""
        provider = self._providers.get(address(request.effect))
        if provider is not None:
            return provider.terms.hidden
        return {name for one in self._providers.values() for name in one.terms.hidden}

    def answered(self, requests: Mapping[str, EffectRequest], halted: Halted) -> dict[str, EffectResult]:
        """The results by name."""
        self._sink = JournalEffectSink(self._run, self._writer, requests, self.hidden_in)
        refused = {name: outcome for name, request in requests.items() if (outcome := self._refusal(request.effect)) is not None}
        asked = [self._attempts(name, request) for name, request in requests.items() if name not in refused]
        if refused:
            self._commit([requests[name] for name in refused], refused)
        try:
            outcomes = refused | Round(asked).go(self._begin, halted)
        except BrokenOff as error:
            if error.halt is Halt.CANCEL:
                self._commit([], {one.name: (EffectPhase.IN_DOUBT, CANCELLED) for one in error.begun})
            raise
        return {name: result for name, (_, result) in outcomes.items()}

    def _refusal(self, effect: Effect) -> Outcome | None:
        """What becomes at once of an effect that nobody can be asked for."""
        if isinstance(effect, InterruptRaise):
            return EffectPhase.RESOLVED, EffectResult(error=fault_of(effect) or "nobody can be asked")
        return None if address(effect) in self._providers else (EffectPhase.DENIED, EffectResult(error=_nobody(effect)))

    def _attempts(self, name: str, request: EffectRequest) -> Attempts:
        provider = self._providers[address(request.effect)]
        key = hashlib.sha256(f"{self._run.uuid}:{name}".encode()).hexdigest()
        return Attempts(name, key, request, provider, quota_of(provider))

    def _begin(self, begins: Sequence[Attempts], outcomes: Mapping[str, Outcome]) -> None:
        self._commit([one.request for one in begins], outcomes)

    def _commit(self, begins: Sequence[EffectRequest], outcomes: Mapping[str, Outcome]) -> None:
        """Write what begins, and what came of what had begun."""
        for request in begins:
            self._sink.record(str(self._run.uuid), request.effect)
        for name, (phase, result) in outcomes.items():
            self._sink.tell(name, phase, result)
        self._sink.flush()


def identity(run: Run, request: EffectRequest) -> str:
    """The name under which an effect is known again after a crash; only who has the key can tell what was asked."""
    return request.identity(journal_key(run))


def journal_key(run: Run) -> str:
    """The key under which the effects of a tenant's runs are named."""
    return f"{settings.JOURNAL_KEY}:{run.tenant.slug}"


def address(effect: Effect) -> Address:
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
