"""Offering a run what earlier ones taught: fixed when it is started, whatever is learnt meanwhile."""

from itertools import islice

from runs.journal.learning import calibration_of
from runs.models import Beginning, Episode, Prior, Run
from runs.suggestors.classifier import class_of_seeds
from runs.suggestors.document import FormationDocument
from runs.suggestors.forms import ProposalForm
from runs.suggestors.recall import RecallCandidate
from runs.suggestors.seeding import Seeding, offered

#: How many memories are offered, and of how many runs at most; the newest.
MEMORIES = 5


def fix_seeds(run: Run, document: FormationDocument, instead: list[ProposalForm] | None = None) -> None:
    """Fix what a run begins with beside its document: the seeds `instead` of the document's own, and what was learnt.

    A run that learns gets the priors and memories of its tenant and problem class; one that competes on given seeds gets
    these and nothing else, so that all entrants begin alike.
    """
    if instead is None and document.learning is None:
        return
    own = document.seeds() if instead is None else [form.proposal() for form in instead]
    name = document.learning.problem_class or class_of_seeds(own) if document.learning is not None else ""
    beside = _taught(run, name) if instead is None else []
    Beginning.objects.create(run=run, problem_class=name, seeding=Seeding(instead, beside).to_json())


def _taught(run: Run, name: str) -> list[ProposalForm]:
    priors = Prior.objects.filter(tenant_id=run.tenant_id, problem_class=name).order_by("id")
    return offered(name, map(calibration_of, priors), _memories(run.tenant_id, name))


def _memories(tenant_id: int, name: str) -> list[RecallCandidate]:
    """The newest memories, in the order in which they were made."""
    episodes = Episode.objects.filter(tenant_id=tenant_id, problem_class=name).exclude(memories="[]").order_by("-id")[:MEMORIES]
    newest = (RecallCandidate(**each) for episode in episodes for each in reversed(episode.listed("memories")))
    return list(islice(newest, MEMORIES))[::-1]
