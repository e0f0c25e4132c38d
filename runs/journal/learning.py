"""Remembering a run that is over: its episode and what that does to the priors, in the transaction that ends it.

A run is remembered once: whoever ends it writes the episode, and there is one for each run.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from runs.engine import ContextKey
from runs.engine.wire import decode
from runs.models import Beginning, Episode, Prior, Run, RunStatus, Tenant
from runs.suggestors.document import FormationDocument, read_document
from runs.suggestors.learning import LEARNT_FROM, LearningEpisode, Story, calibrated, episode_of, has_infra_failure, signals_of
from runs.suggestors.priors import PriorCalibration
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.recall import memory_of

#: A run's last rows: BudgetExceeded, OutcomeRecorded, RunFinished.
LAST = 3
TOLD = ("OutcomeRecorded", "BudgetExceeded", "GateDecisionRecorded")


def learn(run: Run) -> None:
    """Remember a run that has just ended, if its document wants that. One that people cancelled teaches nothing."""
    beginning = Beginning.objects.filter(run=run).exclude(problem_class="").first()
    if beginning is None or run.status == RunStatus.CANCELLED:
        return
    try:
        document = read_document(run.version.document)
    except DocumentInvalid:
        return
    envelopes = list(_envelopes(run))
    story = _story(run, envelopes)
    episode = _episode(run, document, story)
    learnt = [] if has_infra_failure(story) else recalibrate(run.tenant_id, beginning.problem_class, episode)
    Episode.objects.create(
        tenant_id=run.tenant_id,
        problem_class=beginning.problem_class,
        run=run,
        body=_text(episode),
        signals=_text(signals_of(story)),
        memories=_text([memory for envelope in envelopes if (memory := memory_of(envelope)) is not None]),
        calibrations=_text(learnt),
    )


def recalibrate(tenant_id: int, problem_class: str, episode: LearningEpisode) -> list[PriorCalibration]:
    """Move the tenant's priors of a class by an episode; one at a time, so that no evidence is lost."""
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant_id)
    rows = Prior.objects.filter(tenant_id=tenant_id, problem_class=problem_class)
    learnt = calibrated(episode, [calibration_of(row) for row in rows])
    for each in learnt:
        changed = msgspec.structs.asdict(each)
        name = {"tenant_id": tenant_id, "problem_class": problem_class, "assumption_type": changed.pop("assumption_type")}
        Prior.objects.update_or_create(**name, defaults=changed)
    return learnt


def calibration_of(prior: Prior) -> PriorCalibration:
    """A stored prior as suggestors know it."""
    return PriorCalibration(*(getattr(prior, name) for name in PriorCalibration.__struct_fields__))


def _episode(run: Run, document: FormationDocument, story: Story) -> LearningEpisode:
    categories = document.learning.categories if document.learning is not None else ()
    name = str(run.uuid)
    return episode_of(name, str(run.version), name, document.label, story, categories=categories)


def _envelopes(run: Run) -> Iterator[dict[str, Any]]:
    """The events that tell how a run went. Without gates they are its last ones; a whole journal is never decoded."""
    told = run.envelopes.filter(kind__in=TOLD).order_by("seq")
    if not run.gates.exists():
        told = told.filter(seq__gt=run.head - LAST)
    for body in told.values_list("body", flat=True).iterator(chunk_size=500):
        yield decode(body)


def _story(run: Run, envelopes: Iterable[dict[str, Any]]) -> Story:
    texts: dict[ContextKey, list[str]] = {key: [] for key in LEARNT_FROM}
    facts = run.facts.filter(key__in=[str(key) for key in LEARNT_FROM]).order_by("seq")
    for key, text in facts.values_list("key", "text").iterator(chunk_size=2_000):
        texts[ContextKey(key)].append(text or "")
    return Story(texts, [(envelope["event"]["type"], envelope["event"]["data"]) for envelope in envelopes])


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
