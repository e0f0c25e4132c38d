"""How time passes for whoever waits for answers; tests let it pass in their own way."""

import queue
import threading
import time
from typing import Any

#: How often somebody who waits looks around.
GLANCE = 0.1


class Passing:
    """Real time."""

    def now(self) -> float:
        """Seconds on a clock that never goes back."""
        return time.monotonic()

    def told(self, box: "queue.SimpleQueue[Any]", seconds: float, *, busy: bool) -> Any:
        """What is told within so many seconds, or a glance; None if nothing is. `busy`: whether anybody could tell something."""
        try:
            return box.get(timeout=min(GLANCE, seconds))
        except queue.Empty:
            return None

    def pause(self, over: threading.Event, seconds: float) -> bool:
        """Wait, and tell whether it was over meanwhile."""
        return over.wait(seconds)


PASSING = Passing()
