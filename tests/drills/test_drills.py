"""One drill of each kind; `python -m tests.drills` plays all of them."""

from collections.abc import Iterator

import pytest

from tests.drills import killing, storage
from tests.drills.stage import Stage

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def theatre(test_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The stage, on the test database."""
    stage = Stage(test_database_url, tmp_path_factory.mktemp("drills"))
    yield stage
    stage.close()


@pytest.fixture
def stage(theatre: Stage, transactional_db: None) -> Iterator[Stage]:
    """The same, with nobody on it."""
    theatre.reset()
    yield theatre
    theatre.reset()


@pytest.mark.databases
def test_a_worker_killed_in_mid_flush_leaves_no_trace(stage):
    killing.killed(stage, ("inside", 8))


def test_an_effect_that_was_under_way_is_in_doubt_and_raised_to_the_operator(stage):
    assert killing.killed(stage, ("answered/letter/bob", 1)) == "attempts 4, in doubt 1"


def test_a_worker_killed_while_taking_over_is_taken_over_itself(stage):
    killing.killed(stage, ("flush", 5), ("recovered", 1), ("inside", 2))


def test_a_worker_killed_while_it_closes_a_gate(stage):
    killing.killed_expiring(stage, "inside")


def test_a_full_disk_is_waited_for(stage):
    storage.disk_full(stage, 4)


@pytest.mark.postgres
def test_the_database_server_is_started_anew(stage):
    storage.restarted(stage, "answered/letter/bob", 1)


@pytest.mark.databases
def test_a_connection_breaks_after_a_commit_that_nobody_heard_of(stage):
    storage.broken_off(stage, "rung", 3)
