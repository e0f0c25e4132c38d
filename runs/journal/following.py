"""What follows from the end of a run, in the very transaction that ends it: a crash neither loses nor doubles it."""

from runs.journal.learning import learn
from runs.journal.tournaments import conclude, entered
from runs.models import Run


def follow(run_id: int) -> None:
    """Do what follows; called once for each run, by whoever ends it: a worker, or somebody who cancels.

    Locks are taken in one order: the run, its tournament, then the tenant whose priors move.
    """
    run = Run.objects.select_related("version__formation").get(pk=run_id)
    tournament = entered(run)
    learn(run)
    if tournament is not None:
        conclude(tournament)
