"""Planning: plans put on the table, gaps found, stability awaited, hypotheses followed to their end."""

from runs.suggestors.planning.gaps import GapDetector
from runs.suggestors.planning.huddle_seed import HuddleSeed
from runs.suggestors.planning.hypotheses import HypothesisTracker, TrackedHypothesis, tracked
from runs.suggestors.planning.stability import Stability

__all__ = ["GapDetector", "HuddleSeed", "HypothesisTracker", "Stability", "TrackedHypothesis", "tracked"]
