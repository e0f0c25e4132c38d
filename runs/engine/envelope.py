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
    return f"{_second(microseconds // 1_000_000)}.{microseconds % 1_000_000:06}Z"


@lru_cache(maxsize=16)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


class Seal:
    """Makes the envelopes of one run. Texts are encoded once, here."""

    def __init__(self, run: str, tenant: str | None, correlation: str) -> None:
        scope = "null" if tenant is None else quote(tenant)
        head = f',"run":{quote(run)},"tenant_id":{scope},"correlation_id":{quote(correlation)},"event_id":'
        self._event, self._other = head + quote(event_id(correlation, 0))[:-2], f"{head}null,"

    def envelopes(self, rows: Sequence[Row], seq: int, number: int, occurred_at: str) -> list[str]:
        """JSON texts of the envelopes of `rows`, which get the places after `seq`; experience events count from `number`.

        `occurred_at` is UTC, ISO, `…Z`; one time serves all rows of a border.
        """
        event, at = self._event, f'","occurred_at":"{occurred_at}",'
        other = f'{self._other}"occurred_at":"{occurred_at}","attempt":'
        texts: list[str] = []
        append = texts.append
        for row in rows:
            seq += 1
            if row.family == "experience":
                append(f'{{"seq":{seq}{event}{number}{at}{row.body}}}')
                number += 1
            elif row.duration_us is not None:
                append(f'{{"seq":{seq}{other}{row.attempt},"duration_us":{row.duration_us},{row.body}}}')
            elif row.latency_ms is not None:
                append(f'{{"seq":{seq}{other}{row.attempt},"latency_ms":{row.latency_ms},{row.body}}}')
            else:
                append(f'{{"seq":{seq}{other}{row.attempt},{row.body}}}')
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
