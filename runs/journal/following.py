"""What follows from the end of a run, in the very transaction that ends it: a crash neither loses nor doubles it."""

from runs.journal.learning import learn
from runs.models import Run


def follow(run_id: int) -> None:
    """Do what follows; called once for each run, by whoever ends it: a worker, or somebody who cancels."""
    learn(Run.objects.select_related("version__formation").get(pk=run_id))
