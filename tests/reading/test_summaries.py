"""Runs and gates as programs see them."""

import pytest

from runs.reading.summaries import newest_run, runs_stirring, summary_of
from tests.house import a_member, a_run
from tests.journaling import decoded

pytestmark = pytest.mark.django_db


def test_runs_that_go_on_or_are_known_or_new_may_have_changed():
    old, known = a_run(status="failed"), a_run(status="failed")
    queued = a_run()
    newest = newest_run(a_member())
    new = a_run(status="cancelled")
    a_run(of="other")
    assert runs_stirring(a_member(), known=[known.pk], newest=newest) == [new, queued, known]
    assert newest_run(a_member()) == new.pk
    assert old not in runs_stirring(a_member(), known=[], newest=0)[:2]


def test_a_tenant_without_runs_has_no_newest_one():
    assert newest_run(a_member()) == 0


def test_a_run_that_goes_on_has_no_stop_reason():
    told = decoded(summary_of(a_member(), a_run()).as_json())
    assert (told["stop_reason"], told["tenant"], told["status"]) == (None, "acme", "queued")
    assert told["created_at"].endswith("Z")
