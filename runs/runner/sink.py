"""The sink of journaled runs: what is asked for, and what came of it, becomes rows of the journal."""

from collections.abc import Callable, Collection, Mapping

from runs.engine.effects import Effect, EffectRequest, EffectResult
from runs.journal.hiding import row_of
from runs.models import EffectPhase, Run
from runs.runner.writer import Writer

HiddenIn = Callable[[EffectRequest], Collection[str]]


class JournalEffectSink:
    """Takes the effects of one batch, which it knows by their identities; nothing is committed before `flush`.

    An `EffectSink`: recording an effect of the batch writes that it was requested. What is not of the batch has no place
    in the journal and is left out.
    """

    def __init__(self, run: Run, writer: Writer, requests: Mapping[str, EffectRequest], hidden_in: HiddenIn) -> None:
        self._run, self._writer, self._requests, self._hidden_in = run, writer, requests, hidden_in
        self._waiting: dict[int, list[str]] = {}
        for name, request in requests.items():
            self._waiting.setdefault(id(request.effect), []).append(name)

    def record(self, run_id: str, effect: Effect) -> None:
        """Write that the effect was requested."""
        names = self._waiting.get(id(effect))
        if names and run_id == str(self._run.uuid):
            self.tell(names.pop(0), EffectPhase.REQUESTED)

    def tell(self, name: str, phase: EffectPhase, result: EffectResult | None = None) -> None:
        """Write what became of an effect."""
        request = self._requests[name]
        self._writer.add([row_of(request, phase, name, result, self._run.attempt, self._hidden_in(request))])

    def flush(self) -> None:
        """Commit what was told."""
        self._writer.flush()
