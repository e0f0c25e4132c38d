"""Drafts: opened, changed, undone, published; each by its owner alone."""

from django.db import transaction

from runs.actions.audit import note
from runs.actions.formations import UnableToPublish, can_publish, create_formation, publish_version
from runs.models import Draft, DraftStep, Formation, FormationVersion, Membership
from runs.suggestors.authored import text_after
from runs.suggestors.operations import Operation
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.text import LARGEST_DOCUMENT

#: Steps that can be undone.
STEPS = 100


@transaction.atomic
def new_draft(*, by: Membership, text: str) -> Draft:
    """A draft of a formation that is not there yet. Raises `UnableToPublish` for whoever may not author."""
    _check(by)
    draft = _begin(by, text, None, None)
    note(by=by, action="open_draft", subject=f"draft {draft.pk}")
    return draft


@transaction.atomic
def draft_for(*, by: Membership, formation: Formation) -> Draft:
    """The actor's draft of the next version of a formation, begun from its newest one if need be."""
    _check(by)
    mine = Formation.objects.of(by).select_for_update().get(pk=formation.pk)
    draft = Draft.objects.of(by).filter(formation=mine).first()
    if draft is None:
        draft = _begin(by, readable(mine.latest.document), mine, mine.latest)
        note(by=by, action="open_draft", subject=f"draft {draft.pk} of {mine.slug}")
    return draft


@transaction.atomic
def save_text(*, by: Membership, draft: Draft, revision: int, text: str) -> Draft:
    """Take the text as it was typed, broken or not. Raises `StaleDraft`, and `DocumentInvalid` for one that is too large to keep."""
    text = text.replace("\r\n", "\n")
    if len(text.encode(errors="replace")) > LARGEST_DOCUMENT:
        raise DocumentInvalid([("", f"the text has more than {LARGEST_DOCUMENT} bytes; the draft stays as it was")])
    return _step(_mine(by, draft, revision, text), text)


@transaction.atomic
def edit_draft(*, by: Membership, draft: Draft, revision: int, operations: list[Operation]) -> Draft:
    """Do operations on the document. Raises `StaleDraft`; `Refused` or `DocumentInvalid` where the text allows none."""
    mine = _mine(by, draft, revision, None)
    return _step(mine, text_after(mine.text, operations))


@transaction.atomic
def rewrite_draft(*, by: Membership, draft: Draft, revision: int, form: str) -> Draft:
    """The same document in the other notation: `yaml` or `json`."""
    mine = _mine(by, draft, revision, None)
    return _step(mine, text_after(mine.text, [], form="yaml" if form == "yaml" else "json"))


@transaction.atomic
def step_draft(*, by: Membership, draft: Draft, revision: int, back: bool) -> Draft:
    """Undo a step, or do it again; at either end nothing changes."""
    mine = _mine(by, draft, revision, None)
    steps = (
        mine.steps.filter(number__lt=mine.step).order_by("-number") if back else mine.steps.filter(number__gt=mine.step).order_by("number")
    )
    step = steps.first()
    if step is not None:
        mine.step, mine.text, mine.revision = step.number, step.text, mine.revision + 1
        mine.save()
    return mine


@transaction.atomic
def publish_draft(*, by: Membership, draft: Draft, revision: int, remark: str, on_top: bool = False) -> FormationVersion:
    """Make the draft a version, and let go of it. Raises `StaleDraft`, `DocumentInvalid`, `UnableToPublish`, and `Overtaken`.

    `on_top` publishes although somebody else published since the draft was begun.
    """
    mine = _mine(by, draft, revision, None)
    formation = mine.formation
    if formation is None:
        version = create_formation(by=by, document=mine.text, remark=remark)
    else:
        if mine.base != formation.latest and not on_top:
            raise Overtaken(formation.latest)
        version = publish_version(by=by, formation=formation, document=mine.text, remark=remark)
    mine.delete()
    return version


@transaction.atomic
def discard_draft(*, by: Membership, draft: Draft) -> None:
    """Throw one's draft away."""
    mine = Draft.objects.of(by).get(pk=draft.pk)
    note(by=by, action="discard_draft", subject=mine, before={"text": mine.text[:10_000]})
    mine.delete()


@transaction.atomic
def restore_version(*, by: Membership, version: FormationVersion) -> Draft:
    """Put an earlier version into the actor's draft, as one more step; publishing makes it the newest."""
    draft = draft_for(by=by, formation=version.formation)
    note(by=by, action="restore_version", subject=version)
    return save_text(by=by, draft=draft, revision=draft.revision, text=readable(version.document))


def readable(document: str) -> str:
    """A document as it is opened for writing."""
    return text_after(document, [], form="yaml")


def _check(by: Membership) -> None:
    if not can_publish(by):
        raise UnableToPublish("your role does not allow to write formations")


def _mine(by: Membership, draft: Draft, revision: int, text: str | None) -> Draft:
    _check(by)
    mine = Draft.objects.of(by).select_for_update(of=("self",)).get(pk=draft.pk)
    if mine.revision != revision:
        raise StaleDraft(mine, text)
    return mine


def _begin(by: Membership, text: str, formation: Formation | None, base: FormationVersion | None) -> Draft:
    draft = Draft.objects.create(tenant=by.tenant, owner=by.user, formation=formation, base=base, text=text)
    DraftStep.objects.create(draft=draft, number=1, text=text)
    return draft


def _step(draft: Draft, text: str) -> Draft:
    if text == draft.text:
        return draft
    draft.steps.filter(number__gt=draft.step).delete()
    draft.steps.filter(number__lte=draft.step - STEPS).delete()
    draft.text, draft.step, draft.revision = text, draft.step + 1, draft.revision + 1
    draft.save()
    DraftStep.objects.create(draft=draft, number=draft.step, text=text)
    return draft


class StaleDraft(Exception):
    """The draft was changed since; `current` is how it stands, `typed` the text that would have replaced it."""

    def __init__(self, current: Draft, typed: str | None) -> None:
        super().__init__("this draft was changed elsewhere since you looked at it; nothing of either side is lost")
        self.current, self.typed = current, typed


class Overtaken(Exception):
    """Somebody published another version since the draft was begun; `newest` is that."""

    def __init__(self, newest: FormationVersion) -> None:
        super().__init__(f"{newest.author} published version {newest.number} since you began")
        self.newest = newest
