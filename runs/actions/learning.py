"""Offering a run what earlier ones taught: fixed when it is started, whatever is learnt meanwhile."""

from itertools import islice

from runs.journal.learning import calibration_of
from runs.models import Beginning, Episode, Prior, Run
from runs.suggestors.classifier import class_of_seeds
from runs.suggestors.document import FormationDocument
from runs.suggestors.recall import RecallCandidate
from runs.suggestors.seeding import Seeding, offered

#: How many memories are offered, and of how many runs at most; the newest.
MEMORIES = 5


def offer_priors(run: Run, document: FormationDocument) -> None:
    """Give a run that learns the priors and memories of its tenant and problem class, as seeds beside its own."""
    if document.learning is None:
        return
    name = document.learning.problem_class or class_of_seeds(document.seeds())
    priors = Prior.objects.filter(tenant_id=run.tenant_id, problem_class=name).order_by("id")
    beside = offered(name, map(calibration_of, priors), _memories(run.tenant_id, name))
    Beginning.objects.create(run=run, problem_class=name, seeding=Seeding(beside=beside).to_json())


def _memories(tenant_id: int, name: str) -> list[RecallCandidate]:
    """The newest memories, in the order in which they were made."""
    episodes = Episode.objects.filter(tenant_id=tenant_id, problem_class=name).exclude(memories="[]").order_by("-id")[:MEMORIES]
    newest = (RecallCandidate(**each) for episode in episodes for each in reversed(episode.listed("memories")))
    return list(islice(newest, MEMORIES))[::-1]
