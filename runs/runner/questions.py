"""Effects that only people can answer: interrupts, and what was under way when a worker died and may not be repeated.

Each opens a gate. The run waits without a lease; whoever answers writes the effect's result into the journal, and the
suggestors of the cycle are asked again and find it there.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import jsonschema_rs

from runs.engine.effects import EffectRequest, EffectResult, InterruptRaise, effect_row
from runs.engine.gates import GatePolicy
from runs.engine.questions import DOUBT, INTERRUPT, Asked, Question, QuestionInvalid
from runs.journal.hiding import veiled
from runs.models import Effect, EffectPhase, Gate, GateStatus, Run
from runs.runner.writer import Writer

#: What is told of an effect that was under way when its worker died, and that nobody may simply repeat.
IN_DOUBT = EffectResult(error="in doubt: it was asked for before the worker died, and its provider cannot be asked twice")

Pairs = Sequence[tuple[str, EffectRequest]]


class Questions:
    """Puts the questions of one run to people."""

    def __init__(self, run: Run, writer: Writer, policy: GatePolicy) -> None:
        self._run = run
        self._writer = writer
        self._policy = policy

    def among(self, left: Pairs, stored: Mapping[str, Effect], may_repeat: Callable[[EffectRequest], bool]) -> dict[str, EffectRequest]:
        """Those of the unanswered effects that people must answer."""
        return {name: request for name, request in left if self._is_for_people(request, stored.get(name), may_repeat)}

    def put(
        self, people: Mapping[str, EffectRequest], stored: Mapping[str, Effect], hidden_in: Callable[[EffectRequest], Collection[str]]
    ) -> None:
        """Open a gate for each of them that has none; the rows are written when the run is let go."""
        waiting = Gate.objects.pending().filter(run=self._run, identity__in=list(people))
        asked = set(waiting.values_list("identity", flat=True))
        for name, request in people.items():
            if name not in asked:
                names = hidden_in(request)
                shown, _, sealed = veiled(request, names)
                self._ask(name, shown, stored.get(name), sealed, names)

    def _is_for_people(self, request: EffectRequest, row: Effect | None, may_repeat: Callable[[EffectRequest], bool]) -> bool:
        if isinstance(request.effect, InterruptRaise):
            return fault_of(request.effect) is None
        if row is None:
            return False
        if row.phase == EffectPhase.REQUESTED:
            return not may_repeat(request)
        return not self._shall_be_repeated(row)

    def _shall_be_repeated(self, row: Effect) -> bool:
        """Whether somebody said so since it was last found in doubt (whoever would not, wrote its result)."""
        last = Gate.objects.filter(run=self._run, identity=row.identity).order_by("-seq").first()
        return last is not None and last.status == GateStatus.APPROVED

    def _ask(self, name: str, request: EffectRequest, row: Effect | None, sealed: str | None, names: Collection[str]) -> None:
        kind, attempt = INTERRUPT, self._run.attempt
        if not isinstance(request.effect, InterruptRaise):
            kind = DOUBT
            self._writer.add([effect_row(request, EffectPhase.IN_DOUBT, name, IN_DOUBT, attempt, sealed)])
        elif row is None:
            self._writer.add([effect_row(request, EffectPhase.REQUESTED, name, None, attempt, sealed)])
        hidden = tuple(sorted(names))
        self._writer.add([Question(kind, request, name, self._policy, self._run.clock_time, attempt, sealed, hidden).row()])


def fault_of(interrupt: InterruptRaise) -> str | None:
    """Why nobody can be asked this; None if somebody can."""
    try:
        schema = Asked.of(interrupt.value).schema
        jsonschema_rs.validator_for(schema, retriever=_nothing)
    except QuestionInvalid as error:
        return f"the question cannot be asked: {error}"
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        return f"the question's schema cannot be used: {error}"
    return None


def _nothing(address: str) -> None:
    """Schemas are taken as they stand; nothing is fetched."""
    raise ValueError(f"{address} is not fetched")
