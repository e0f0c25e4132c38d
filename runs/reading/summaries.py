"""A run as programs see it: the one form that sockets and API share."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from runs.models import RUN, Actor, Gate, GateVote, Run

MOST = 500


class RunSummary(msgspec.Struct, frozen=True):
    """Where a run is and what it came to; `stop_reason` is null while it goes on."""

    uuid: UUID
    tenant: str
    label: str
    status: str
    stop_reason: msgspec.Raw
    message: str
    head: int
    cycle: int
    cycles: int
    fact_count: int
    max_cycles: int
    max_facts: int
    tokens: int
    cost_microdollars: int
    digest: str
    merkle_root: str
    clock_time: int
    cancel_requested: bool
    correlation_id: str
    started_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    def as_json(self) -> str:
        """The summary as JSON text."""
        return msgspec.json.encode(self).decode()


class Voice(msgspec.Struct, frozen=True):
    """What somebody said at a gate; an `edit` begins the round that it names."""

    by: str
    verdict: str
    round: int
    reason: str | None
    at: datetime


class GateSummary(msgspec.Struct, frozen=True):
    """A gate: what was asked for, and what became of it."""

    id: int
    run: UUID
    gate_id: str
    kind: str
    status: str
    cycle: int
    suggestor: str | None
    request: msgspec.Raw
    proposal: msgspec.Raw
    question: msgspec.Raw
    quorum: int
    approvers: msgspec.Raw
    self_approval: bool
    round: int
    edit: msgspec.Raw
    edited_by: str | None
    answer: msgspec.Raw
    voices: list["Voice"]
    requested_at: datetime
    due_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None

    def as_json(self) -> str:
        """The summary as JSON text."""
        return msgspec.json.encode(self).decode()


_RAW = ("request", "proposal", "approvers", "question", "edit", "answer")
_COPIED = [name for name in RunSummary.__struct_fields__ if name not in ("tenant", "stop_reason")]


def summary_of(by: Actor, run: Run) -> RunSummary:
    """The summary of a run of the actor's tenant."""
    told = {name: getattr(run, name) for name in _COPIED}
    return RunSummary(tenant=by.tenant.slug, stop_reason=msgspec.Raw(run.stop_reason.encode() or b"null"), **told)


def gate_summary_of(gate: Gate) -> GateSummary:
    """The summary of a gate."""
    return _summaries([gate])[0]


def gate_summaries_of(by: Actor, run: Run) -> list[GateSummary]:
    """The newest gates of a run of the actor's tenant."""
    return _summaries(Gate.objects.of(by).filter(run=run).select_related("run").order_by("-seq", "-id")[:MOST])


def gate_summaries_waiting(by: Actor) -> list[GateSummary]:
    """The gates of the actor's tenant that wait, the one due soonest first."""
    return _summaries(Gate.objects.of(by).pending().select_related("run").order_by("due_at", "id")[:MOST])


def _summaries(gates: Iterable[Gate]) -> list[GateSummary]:
    rows = list(gates)
    spoken: dict[tuple[int, str], list[Voice]] = {}
    for vote in GateVote.objects.filter(run__in={gate.run_id for gate in rows}).order_by("seq"):
        voice = Voice(vote.by, vote.verdict, vote.round, vote.reason, vote.at)
        spoken.setdefault((vote.run_id, vote.gate_id), []).append(voice)
    return [_gate_summary(gate, spoken.get((gate.run_id, gate.gate_id), [])) for gate in rows]


def _gate_summary(gate: Gate, voices: list[Voice]) -> GateSummary:
    told = {name: getattr(gate, name) for name in GateSummary.__struct_fields__ if name not in ("run", "voices")}
    raw = {name: msgspec.Raw((told[name] or "null").encode()) for name in _RAW}
    return GateSummary(**told | raw, run=gate.run.uuid, voices=voices)


def gate_in(by: Actor, run: Run, gate_id: str) -> Gate:
    """The gate of a run of the actor's tenant; raises `DoesNotExist`."""
    return Gate.objects.of(by).get(run=run, gate_id=gate_id)


def runs_stirring(by: Actor, *, known: Iterable[int], newest: int) -> list[Run]:
    """The runs of the tenant that may have changed: those that go on, those in `known`, and those that came after `newest`."""
    runs = Run.objects.of(by).order_by("-id")
    # Three questions, because each has an index and all in one have none.
    wanted = (runs.filter(status__in=RUN.open), runs.filter(pk__in=list(known)), runs.filter(pk__gt=newest))
    found = {run.pk: run for each in wanted for run in each[:MOST]}
    return [found[key] for key in sorted(found, reverse=True)]


def newest_run(by: Actor) -> int:
    """The key of the newest run of the tenant, 0 when there is none."""
    return Run.objects.of(by).order_by("-id").values_list("pk", flat=True).first() or 0
