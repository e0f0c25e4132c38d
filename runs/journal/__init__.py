"""The journal: appending to it, and everything that follows from it alone."""

from runs.journal import cycles, effects, facts, gates  # noqa: F401  (importing registers what their rows mean)
from runs.journal.append import Batch, LeaseLost, append
from runs.journal.rebuild import envelopes_of, rebuild

__all__ = ["Batch", "LeaseLost", "append", "envelopes_of", "rebuild"]
