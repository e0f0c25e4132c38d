"""The hands with which a process reaches out: so many at a time, whatever the number of its runs."""

import threading
from collections.abc import Callable


class Hands:
    """At most `number` pieces of work at a time."""

    def __init__(self, number: int) -> None:
        self._free = threading.BoundedSemaphore(number)

    def take(self) -> "Hand | None":
        """A hand, if one is free."""
        return Hand(self._free.release) if self._free.acquire(blocking=False) else None


class Hand:
    """Does one piece of work in a thread, which keeps no process from ending.

    A thread cannot be ended, but it can be given up: then its place is free again.
    """

    def __init__(self, release: Callable[[], None]) -> None:
        self._release = release
        self._lock, self._held = threading.Lock(), True

    def begin(self, work: Callable[[], None]) -> None:
        """Do the work."""
        threading.Thread(target=self._do, args=(work,), name="reach", daemon=True).start()

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            self.give_up()

    def give_up(self) -> None:
        """Free the place, once, whether the work is done or not."""
        with self._lock:
            held, self._held = self._held, False
        if held:
            self._release()
