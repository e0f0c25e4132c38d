"""Where `converge` stops and hands over; each border carries the journal rows since the last one."""

import msgspec

from runs.engine.effects import EffectRequest
from runs.engine.ending import ConvergeResult
from runs.engine.facts import ContextKey
from runs.engine.gates import GateRequest
from runs.engine.wire import Row


class CycleMerged(msgspec.Struct, frozen=True, gc=False):
    """A cycle was merged (cycle 0: the seeds were promoted). Its rows belong into one transaction."""

    rows: list[Row]
    cycle: int
    facts_added: int
    dirty: list[ContextKey]
    digest: str


class EffectsWanted(msgspec.Struct, frozen=True):
    """Suggestors reach out: send one `EffectResult` for each request, in order."""

    rows: list[Row]
    requests: list[EffectRequest]


class GatesOpen(msgspec.Struct, frozen=True):
    """The cycle waits for humans: send decisions, or close the generator and come back later."""

    rows: list[Row]
    gates: list[GateRequest]


class Finished(msgspec.Struct, frozen=True):
    """The run is over."""

    rows: list[Row]
    result: ConvergeResult


Border = CycleMerged | EffectsWanted | GatesOpen | Finished
