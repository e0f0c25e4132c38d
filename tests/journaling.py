"""Journals of any length for tests, written without an engine."""

import msgspec
from django.utils import timezone

from runs.engine.wire import Row
from runs.journal import append
from runs.models import Run
from tests.house import a_run

BODY = '"family":"progress","kind":"Noted","cycle":1,"suggestor":null,"event":{"type":"Noted","data":{"words":"%s"}}'


def notes(count: int, *, words: str = "…") -> list[Row]:
    """Rows of a kind that no projection reads."""
    return [Row("progress", "Noted", 1, None, BODY % words) for _ in range(count)]


def extend(run: Run, count: int, *, words: str = "…") -> None:
    """Append that many rows in one commit."""
    append(run, [(timezone.now(), notes(count, words=words))], lease=run.lease)


def finish(run: Run) -> None:
    """Append a last row, with which the run is over."""
    over = {"status": "converged", "stop_reason": '"Converged"', "finished_at": timezone.now()}
    append(run, [(timezone.now(), notes(1))], lease=run.lease, columns=over)


def a_running_run(count: int = 0, **fields: object) -> Run:
    """A run under way, with a journal of that length."""
    run = a_run(status="running", **fields)
    if count:
        extend(run, count)
    return run


def seqs(envelopes: list[dict]) -> list[int]:
    """The places of decoded envelopes."""
    return [envelope["seq"] for envelope in envelopes]


def decoded(text: str) -> dict:
    """A frame or answer."""
    return dict(msgspec.json.decode(text))
