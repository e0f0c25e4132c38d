"""Visits in this process: who is shown out while they stay, and what stops when the last one leaves."""

import asyncio

import pytest
from asgiref.testing import ApplicationCommunicator
from django.contrib.sessions.models import Session
from django.db import DatabaseError

from runs.live import admission, tail
from runs.live.door import follow_run, socket
from runs.live.hub import hub
from runs.live.reads import read
from tests.house import a_member
from tests.journaling import a_running_run, decoded, extend
from tests.live.client import cookie_of

pytestmark = pytest.mark.django_db(transaction=True)


def scope_of(run, member, after: str = "0") -> dict:
    return {
        "type": "websocket",
        "query_string": f"after={after}".encode(),
        "cookies": {"sessionid": cookie_of(member)["Cookie"].removeprefix("sessionid=")},
        "url_route": {"kwargs": {"tenant": member.tenant.slug, "uuid": str(run.uuid)}},
    }


@pytest.fixture
def run():
    return a_running_run(3)


@pytest.fixture
async def visit(run, monkeypatch):
    """A visit that was greeted and has everything, and is looked at often."""
    monkeypatch.setattr(admission, "RECHECK", 0.02)
    scope = await read(lambda: scope_of(run, a_member("viewer")))
    visit = ApplicationCommunicator(socket(follow_run), scope)
    await visit.send_input({"type": "websocket.connect"})
    assert (await visit.receive_output(5))["type"] == "websocket.accept"
    assert decoded((await visit.receive_output(5))["text"])["type"] == "hello"
    assert decoded((await visit.receive_output(5))["text"])["to"] == 3
    yield visit
    await leave(visit)


async def leave(visit) -> None:
    await visit.send_input({"type": "websocket.disconnect", "code": 1000})
    await visit.wait(5)


async def shown_out(visit) -> int:
    while (message := await visit.receive_output(5))["type"] != "websocket.close":
        pass
    return int(message["code"])


async def test_who_signs_out_is_shown_out(visit):
    await read(Session.objects.all().delete)
    assert await shown_out(visit) == 4404


async def test_who_is_no_member_any_more_is_shown_out(visit):
    await read(lambda: a_member("viewer").delete())
    assert await shown_out(visit) == 4404


async def test_who_was_locked_out_is_shown_out(visit):
    await read(lambda: type(a_member("viewer").user).objects.update(is_active=False))
    assert await shown_out(visit) == 4404


async def test_a_database_that_fails_is_told_to_whoever_waits_for_it(visit, monkeypatch):
    monkeypatch.setattr(admission, "read", failing)
    assert await shown_out(visit) == 1013


async def test_a_tail_outlives_a_read_that_fails(visit, run, monkeypatch, caplog):
    with monkeypatch.context() as broken:
        broken.setattr(tail, "read", failing)
        while "could not read" not in caplog.text:
            await asyncio.sleep(0)
    await read(extend, run, 2)
    assert decoded((await visit.receive_output(5))["text"])["to"] == 5


async def test_everything_stops_when_the_last_one_leaves(visit):
    assert not hub().is_idle
    await leave(visit)
    assert hub().is_idle
    assert not [task for task in asyncio.all_tasks() if "follow" in str(task.get_coro())]


async def test_a_journal_with_a_hole_is_not_passed_on(run):
    await read(lambda: run.envelopes.filter(seq=2)._raw_delete("default"))
    visit = ApplicationCommunicator(socket(follow_run), await read(lambda: scope_of(run, a_member("viewer"))))
    await visit.send_input({"type": "websocket.connect"})
    assert await shown_out(visit) == 1011


async def test_a_server_that_notices_the_client_has_gone_ends_the_visit(run):
    messages: list[str] = []

    async def send(message: dict) -> None:
        messages.append(message["type"])
        if message["type"] != "websocket.accept":
            raise OSError

    async def receive() -> dict:
        return {"type": "websocket.connect"}

    await socket(follow_run)(await read(lambda: scope_of(run, a_member("viewer"))), receive, send)
    assert messages == ["websocket.accept", "websocket.send"]
    assert hub().is_idle


async def failing(*_: object, **__: object) -> None:
    raise DatabaseError("out of order")
