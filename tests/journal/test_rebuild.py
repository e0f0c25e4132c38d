"""The journal alone rebuilds every projection."""

import sys

import pytest

from runs.journal import rebuild
from runs.models import Activity, Fact, Gate, Round, Run
from tests.house import a_run
from tests.journal.teams import GATES, huddle, journaled

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture(params=[None, GATES], ids=["ungated", "gated"])
def run(request) -> Run:
    return Run.objects.get(pk=journaled(a_run(status="running", lease="me"), huddle(), gates=request.param).pk)


def test_rebuilt_equals_live(run):
    assert rebuild(run) == []


def test_what_is_equal_keeps_its_keys(run):
    before = set(Fact.objects.values_list("pk", flat=True))
    rebuild(run)
    assert set(Fact.objects.values_list("pk", flat=True)) == before


def test_in_several_stretches_it_is_equal_too(run, monkeypatch):
    monkeypatch.setattr(sys.modules[rebuild.__module__], "STRETCH", 1)
    assert rebuild(run) == []


def test_what_was_changed_by_hand_is_found_and_mended(run):
    Fact.objects.filter(run=run, fact_id="s1").update(text="forged")
    Round.objects.filter(run=run).delete()
    Run.objects.filter(pk=run.pk).update(fact_count=99)
    differences = rebuild(Run.objects.get(pk=run.pk))
    assert [difference.split(":")[0] for difference in differences] == ["facts", "rounds", "run"]
    assert Fact.objects.get(run=run, fact_id="s1").text == "Choose"
    assert rebuild(Run.objects.get(pk=run.pk)) == []


def test_it_touches_no_other_run(run):
    other = journaled(a_run(status="running", lease="me"), huddle(), gates=GATES)
    Activity.objects.filter(run=run).delete()
    rebuild(run)
    assert Gate.objects.filter(run=other).count() == 1
    assert rebuild(other) == []
