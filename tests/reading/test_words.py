"""How things are said."""

from datetime import UTC, datetime, timedelta

import pytest

from runs.models import RunStatus
from runs.reading import words

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ('"Converged"', "Nothing left to add"),
        ('{"CycleBudgetExhausted":{"cycles_executed":100,"limit":100}}', "Budget spent: 100 of 100 cycles"),
        ({"TimeBudgetExhausted": {"duration_ms": 1500, "limit_ms": 1000}}, "Budget spent: 1.5 of 1 seconds"),
        ({"CostBudgetExhausted": {"cost_microdollars": 1_500_000, "limit": 1_000_000}}, "Budget spent: $1.50 of $1.00"),
        ({"Error": {"message": "no such file"}}, "Error: no such file"),
        ("SomethingNew", "SomethingNew"),
        ("", ""),
        (None, ""),
    ],
)
def test_reasons_for_stopping_are_words(reason, said):
    assert words.stop_reason(reason) == said


def test_after_the_status_the_reason_does_not_repeat_it():
    assert words.stop_clause('{"FactBudgetExhausted":{"facts_count":12000,"limit":10000}}') == "12\u202f000 of 10\u202f000 facts"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (0.0004, "under 1 ms"),
        (0.034, "34 ms"),
        (4.25, "4.2 s"),
        (41, "41 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
        (90000, "1 day"),
    ],
)
def test_lengths_of_time(seconds, said):
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "just now"), (42, "42 s ago"), (180, "3 min ago"), (-7200, "in 2 h"), (200_000, "2 d ago")]
)
def test_times_are_told_from_now(seconds, said):
    assert words.distance(NOW - timedelta(seconds=seconds), NOW) == said


def test_every_status_has_a_sign_and_a_word():
    assert set(words.STATUSES) == set(RunStatus.values)
    assert len({status.icon for status in words.STATUSES.values()}) == 7
