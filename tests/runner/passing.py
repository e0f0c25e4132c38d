"""Time for tests: it passes when nobody has anything to say, and nobody waits for it."""

import queue

from runs.runner.passing import Passing


class Quick(Passing):
    """Goes ahead to whatever comes next; `naps` are the seconds that it went ahead.

    Who is being asked has `patience` real seconds to answer: a few for those that hang, many for those on a busy machine.
    """

    def __init__(self, patience: float = 30.0) -> None:
        self.seconds, self.patience = 0.0, patience
        self.naps: list[float] = []

    def now(self):
        return self.seconds

    def told(self, box, seconds, *, busy):
        try:
            return box.get(timeout=self.patience if busy else 0.001)
        except queue.Empty:
            self.naps.append(seconds)
            self.seconds += seconds
            return None

    def pause(self, over, seconds):
        self.seconds += seconds
        return over.is_set()
