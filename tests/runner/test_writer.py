"""The writer: what it took is written once, or the run is let go of."""

from datetime import timedelta

import pytest
from django.db import DataError, OperationalError
from django.utils import timezone

from runs.journal import LeaseLost
from runs.models import Envelope, Run
from runs.runner import claim, writer
from runs.runner.writer import Writer
from tests.house import a_run
from tests.journaling import notes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(writer, "AGAIN", 0)


def failing(times: int, error: Exception, monkeypatch, *, after_commit: bool = False) -> None:
    """The first flushes fail, before or after their commit."""
    real, left = writer.append, [times]

    def append(*args, **keywords):
        left[0] -= 1
        if left[0] >= 0 and after_commit:
            before = dict(vars(args[0]))
            real(*args, **keywords)
            vars(args[0]).update(before)
        if left[0] >= 0:
            raise error
        real(*args, **keywords)

    monkeypatch.setattr(writer, "append", append)


def with_rows() -> Writer:
    a_run()
    one = Writer(claim(timezone.now()))
    one.add(notes(2))
    return one


def test_a_database_that_is_away_for_a_moment_loses_nothing(monkeypatch):
    failing(3, OperationalError("gone"), monkeypatch)
    with_rows().flush()
    assert list(Envelope.objects.values_list("seq", flat=True)) == [1, 2]


def test_a_database_that_stays_away_is_told_of_when_the_lease_is_over(monkeypatch):
    failing(10**9, OperationalError("gone"), monkeypatch)
    monkeypatch.setattr(writer, "LEASE", timedelta(seconds=0.05))
    with pytest.raises(OperationalError):
        with_rows().flush()


def test_what_was_committed_unheard_is_not_written_twice(monkeypatch):
    failing(1, OperationalError("gone"), monkeypatch, after_commit=True)
    with pytest.raises(LeaseLost):
        with_rows().flush()
    assert Run.objects.get().head == Envelope.objects.count() == 2


def test_what_the_database_refuses_is_not_tried_again(monkeypatch):
    failing(1, DataError("no"), monkeypatch)
    with pytest.raises(DataError):
        with_rows().flush()
