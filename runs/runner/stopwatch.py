"""Counting the time that the engine itself takes."""

import time
from types import TracebackType


class Stopwatch:
    """Runs inside its `with` block only; a lap is the time counted since the last one."""

    def __init__(self) -> None:
        self._counted = 0
        self._since: int | None = None

    def __enter__(self) -> "Stopwatch":
        self._since = time.perf_counter_ns()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._count()
        self._since = None

    def lap(self) -> int:
        """Microseconds counted since the last lap."""
        self._count()
        microseconds, self._counted = self._counted // 1000, self._counted % 1000
        return microseconds

    def _count(self) -> None:
        if self._since is not None:
            now = time.perf_counter_ns()
            self._counted += now - self._since
            self._since = now
