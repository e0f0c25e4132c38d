"""The clock of a worker: it tells a jump from a long wait."""

from datetime import timedelta

import pytest
from django.utils import timezone

from runs.runner import clock as module
from runs.runner.claim import LEASE
from runs.runner.clock import Clock


class Time:
    """The wall clock and the one that counts seconds."""

    def __init__(self, monkeypatch) -> None:
        self.wall, self.counted = timezone.now(), 100.0
        monkeypatch.setattr(module.timezone, "now", lambda: self.wall)
        monkeypatch.setattr(module.time, "monotonic", lambda: self.counted)

    def passes(self, seconds: float, *, jump: float = 0.0) -> None:
        self.counted += seconds
        self.wall += timedelta(seconds=seconds + jump)


@pytest.fixture
def time(monkeypatch) -> Time:
    return Time(monkeypatch)


def test_a_long_wait_is_no_jump(time):
    clock = Clock()
    time.passes(3600)
    assert (clock.now(), clock.is_settled()) == (time.wall, True)


@pytest.mark.parametrize("jump", [3600, -3600, 30])
def test_after_a_jump_it_settles_within_a_lease(time, jump):
    clock = Clock()
    time.passes(1, jump=jump)
    assert not clock.is_settled()
    time.passes(LEASE.total_seconds() / 2)
    assert not clock.is_settled()
    time.passes(LEASE.total_seconds() / 2)
    assert clock.is_settled()


def test_small_corrections_are_no_jumps(time):
    clock = Clock()
    for _ in range(20):
        time.passes(1, jump=0.5)
        assert clock.is_settled()
