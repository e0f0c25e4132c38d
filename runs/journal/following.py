"""What follows from the end of a run, in the very transaction that ends it: a crash neither loses nor doubles it."""

from runs.journal import tables
from runs.journal.learning import learn
from runs.journal.tournaments import conclude, entered
from runs.models import Beginning, Entrant, Run


def follow(run_id: int) -> None:
    """Do what follows; called once for each run, by whoever ends it: a worker, or somebody who cancels.

    Locks are taken in one order: the run, its tournament, then the tenant whose priors move.
    """
    if not any(tables.column(model, "id", run_id=run_id) for model in (Beginning, Entrant)):
        return
    run = Run.objects.select_related("version__formation").get(pk=run_id)
    tournament = entered(run)
    learn(run)
    if tournament is not None:
        conclude(tournament)
