"""Traps: at the chosen passage of a chosen place, something happens to the process.

Places, in the order of a run: `claimed`, `recover` and `recovered` (rebuilding the state), `add` (rows reach the writer),
`flush` (before a transaction of the journal), `inside` (within it, rows inserted), `flushed` (it is over), `rung` (what
was committed is told),
`asked/TOOL/WHO` and `answered/TOOL/WHO` (around a call of a provider).
"""

import os
import threading
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from runs.engine.wire import Row

Deed = Callable[[], None]


class Job(msgspec.Struct, frozen=True):
    """What a drill's process does: `work`, serve the `web`, or `verify` a run; and what befalls it where.

    `place` and `nth` name the trap and `deed` what it does; `clock` is how many seconds the process's clock is ahead.
    With `eager` every merge is flushed, otherwise only what must be.
    """

    id: int
    what: str = "work"
    place: str = ""
    nth: int = 1
    deed: str = "kill"
    clock: float = 0.0
    eager: bool = True
    hands: int = 1
    lease: float = 12.0
    patience: float = 20.0
    port: int = 0
    run: int = 0


class Traps:
    """Counts how often every place is passed, keeps the trace, and springs the trap once."""

    def __init__(self, job: Job, folder: Path, deeds: dict[str, Deed]) -> None:
        self._job, self._deeds = job, deeds
        self._trace, self._failures = folder / f"{job.id}.trace", folder / f"{job.id}.failures"
        self._passed: Counter[str] = Counter()
        self._lock = threading.Lock()

    def reached(self, place: str, *, told: str = "") -> None:
        """The process has come to a place; `told` says more about it in the trace."""
        with self._lock:
            self._passed[place] += 1
            note(self._trace, f"{place} {told}")
            springs = place == self._job.place and self._passed[place] == self._job.nth
        if springs:
            self._deeds[self._job.deed]()

    def around(self, module: Any, name: str, before: str = "", after: str = "", when: Callable[..., bool] = lambda *_: True) -> None:
        """Have a function of the product reach a place before it begins and when it has ended."""
        real = getattr(module, name)

        def trapped(*args: Any, **keywords: Any) -> Any:
            counts = when(*args)
            if before and counts:
                self.reached(before, told=last_row(*args))
            try:
                result = real(*args, **keywords)
            except Exception as error:
                note(self._failures, f"{name}: {error!r}")
                raise
            if after and counts:
                self.reached(after)
            return result

        setattr(module, name, trapped)

    def lay(self) -> None:
        """Wrap every place of a worker or of a web server."""
        from runs import doorbell
        from runs.journal import tables, verdicts
        from runs.models import Envelope
        from runs.runner import writer

        for module in (writer, verdicts):
            self.around(module, "append", "flush", "flushed")
        self.around(tables, "insert", after="inside", when=lambda model, *_: model is Envelope)
        self.around(doorbell, "_ring", "rung")
        self.around(writer.Writer, "add", "add")
        self.around(import_module("runs.runner.conduct"), "recover", "recover", "recovered")
        self.around(import_module("runs.runner.claim"), "held", after="claimed")


def note(path: Path, line: str) -> None:
    """Add a line that outlives the process, whatever happens to it next."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)


def last_row(*args: Any) -> str:
    """What a flush, or what reaches the writer, ends with, in a word."""
    last = args[1][-1] if len(args) > 1 and isinstance(args[1], list | tuple) and args[1] else None
    row = last[1][-1] if isinstance(last, tuple) else last
    if not isinstance(row, Row):
        return ""
    return f"{row.kind}:{row.data['phase']}" if row.family == "effect" else row.kind
