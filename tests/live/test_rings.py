"""Rings that get lost, and rings from elsewhere: the cursor leads, the doorbell only hints."""

from contextlib import ExitStack
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone

from runs.models import Run
from runs.runner import carry, claim
from tests.documents import chain
from tests.house import a_member, a_run, a_version
from tests.journaling import a_running_run, finish
from tests.live.client import address_of, browser
from tests.server import daphne

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


def test_a_layer_that_loses_rings_loses_no_envelope(test_database_url):
    run = a_running_run(5)
    with daphne(test_database_url, "tests.live.lossy:application") as web, ExitStack() as stack:
        watchers = [stack.enter_context(browser(address_of(web, run), a_member())) for _ in range(10)]
        for watcher in watchers:
            watcher.reach(5)
        with urlopen(Request(f"{web}/write/{run.uuid}/300/", method="POST")) as answer:
            assert answer.status == 204
        for watcher in watchers:
            assert watcher.until(lambda frame: frame["type"] == "end")["head"] == watcher.cursor == 306


@pytest.mark.databases
def test_a_run_that_another_process_conducts_is_watched_to_its_end(web):
    run = a_run(version=a_version(chain(20)))
    with browser(address_of(web, run), a_member()) as watcher:
        assert watcher.receive()["run"]["status"] == "queued"
        carry(claim(timezone.now()))
        end = watcher.until(lambda frame: frame["type"] == "end")
    run = Run.objects.get(pk=run.pk)
    assert (end["run"]["status"], end["run"]["digest"], end["head"]) == ("converged", run.digest, run.head)
    assert [each["kind"] for each in watcher.envelopes] == list(run.envelopes.order_by("seq").values_list("kind", flat=True))


@pytest.mark.databases
def test_rings_reach_a_watcher_within_a_fraction_of_the_tick(web):
    run = a_running_run(1)
    with browser(address_of(web, run), a_member()) as watcher:
        watcher.reach(1)
        finish(run)
        assert watcher.receive(timeout=0.9)["to"] == 2


@pytest.mark.redis
def test_redis_carries_rings_between_processes(settings, test_database_url):
    run = a_running_run(1)
    redis = settings.CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]
    with daphne(test_database_url, REDIS_URL=redis) as web, browser(address_of(web, run), a_member()) as watcher:
        watcher.reach(1)
        finish(run)
        assert watcher.until(lambda frame: frame["type"] == "end")["head"] == 2
