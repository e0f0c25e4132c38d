"""Whether a journal is sound as it stands, before anything is executed: no gap, no place twice, nothing beside the rows."""

import re
from collections.abc import Iterator
from typing import Any

from runs.engine.envelope import event_id
from runs.engine.wire import decode, quote
from runs.models import RUN, Envelope, Run
from runs.runner.voices import KINDS, Voices

COLUMNS = ("seq", "family", "kind", "cycle", "suggestor", "attempt", "event_id", "body")
#: What the last row of a run says of the run, by the run's column.
FINAL = {
    "status": "status",
    "message": "message",
    "cycles": "cycles",
    "fact_count": "facts",
    "digest": "digest",
    "merkle_root": "merkle_root",
    "clock_time": "clock_time",
}
MERGED = {"fact_count": "facts", "digest": "digest", "clock_time": "clock"}


def sound_texts(run: Run) -> Iterator[str]:
    """The envelopes of a run in their order; raises `Unsound` at the first thing that is not as it must be."""
    check = _Check(run)
    rows = Envelope.objects.after(run, 0).filter(seq__lte=run.head).values_list(*COLUMNS)
    for row in rows.iterator(chunk_size=2_000):
        check.take(row)
        yield row[-1]
    check.close()


class _Check:
    """Goes through a journal row by row."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.seq = self.number = self.cycle = 0
        self.merged: str | None = None
        self.last: str | None = None
        self.kind = ""
        self.head = re.compile(_head_of(run))
        self.voices = Voices(run)

    def take(self, row: tuple[Any, ...]) -> None:
        """Hold a row against its place, and its columns against its text."""
        seq, family, kind, cycle, suggestor, attempt, named, body = row
        self.seq += 1
        if seq != self.seq:
            raise Unsound(cycle, f"envelope {seq} follows {self.seq - 1}", f"envelope {self.seq}")
        expected = None
        if family == "experience":
            expected = event_id(self.run.correlation_id, self.number)
            self.number += 1
        says = None if suggestor is None else quote(suggestor)
        columns = (str(seq), expected, family, kind, str(cycle), says or "null")
        found = self.head.match(body)
        told = None if found is None else (found[1], _name(found[2]), *found.group(4, 5, 6, 7))
        if found is None or told != columns or named != expected or (found[3] is not None and found[3] != str(attempt)):
            raise Unsound(cycle, _shown(told, body), _shown(columns, body))
        if self.kind == "RunFinished":
            raise Unsound(cycle, f"envelope {seq} after the end", None)
        if kind in KINDS and (sides := self.voices.take(seq, kind, body)) is not None:
            raise Unsound(cycle, *sides)
        self.kind, self.last, self.cycle = kind, body, cycle
        if kind == "CycleEnded":
            self.merged = body

    def close(self) -> None:
        """Hold the run's own columns against the last rows."""
        run, over = self.run, self.kind == "RunFinished"
        if left := self.voices.left():
            raise Unsound(self.cycle, f"a vote at envelope {left[0]}", "no such vote in the journal")
        self._equal({"head": run.head, "event_count": run.event_count}, {"head": self.seq, "event_count": self.number})
        if over is not (run.status in RUN.final):
            raise Unsound(self.cycle, f"the run is {run.status}", f"its journal ends with {self.kind or 'nothing'}")
        text, names = (self.last, FINAL) if over else (self.merged, MERGED)
        if text is not None:
            data = decode(text)["event"]["data"]
            said = {name: "" if data[member] is None else data[member] for name, member in names.items()}
            self._equal({name: getattr(run, name) for name in names}, said)

    def _equal(self, columns: dict[str, Any], told: dict[str, Any]) -> None:
        wrong = [name for name in columns if columns[name] != told[name]]
        if wrong:
            raise Unsound(self.cycle, {name: columns[name] for name in wrong}, {name: told[name] for name in wrong})


def _head_of(run: Run) -> str:
    """What every envelope of the run begins with; groups: seq, event id, attempt, family, kind, cycle, suggestor."""
    scope = f',"run":{quote(str(run.uuid))},"tenant_id":{quote(run.tenant.slug)},"correlation_id":{quote(run.correlation_id)},"event_id":'
    text = r'"(?:[^"\\]|\\.)*"'
    return (
        r'\{"seq":(\d+)' + re.escape(scope) + rf'(null|{text}),"occurred_at":"[0-9T:.Z-]+",'
        r'(?:"attempt":(\d+),)?(?:"duration_us":\d+,)?(?:"latency_ms":\d+,)?'
        rf'"family":"(\w+)","kind":"(\w+)","cycle":(\d+),"suggestor":(null|{text}),'
    )


def _name(told: str) -> str | None:
    return None if told == "null" else str(decode(told))


def _shown(parts: tuple[Any, ...] | None, body: str) -> Any:
    """A row's head for people."""
    if parts is None:
        return body[:400]
    return dict(zip(("seq", "event_id", "family", "kind", "cycle", "suggestor"), parts, strict=True))


class Unsound(Exception):
    """The journal, or what the run says of it, was changed by somebody."""

    def __init__(self, cycle: int, recorded: Any, expected: Any) -> None:
        super().__init__(f"the journal is not as it was written, in cycle {cycle}")
        self.cycle, self.recorded, self.expected = cycle, recorded, expected
