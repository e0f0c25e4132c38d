"""One drill of each kind; `python -m tests.drills` plays all of them."""

from collections.abc import Iterator

import pytest

from tests.drills import cancelling, clocks, hanging, killing, questions, rivals, storage, web
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


def test_a_person_is_asked_once_whoever_dies_meanwhile(stage):
    questions.killed_at(stage, ("flushed", 6))


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


@pytest.mark.databases
def test_several_workers_share_a_queue_and_no_run(stage):
    rivals.claiming(stage)


def test_a_worker_that_was_overtaken_writes_nothing_more(stage):
    rivals.coming_back(stage, "answered/letter/bob", 1)


@pytest.mark.databases
def test_a_worker_that_stands_still_in_a_transaction_stops_nobody_for_ever(stage):
    rivals.standing_in_the_door(stage, 4)


@pytest.mark.parametrize("deed", clocks.DIRECTIONS)
def test_a_jump_of_the_clock_takes_no_run_from_a_worker_that_lives(stage, deed):
    clocks.jumping_while_asking(stage, deed)


def test_a_lease_that_lies_in_a_future_that_was_taken_back_ends(stage):
    clocks.jumping_after_death(stage, "backwards")


def test_a_clock_that_is_put_forward_closes_gates_by_their_policy(stage):
    clocks.jumping_at_a_gate(stage, "forwards")


@pytest.mark.databases
def test_a_run_cancelled_after_its_gate_was_decided_ends_there(stage):
    cancelling.cancelled_when_decided(stage)


def test_a_run_that_reaches_out_to_a_provider_that_hangs_is_cancelled(stage):
    hanging.hanging_and_cancelled(stage)


def test_a_provider_that_hangs_keeps_its_run_with_its_worker(stage):
    hanging.hanging_for_long(stage)


def test_whoever_watches_when_the_web_server_dies_misses_nothing(stage):
    web.watching(stage, "kill")


def test_a_decision_is_recorded_whole_when_the_web_server_dies_after_its_commit(stage):
    assert web.deciding(stage, "rung") == "recorded"
