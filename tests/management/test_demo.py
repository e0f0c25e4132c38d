"""The demo: something worth looking at."""

import json
import stat

import pytest

from runs.management import demo
from runs.models import ConsensusOutcome, Disagreement, Formation, Gate, Membership, Round, Run, Vote
from runs.suggestors.document import read_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(settings, tmp_path) -> None:
    settings.STATE_DIR = tmp_path
    demo.make()


def test_it_is_made_once(settings, tmp_path):
    settings.STATE_DIR = tmp_path
    assert not demo.is_there()
    demo.make()
    assert demo.is_there()


@pytest.mark.usefixtures("made")
def test_there_are_two_formations_and_three_runs():
    assert Formation.objects.count() == 2
    assert list(Run.objects.order_by("id").values_list("status", flat=True)) == ["converged", "converged", "waiting"]


@pytest.mark.usefixtures("made")
def test_the_huddle_has_two_rounds_a_verdict_each_way_and_dissent():
    assert [round_.synthesis is not None for round_ in Round.objects.order_by("number")] == [True, True]
    assert dict(ConsensusOutcome.objects.values_list("topic", "passes")) == {"motion-lease": True, "motion-no-paper-cups": False}
    assert (Vote.objects.count(), Disagreement.objects.count()) == (10, 3)


@pytest.mark.usefixtures("made")
def test_one_purchase_was_approved_and_one_waits():
    assert list(Gate.objects.order_by("id").values_list("status", flat=True)) == ["approved", "pending"]
    assert Run.objects.filter(facts__fact_id="booked-1").count() == 1


@pytest.mark.usefixtures("made")
def test_the_member_signs_in_with_the_kept_password(settings):
    member = Membership.objects.get()
    assert member.user.check_password(demo.password())
    assert member.user.is_superuser
    assert stat.S_IMODE((settings.STATE_DIR / "demo-password").stat().st_mode) == 0o600


@pytest.mark.usefixtures("made")
def test_its_documents_read_back():
    for run in Run.objects.all():
        assert read_document(run.version.document).label == json.loads(run.version.document)["label"]
