"""What the machine does: claims runs, conducts them, reaches out for them, and takes over where another one died."""

from runs.runner.claim import claim, held, new_lease
from runs.runner.conduct import conduct
from runs.runner.dispatch import carry, work

__all__ = ["carry", "claim", "conduct", "held", "new_lease", "work"]
