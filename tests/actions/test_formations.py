"""Formations: made, published, never changed."""

import json

import pytest

from runs.actions.formations import UnableToPublish, create_formation, publish_version, save_document
from runs.models import Formation, Role
from runs.suggestors.problems import DocumentInvalid
from tests.documents import chain, document
from tests.house import a_member

pytestmark = pytest.mark.django_db


def test_a_formation_is_made_with_its_first_version():
    version = create_formation(by=a_member(Role.AUTHOR), document=chain(2), remark="first")
    assert (version.formation.slug, version.number, version.author) == ("chain-of-2", 1, "author@acme.example")
    assert json.loads(version.document) == json.loads(chain(2))


def test_versions_are_numbered():
    by = a_member()
    formation = create_formation(by=by, document=chain(2), slug="c").formation
    assert publish_version(by=by, formation=formation, document=chain(3)).number == 2
    assert formation.latest.number == 2
    assert Formation.objects.get().label == "Chain of 3"


def test_the_same_text_is_no_new_version():
    by = a_member()
    assert save_document(by=by, document=chain(2)) == save_document(by=by, document=chain(2))


def test_a_document_that_cannot_be_run_is_refused():
    with pytest.raises(DocumentInvalid):
        create_formation(by=a_member(), document=document("Broken", [{"kind": "no-such-kind"}]))
    assert not Formation.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "operator", "approver", "auditor"])
def test_not_everybody_publishes(role):
    with pytest.raises(UnableToPublish):
        create_formation(by=a_member(role), document=chain(1))


def test_a_slug_is_taken_once_per_tenant():
    create_formation(by=a_member(), document=chain(1), slug="c")
    create_formation(by=a_member(of="rival"), document=chain(1), slug="c")
    with pytest.raises(UnableToPublish, match="there is a formation 'c'"):
        create_formation(by=a_member(), document=chain(1), slug="c")


def test_a_formation_of_another_tenant_is_not_there():
    formation = create_formation(by=a_member(), document=chain(1)).formation
    with pytest.raises(Formation.DoesNotExist):
        publish_version(by=a_member(of="rival"), formation=formation, document=chain(2))
