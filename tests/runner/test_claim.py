"""Claiming: exactly one worker gets a run."""

import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from runs.models import Run
from runs.runner import claim
from runs.runner.claim import LEASE, renew
from tests.house import a_run

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def test_the_oldest_queued_run_is_taken_once():
    first, second = a_run(), a_run()
    now = timezone.now()
    assert [claim(now), claim(now), claim(now)] == [first, second, None]


def test_who_claims_holds_a_lease_for_a_while():
    a_run()
    now = timezone.now()
    run = claim(now)
    assert (run.status, run.attempt, run.lease_until) == ("running", 1, now + LEASE)
    assert run.lease


def test_a_run_whose_worker_fell_silent_goes_on_elsewhere():
    a_run()
    now = timezone.now()
    dead = claim(now)
    alive = claim(now + LEASE + timedelta(seconds=1))
    assert (alive.pk, alive.attempt) == (dead.pk, 2)
    assert alive.lease != dead.lease
    assert not renew(dead, now=now)


def test_a_renewed_lease_is_not_taken():
    a_run()
    now = timezone.now()
    run = claim(now)
    assert renew(run, now=now + LEASE)
    assert claim(now + LEASE + timedelta(seconds=1)) is None


def test_a_race_that_is_lost_takes_nothing(monkeypatch):
    """The candidate is gone between looking and taking."""
    run = a_run()
    monkeypatch.setattr(sys.modules[claim.__module__], "new_lease", lambda: str(Run.objects.filter(pk=run.pk).update(status="cancelled")))
    assert claim(timezone.now()) is None


def test_a_lease_longer_than_any_was_given_by_a_wrong_clock():
    a_run()
    now = timezone.now()
    lost = claim(now + timedelta(hours=1))
    assert claim(now) == lost


def test_whoever_may_not_take_over_takes_what_is_queued():
    a_run()
    now = timezone.now()
    claim(now)
    queued = a_run()
    late = now + 2 * LEASE
    assert [claim(late, is_settled=lambda: False), claim(late, is_settled=lambda: False)] == [queued, None]


def test_a_lease_that_was_read_after_a_jump_is_left_alone():
    a_run()
    now = timezone.now()
    claim(now)
    looks = iter([True, False])
    assert claim(now + 2 * LEASE, is_settled=lambda: next(looks)) is None
