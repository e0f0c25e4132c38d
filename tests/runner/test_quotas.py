"""How much of a provider a tenant may use."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.models import Provider, ProviderCall
from runs.runner.quotas import AGAIN, StoredQuota, bucket
from runs.suggestors.providers import ProviderError
from tests.documents import document
from tests.house import a_member, a_tenant
from tests.runner.asking import asks, carried

NOW = datetime(2026, 11, 22, tzinfo=UTC)
databases = [pytest.mark.django_db, pytest.mark.databases]


def a_provider(**limits) -> Provider:
    settings = {"answers": [{"output": {"n": 1}}]}
    return Provider.objects.create(tenant=a_tenant(), name="web", kind="scripted", settings=json.dumps(settings), **limits)


@given(st.integers(1, 6000), st.lists(st.floats(0, 30), min_size=1, max_size=60))
def test_a_bucket_never_gives_more_than_its_room_and_its_rate(per_minute, gaps):
    now, full_at, taken = NOW, None, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        pause, full_at = bucket(per_minute, full_at, now)
        if not pause:
            taken.append(now)
    room = max(1, per_minute // 6)
    for first, begun in enumerate(taken):
        for last in range(first, len(taken)):
            seconds = (taken[last] - begun).total_seconds()
            assert last - first + 1 <= room + seconds * per_minute / 60 + 0.001


@given(st.integers(1, 6000), st.floats(-1e6, 1e6))
def test_after_the_pause_a_call_may_begin_whatever_the_clock_did(per_minute, shift):
    full_at = NOW + timedelta(seconds=shift)
    pause, full_at = bucket(per_minute, full_at, NOW)
    assert 0 <= pause <= 60 / per_minute + 0.001
    if pause:
        assert bucket(per_minute, full_at, NOW + timedelta(seconds=pause + 0.001))[0] == 0


@pytest.mark.usefixtures("db")
class TestStored:
    """Quotas of a row."""

    pytestmark = databases

    def test_so_many_at_a_time(self):
        quota = StoredQuota(a_provider(max_concurrency=2), 60)
        (one, first), (two, second), (three, none) = quota.take(), quota.take(), quota.take()
        assert (one, two, three, none) == (0.0, 0.0, AGAIN, None)
        quota.give_back(first)
        assert quota.take()[0] == 0.0
        assert ProviderCall.objects.count() == 2
        assert second is not None

    def test_the_place_of_a_worker_that_died_is_free_again(self):
        row = a_provider(max_concurrency=1)
        row.calls.create(until=datetime.now(UTC) - timedelta(seconds=1))
        assert StoredQuota(row, 60).take()[0] == 0.0
        assert ProviderCall.objects.count() == 1

    def test_so_many_in_a_minute_for_everybody_together(self):
        row = a_provider(per_minute=12)
        pauses = [StoredQuota(row, 60).take()[0] for _ in range(4)]
        assert pauses[:2] == [0.0, 0.0]
        assert all(0 < pause <= 5 for pause in pauses[2:])

    def test_one_that_was_removed_denies(self):
        row = a_provider(per_minute=1)
        quota = StoredQuota(row, 60)
        Provider.objects.all().delete()
        with pytest.raises(ProviderError, match="denied: the provider was removed"):
            quota.take()

    @pytest.mark.usefixtures("asks")
    def test_a_run_keeps_to_them(self):
        a_provider(max_concurrency=1, per_minute=600)
        run = carried(a_member(), document("Many", [asks(f"a{n}", ("web", n)) for n in range(5)]))
        assert (run.status, run.effects.filter(phase="resolved").count(), ProviderCall.objects.count()) == ("converged", 5, 0)
