"""Ways in which a run is interrupted: workers that die, and people who answer while nobody conducts."""

from typing import Any

from runs.engine import CycleMerged, EffectsWanted, GatesOpen, InterruptRaise, State, decision_row, restore
from tests.engine.formations import House, decide
from tests.engine.teams import envelopes


class DiesAtEvery:
    """A worker that dies at every border, the first time it gets there."""

    def __init__(self, how: str) -> None:
        self.how = how
        self.seen: set[Any] = set()

    def __call__(self, border: Any) -> str:
        place: Any = "end"
        if isinstance(border, CycleMerged):
            place = border.cycle
        elif isinstance(border, EffectsWanted):
            place = tuple((one.number, one.cycle, one.ordinal) for one in border.requests)
        elif isinstance(border, GatesOpen):
            place = tuple(gate.gate_id for gate in border.gates)
        if place in self.seen or (place == "end" and self.how == "after the flush"):
            return ""
        self.seen.add(place)
        return self.how


class SlowHumans(House):
    """Gates are decided one by one, in the journal, while nobody conducts the run."""

    def conduct(self) -> bool:
        finished = super().conduct()
        border = self.told.borders[-1]
        if isinstance(border, GatesOpen):
            for gate in border.gates:
                parked = restore(envelopes(self.journal)).parked
                assert parked is not None
                said = decide(gate)
                self.journal.append(decision_row(parked.decide(said), said))
        return finished


class LetGo(Exception):
    """People must be asked before the run can go on."""


class SlowPeople(House):
    """Questions are answered one by one, in the journal, while nobody conducts the run; all else is answered at once."""

    def conduct(self) -> bool:
        self.asked: list[Any] = []
        try:
            return super().conduct()
        except LetGo:
            self.resolve(self.asked[-1])
            return False

    def reply(self, border: Any, state: State) -> Any:
        if isinstance(border, EffectsWanted):
            known = set(self.results)
            self.asked = [one for one in border.requests if isinstance(one.effect, InterruptRaise) and self.identity(one) not in known]
            for request in border.requests:
                if request not in self.asked:
                    self.resolve(request)
            if self.asked:
                raise LetGo
        return super().reply(border, state)
