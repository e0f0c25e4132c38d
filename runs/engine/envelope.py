"""Sealing: a row becomes an envelope when it gets its run, its place, its tenant, its correlation and its time."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

import msgspec

from runs.engine.events import ExperienceEvent
from runs.engine.facts import EPOCH
from runs.engine.wire import Row, quote


def event_id(correlation: str, number: int) -> str:
    """Id of the `number`-th experience event of a run, counted from 0."""
    return f"formation:{correlation}:{number}"


def moment(microseconds: int) -> str:
    """ISO text of a time in UTC, given as microseconds since the epoch: `2026-11-22T01:02:03.000004Z`."""
    digits = str(microseconds).zfill(7)
    return f"{_second(digits[:-6])}.{digits[-6:]}Z"


@lru_cache(maxsize=16)
def _second(seconds: str) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%S")


class Seal:
    """Makes the envelopes of one run. Texts are encoded once, here."""

    def __init__(self, run: str, tenant: str | None, correlation: str) -> None:
        scope = "null" if tenant is None else quote(tenant)
        self._scope = f',"run":{quote(run)},"tenant_id":{scope},"correlation_id":{quote(correlation)},"event_id":'
        self._prefix = quote(event_id(correlation, 0))[:-2]

    def envelopes(self, rows: Sequence[Row], seq: int, number: int, occurred_at: str) -> list[str]:
        """JSON texts of the envelopes of `rows`, which get the places after `seq`; experience events count from `number`.

        `occurred_at` is UTC, ISO, `…Z`; one time serves all rows of a border.
        """
        null = f'{self._scope}null,"occurred_at":"{occurred_at}",'
        event = f"{self._scope}{self._prefix}"
        at = f'","occurred_at":"{occurred_at}",'
        attempt = rows[0].attempt if rows else 1  # the same for nearly all rows: its text is made once
        plain = f'{null}"attempt":{attempt},'
        texts: list[str] = []
        append = texts.append
        for place, row in enumerate(rows, seq + 1):
            if row.family == "experience":
                append(f'{{"seq":{place}{event}{number}{at}{row.body}}}')
                number += 1
            elif row.duration_us is row.latency_ms and row.attempt == attempt:  # nothing was measured: both are None
                append(f'{{"seq":{place}{plain}{row.body}}}')
            else:
                duration = "" if row.duration_us is None else f'"duration_us":{row.duration_us},'
                latency = "" if row.latency_ms is None else f'"latency_ms":{row.latency_ms},'
                append(f'{{"seq":{place}{null}"attempt":{row.attempt},{duration}{latency}{row.body}}}')
        return texts


class ExperienceEventEnvelope(msgspec.Struct, frozen=True):
    """The original's envelope of an experience event."""

    event_id: str
    event: ExperienceEvent
    occurred_at: str = EPOCH
    tenant_id: str | None = None
    correlation_id: str | None = None


class ExperienceEnvelopeSink(Protocol):
    """Takes envelopes; a failing append is ignored by the observer."""

    def append(self, envelope: ExperienceEventEnvelope) -> None:
        """Keep the envelope."""


class FormationExperienceObserver:
    """Wraps the events of a run into envelopes numbered from 0; one observer per run."""

    def __init__(self, sink: ExperienceEnvelopeSink, tenant_id: str | None, correlation_id: str) -> None:
        self._sink = sink
        self._tenant = tenant_id
        self._correlation = correlation_id
        self._number = 0

    @classmethod
    def tenant_scoped(cls, sink: ExperienceEnvelopeSink, tenant_id: str, correlation_id: str) -> "FormationExperienceObserver":
        """An observer whose envelopes carry the tenant."""
        return cls(sink, tenant_id, correlation_id)

    def on_event(self, event: ExperienceEvent) -> None:
        """Number and wrap `event`; best effort: a sink that fails loses it, the run goes on."""
        number, self._number = self._number, self._number + 1
        envelope = ExperienceEventEnvelope(
            event_id(self._correlation, number),
            event,
            tenant_id=self._tenant,
            correlation_id=self._correlation,
        )
        try:
            self._sink.append(envelope)
        except Exception:  # noqa: BLE001 -- a sink may fail as it likes
            return
