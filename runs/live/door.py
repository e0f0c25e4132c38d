"""The sockets: what each of them does between coming in and leaving."""

from collections.abc import Callable, Coroutine
from typing import Any, NoReturn
from urllib.parse import parse_qs

import msgspec

from runs.live.admission import admitted_to_run, admitted_to_tenant, stay_admitted
from runs.live.frames import welcome_frame
from runs.live.hub import hub
from runs.live.overview import Onlooker
from runs.live.visit import NOT_THERE, NOT_UNDERSTOOD, Application, Receive, Refused, Scope, Send, Visit, first_of
from runs.live.watcher import UnsentAcknowledged, Watcher

LARGEST_CURSOR = 2**63 - 1


class Ack(msgspec.Struct, tag_field="type", tag="ack"):
    """The one message that a client sends: it has everything up to `seq`."""

    seq: int


_acks = msgspec.json.Decoder(Ack)


def socket(stay: Callable[[Visit], Coroutine[Any, Any, None]]) -> Application:
    """An ASGI application for what a visitor stays for."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await Visit(scope, receive, send).last(stay)

    return application


async def follow_run(visit: Visit) -> None:
    """Follow one run from a cursor to its end."""
    cursor = cursor_of(visit)
    followed = await admitted_to_run(visit)
    if cursor > followed.run.head:
        raise Refused(NOT_UNDERSTOOD, f"after={cursor} is in the future: the journal ends at {followed.run.head}")
    with hub().tail(followed) as tail:
        watcher = Watcher(tail, cursor, visit.say)
        await visit.say(tail.hello)
        await first_of(watcher.pump(), _heed(visit, watcher), stay_admitted(visit, admitted_to_run))


async def follow_tenant(visit: Visit) -> None:
    """Follow how the runs of a tenant stand."""
    by = await admitted_to_tenant(visit)
    with hub().overview(by) as overview:
        await overview.seen.wait()
        await visit.say(welcome_frame(by.tenant.slug))
        await first_of(Onlooker(overview, visit.say).pump(), _ignore(visit), stay_admitted(visit, admitted_to_tenant))


async def find_nothing(_: Visit) -> None:
    """At any other address there is nothing, as with what is not yours."""
    raise Refused(NOT_THERE, "there is nothing here")


def cursor_of(visit: Visit) -> int:
    """The place that the client has reached; 0 when it says nothing. Raises `Refused` for what is no place."""
    given = parse_qs(visit.scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True).get("after", ["0"])
    text = given[-1]
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_CURSOR):
        raise Refused(NOT_UNDERSTOOD, "after is a number from 0 on")
    return int(text)


async def _heed(visit: Visit, watcher: Watcher) -> NoReturn:
    """Take the client's acknowledgements until it leaves."""
    while True:
        try:
            watcher.acknowledge(_acks.decode(await visit.hear()).seq)
        except msgspec.MsgspecError as error:
            raise Refused(NOT_UNDERSTOOD, f"not an acknowledgement: {error}") from error
        except UnsentAcknowledged as error:
            raise Refused(NOT_UNDERSTOOD, str(error)) from error


async def _ignore(visit: Visit) -> NoReturn:
    """Wait until the client leaves; there is nothing that it could say."""
    while True:
        await visit.hear()
