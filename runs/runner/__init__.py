"""What the machine does: claims runs, conducts them, reaches out for them, and takes over where another one died."""

from runs.journal import LeaseLost
from runs.runner.claim import claim, claim_run, held, new_lease
from runs.runner.conduct import conduct
from runs.runner.dispatch import carry, work

__all__ = ["LeaseLost", "carry", "claim", "claim_run", "conduct", "held", "new_lease", "work"]
