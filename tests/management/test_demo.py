"""The demo: something worth looking at."""

import json
import stat

import pytest

from runs.management import demo
from runs.management.demo.making import make
from runs.models import Formation, Membership, Run
from runs.reading.huddle import topic_of, voices_of
from runs.suggestors.document import read_document
from runs.suggestors.templates import template_named, templates
from tests.api.callers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(settings, tmp_path) -> None:
    settings.STATE_DIR = tmp_path
    make()


def test_it_is_made_once(settings, tmp_path):
    settings.STATE_DIR = tmp_path
    assert not demo.is_there()
    make()
    assert demo.is_there()


def runs_of(label: str) -> list[Run]:
    return list(Run.objects.filter(version__formation__label=label).order_by("id"))


def example(name: str) -> Run:
    """The run of a template's example."""
    (run,) = runs_of(template_named(name).card.example["label"])
    return run


@pytest.mark.usefixtures("made")
def test_there_is_a_run_of_each_template_and_three_more():
    assert Formation.objects.count() == len(templates()) + 2
    waiting = {example("spend-approval"), example("vendor-selection-operate"), runs_of("Laptops for the new team")[1]}
    assert {run for run in Run.objects.all() if run.status != "converged"} == waiting
    assert {run.status for run in waiting} == {"waiting"}
    assert Run.objects.count() == len(templates()) + 3


@pytest.mark.usefixtures("made")
def test_the_huddle_has_two_rounds_a_verdict_each_way_and_dissent():
    (run,) = runs_of("Coffee in the kitchen")
    assert [round_.synthesis is not None for round_ in run.rounds.order_by("number")] == [True, True]
    assert dict(run.outcomes.values_list("topic", "passes")) == {"motion-lease": True, "motion-no-paper-cups": False}
    assert (run.votes.count(), run.disagreements.count()) == (10, 3)


@pytest.mark.usefixtures("made")
def test_one_purchase_was_approved_and_one_waits():
    first, second = runs_of("Laptops for the new team")
    assert [run.gates.get().status for run in (first, second)] == ["approved", "pending"]
    assert (first.facts.filter(fact_id="booked-1").count(), second.facts.filter(fact_id="booked-1").count()) == (1, 0)


@pytest.mark.usefixtures("made")
def test_a_plan_is_blocked_and_another_passes():
    told = set(example("plan-stress-test").facts.values_list("fact_id", flat=True))
    assert {"constraint-block-own-shop", "ops-skeptic-block-own-shop", "constraint-pass-corner", "ops-pass-corner"} <= told


@pytest.mark.usefixtures("made")
def test_people_disagree_for_several_reasons_and_one_changed_his_mind():
    assert len(set(example("organism-evaluation").disagreements.filter(topic="otter").values_list("reason", flat=True))) == 3
    emil = next(voice for voice in voices_of(topic_of(example("research-huddle"), "four-days")) if voice.voter == "Emil")
    assert (emil.decision, emil.earlier) == ("yes", ("no",))


@pytest.mark.usefixtures("made")
def test_what_was_signed_went_on():
    assert example("organism-diligence").facts.filter(fact_id="filed").exists()
    assert example("vendor-selection-decide").gates.get().status == "approved"
    assert example("spend-approval").gates.get().status == "pending"


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


@pytest.mark.usefixtures("made")
def test_a_huddle_and_its_formation_can_be_looked_at():
    run, client = example("research-huddle"), signed_in(Membership.objects.get())
    pages = [f"/t/demo/runs/{run.uuid}/", f"/t/demo/formations/{run.version.formation.slug}/"]
    assert [client.get(page).status_code for page in pages] == [200, 200]
