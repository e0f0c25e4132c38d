"""Formations and their versions."""

from django.db import transaction
from django.utils.text import slugify

from runs.actions.audit import note
from runs.models import Actor, Formation, FormationVersion
from runs.suggestors.document import FormationDocument, read_document


@transaction.atomic
def create_formation(*, by: Actor, document: str, slug: str = "", remark: str = "") -> FormationVersion:
    """Make a formation from its first document. Raises `DocumentInvalid` for one that cannot be run."""
    _check(by)
    read = read_document(document)
    slug = slug or slug_of(read.label)
    if Formation.objects.of(by).filter(slug=slug).exists():
        raise UnableToPublish(f"there is a formation '{slug}'")
    formation = Formation.objects.create(tenant=by.tenant, slug=slug, label=read.label)
    note(by=by, action="create_formation", subject=slug, after={"label": read.label})
    return _publish(by, formation, read, remark)


@transaction.atomic
def publish_version(*, by: Actor, formation: Formation, document: str, remark: str = "") -> FormationVersion:
    """Add a version; the last one is given back when it says the same. Raises `DocumentInvalid`."""
    _check(by)
    mine = Formation.objects.of(by).select_for_update().get(pk=formation.pk)
    read = read_document(document)
    latest = mine.latest
    if latest.content_hash == read.content_hash:
        return latest
    if mine.label != read.label:
        mine.label = read.label
        mine.save(update_fields=["label"])
    return _publish(by, mine, read, remark)


def save_document(*, by: Actor, document: str, remark: str = "") -> FormationVersion:
    """The version that says what the document says, made if need be, under the slug of its label."""
    formation = Formation.objects.of(by).filter(slug=slug_of(read_document(document).label)).first()
    if formation is None:
        return create_formation(by=by, document=document, remark=remark)
    return publish_version(by=by, formation=formation, document=document, remark=remark)


def slug_of(label: str) -> str:
    """The slug that a formation of that label gets."""
    return slugify(label)[:100].strip("-") or "formation"


def can_publish(by: Actor) -> bool:
    """Whether the actor may make formations and versions."""
    return by.may("author")


def _check(by: Actor) -> None:
    if not can_publish(by):
        raise UnableToPublish("your role does not allow to publish formations")


def _publish(by: Actor, formation: Formation, document: FormationDocument, remark: str) -> FormationVersion:
    last = formation.versions.order_by("-number").first()
    number = last.number + 1 if last else 1
    note(by=by, action="publish_version", subject=f"{formation.slug} v{number}")
    return FormationVersion.objects.create(
        formation=formation,
        number=number,
        document=document.to_json(),
        content_hash=document.content_hash,
        author=by.label,
        note=remark,
    )


class UnableToPublish(Exception):
    """Not allowed, or the name is taken."""
