"""What re-execution takes from a journal: the rows to compare with, effect results, decisions, durations, the end.

Hot rows are not decoded at all: their kind stands at a known place, and what is compared is text.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from runs.engine.gates import GateDecision, GateRequest
from runs.engine.wire import decode

Envelope = Mapping[str, Any]
#: Suggestor, cycle and ordinal.
EffectName = tuple[str, int, int]
#: What was merged, and how it ended.
CONTENT = frozenset(("FactPromoted", "ProposalValidated", "CycleParked", "CycleEnded", "BudgetExceeded", "OutcomeRecorded", "RunFinished"))
#: What led there.
STEPS = frozenset(("RunStarted", "CycleStarted", "SuggestorFinished", "GateRequested", "GateDecisionRecorded"))
#: Steps of an attempt that may come to nothing, and is then made once more.
ATTEMPTS = ('"kind":"CycleStarted"', '"kind":"SuggestorFinished"')
_KIND = '"kind":"'
_DURATION = re.compile(r'"duration_us":(\d+)')


class Recording:
    """A journal as verification sees it."""

    def __init__(self, texts: Iterable[str]) -> None:
        """`texts` are the envelopes of a run as they stand in its journal, in the order of seq."""
        self.content: list[str] = []
        self.steps: list[str] = []
        self.effects: dict[EffectName, list[Envelope]] = {}
        self.correlation = ""
        self.began = False
        self._decisions: dict[str, GateDecision] = {}
        self._finished: Envelope | None = None
        self.questions: dict[EffectName, list[str]] = {}
        self._asked_by: dict[str, EffectName] = {}
        self._parked_at = 0
        self._durations: list[int] = []
        for text in texts:
            self._read(text)
        self._laps = iter(self._durations)

    def _read(self, text: str) -> None:
        start = text.index(_KIND) + len(_KIND)
        kind = text[start : text.index('"', start)]
        read = _READERS.get(kind)
        if read is not None:
            read(self, text)
        if kind in CONTENT:
            self.content.append(text)
        elif kind in STEPS and not self._is_question(kind, text):
            self.steps.append(text)

    def _is_question(self, kind: str, text: str) -> bool:
        """Whether a gate's row is about an effect that people answer; then it is kept beside that effect, whenever it was said."""
        if kind not in ("GateRequested", "GateDecisionRecorded"):
            return False
        envelope = decode(text)
        data = envelope["event"]["data"]
        gate_id = data["request"]["gate_id"]
        if kind == "GateRequested" and "question" in data:
            self._asked_by[gate_id] = (envelope["suggestor"], envelope["cycle"], data["question"]["ordinal"])
        name = self._asked_by.get(gate_id)
        if name is not None:
            self.questions.setdefault(name, []).append(text)
        return name is not None

    def _took(self, text: str) -> None:
        found = _DURATION.search(text)
        self._durations.append(int(found[1]) if found else 0)

    def _parked(self, text: str) -> None:
        self._took(text)
        self._parked_at = decode(text)["cycle"]

    def _decided(self, text: str) -> None:
        decision = GateDecision.from_json(decode(text)["event"]["data"]["decision"])
        self._decisions[decision.gate_id] = decision

    def _effect(self, text: str) -> None:
        envelope = decode(text)
        name = (envelope["suggestor"], envelope["cycle"], envelope["ordinal"])
        self.effects.setdefault(name, []).append(envelope)

    def _forget_attempt(self, text: str = "") -> None:
        """What was begun when a worker died is begun anew."""
        while self.steps and any(kind in self.steps[-1] for kind in ATTEMPTS) and not self._is_merged(self.steps[-1]):
            self.steps.pop()

    def _is_merged(self, step: str) -> bool:
        return bool(self.content) and decode(step)["cycle"] <= decode(self.content[-1])["cycle"]

    def _ended(self, text: str) -> None:
        envelope = decode(text)
        self.correlation = envelope["correlation_id"]
        if envelope["event"]["data"]["stop_reason"] == "UserCancelled":
            self._forget_attempt()

    def _finish(self, text: str) -> None:
        self._finished = decode(text)

    def _begin(self, text: str) -> None:
        self.began = True
        self.correlation = decode(text)["correlation_id"]

    @property
    def is_over(self) -> bool:
        """Whether the recorded run has ended."""
        return self._finished is not None

    @property
    def is_cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self._finished is not None and self._finished["event"]["data"]["status"] == "cancelled"

    @property
    def is_cancelled_unmerged(self) -> bool:
        """Whether a person ended it when a cycle waited, or had all its decisions and was not merged yet."""
        return self.is_cancelled and self._finished is not None and self._parked_at > self._finished["event"]["data"]["cycles"]

    def is_cancelled_after(self, cycle: int) -> bool:
        """Whether a person ended it when `cycle` was merged and the next had not begun to wait."""
        if self._finished is None or not self.is_cancelled:
            return False
        last = self._finished["event"]["data"]["cycles"]
        return bool(cycle == last and self._parked_at <= last)

    def lap(self) -> int:
        """The next recorded duration, in microseconds."""
        return next(self._laps, 0)

    def decisions_on(self, gates: Sequence[GateRequest]) -> list[GateDecision]:
        """What people said about these gates, in the order in which they said it."""
        wanted = {gate.gate_id for gate in gates}
        return [decision for name, decision in self._decisions.items() if name in wanted]


_READERS: Mapping[str, Callable[[Recording, str], None]] = {
    "RunStarted": Recording._begin,
    "RunResumed": Recording._forget_attempt,
    "CycleParked": Recording._parked,
    "CycleEnded": Recording._took,
    "GateDecisionRecorded": Recording._decided,
    "LLMCall": Recording._effect,
    "ToolCall": Recording._effect,
    "StateWrite": Recording._effect,
    "InterruptRaise": Recording._effect,
    "OutcomeRecorded": Recording._ended,
    "RunFinished": Recording._finish,
}
