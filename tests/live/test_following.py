"""Following a run over real sockets of a real server, while another process writes."""

from contextlib import ExitStack

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.house import a_member
from tests.journaling import a_running_run, extend, finish
from tests.live.client import address_of, browser, cookie_of

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.mark.databases
def test_a_late_joiner_is_given_everything_and_then_what_follows(web):
    run = a_running_run(1234)
    with browser(address_of(web, run), a_member()) as late:
        hello = late.receive()
        assert (hello["type"], hello["head"], hello["run"]["status"]) == ("hello", 1234, "running")
        late.reach(1234)
        extend(run, 3)
        late.reach(1237)


@pytest.mark.databases
def test_a_client_that_comes_back_goes_on_where_it_was(web):
    run = a_running_run(100)
    with browser(address_of(web, run), a_member()) as first:
        first.reach(100)
    extend(run, 50)
    with browser(address_of(web, run, first.cursor), a_member(), after=first.cursor) as second:
        second.reach(150)
    assert [envelope["seq"] for envelope in first.envelopes + second.envelopes] == list(range(1, 151))


def test_the_end_comes_after_everything_and_closes(web):
    run = a_running_run(10)
    with browser(address_of(web, run), a_member()) as watcher:
        watcher.reach(10)
        finish(run)
        end = watcher.until(lambda frame: frame["type"] == "end")
        assert (end["head"], end["run"]["status"], end["run"]["stop_reason"]) == (11, "converged", "Converged")
        assert [frame["type"] for frame in watcher.frames][-3:] == ["envelopes", "status", "end"]
        assert watcher.closed() == (1000, "")


def test_a_finished_run_is_told_to_its_end(web):
    run = a_running_run(10)
    finish(run)
    with browser(address_of(web, run, 5), a_member(), after=5) as watcher:
        assert watcher.until(lambda frame: frame["type"] == "end")["head"] == watcher.cursor == 11


def test_a_status_without_envelopes_is_told(web):
    run = a_running_run(1)
    with browser(address_of(web, run), a_member()) as watcher:
        watcher.reach(1)
        type(run).objects.filter(pk=run.pk).update(cancel_requested=True)
        assert watcher.until(lambda frame: frame["type"] == "status")["run"]["cancel_requested"] is True


@pytest.mark.databases
def test_fifty_watchers_with_cursors_of_their_own_all_get_everything(web):
    run = a_running_run(700)
    with ExitStack() as stack:
        places = [number * 14 for number in range(50)]
        watchers = [stack.enter_context(browser(address_of(web, run, place), a_member(), after=place)) for place in places]
        for _ in range(20):
            extend(run, 17)
        finish(run)
        for watcher in watchers:
            assert watcher.until(lambda frame: frame["type"] == "end")["head"] == watcher.cursor == 1041


def test_a_client_that_never_acknowledges_gets_eight_frames_and_holds_nobody_up(web):
    run = a_running_run(1)
    with browser(address_of(web, run), a_member(), acknowledges=False) as slow, browser(address_of(web, run), a_member()) as quick:
        for _ in range(20):
            quick.reach(run.head)
            extend(run, 1)
        quick.reach(21)
        slow.reach(8)
        with pytest.raises(TimeoutError):
            slow.receive(timeout=0.3)
        slow.acknowledges = True
        slow.acknowledge()
        slow.reach(21)


def test_huge_envelopes_come_in_frames_of_bounded_size(web):
    run = a_running_run()
    extend(run, 12, words="x" * 100_000)
    with browser(address_of(web, run), a_member()) as watcher:
        watcher.reach(12)
        assert max(len(frame.get("envelopes", ())) for frame in watcher.frames) == 2


def test_a_tenant_is_told_of_each_run_that_changes(web):
    quiet, run = a_running_run(1), a_running_run(1)
    with browser(f"{web.replace('http', 'ws')}/ws/t/acme/overview/", a_member()) as onlooker:
        assert onlooker.receive() == {"type": "hello", "tenant": "acme"}
        extend(run, 2)
        assert onlooker.until(lambda frame: frame["run"]["uuid"] == str(run.uuid))["run"]["head"] == 3
        newcomer = a_running_run(4)
        assert onlooker.receive()["run"]["uuid"] == str(newcomer.uuid)
        finish(run)
        assert onlooker.receive()["run"]["status"] == "converged"
        assert str(quiet.uuid) not in str(onlooker.frames)


def test_strangers_and_visitors_find_nothing(web):
    run = a_running_run(1)
    stranger, colleague = a_member(of="other"), a_member("viewer")
    for member in (None, stranger):
        for tenant in ("acme", "other"):
            with browser(address_of(web, run, tenant=tenant), member) as nobody:
                assert nobody.closed() == (4404, "there is nothing here")
    with browser(address_of(web, run), colleague) as watcher:
        watcher.reach(1)


@pytest.mark.parametrize("path", ["/ws/t/acme/runs/no-uuid/", "/ws/t/other/overview/", "/ws/t/nowhere/overview/", "/ws/nothing", "/"])
def test_what_is_not_there_looks_the_same(web, path):
    with browser(web.replace("http", "ws") + path, a_member()) as nobody:
        assert nobody.closed() == (4404, "there is nothing here")


@pytest.mark.parametrize("after", ["2", "-1", "x", "1.5", "", "9" * 19, "9" * 400, "%00", "²"])
def test_a_cursor_that_is_no_place_of_the_journal_is_refused(web, after):
    with browser(address_of(web, a_running_run(1), after), a_member()) as lost:
        code, reason = lost.closed()
        assert code == 4400
        assert "after" in reason


@pytest.mark.parametrize("message", ["", "{", '{"type":"ack"}', '{"type":"ack","seq":99}', '{"type":"no","seq":1}', "x" * 300, b"\x00"])
def test_a_message_that_makes_no_sense_is_refused(web, message):
    with browser(address_of(web, a_running_run(1)), a_member()) as confused:
        confused.say(message)
        assert confused.closed()[0] == 4400


def test_a_page_of_another_site_is_refused(web):
    run = a_running_run(1)
    with (
        pytest.raises(InvalidStatus),
        connect(address_of(web, run), origin="https://evil.example", additional_headers=cookie_of(a_member())),
    ):
        pass


@pytest.mark.databases
def test_runs_that_are_watched_side_by_side_do_not_mix(web):
    runs = [a_running_run(number) for number in range(1, 6)]
    with ExitStack() as stack:
        watchers = [stack.enter_context(browser(address_of(web, run), a_member())) for run in runs]
        for _ in range(10):
            for run in runs:
                extend(run, 2)
        for run, watcher in zip(runs, watchers, strict=True):
            finish(run)
            assert watcher.until(lambda frame: frame["type"] == "end")["head"] == watcher.cursor == run.head
            assert {envelope["run"] for envelope in watcher.envelopes} == {str(run.uuid)}
