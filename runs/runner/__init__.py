"""What the machine does: claims runs, conducts them, reaches out for them, and takes over where another one died."""

from runs.journal import LeaseLost
from runs.runner.claim import claim, claim_run, held, new_lease
from runs.runner.conduct import conduct
from runs.runner.dispatch import carry, work
from runs.runner.verify import carry_out, claim_verification

__all__ = ["LeaseLost", "carry", "carry_out", "claim", "claim_run", "claim_verification", "conduct", "held", "new_lease", "work"]
