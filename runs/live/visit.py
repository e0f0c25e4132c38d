"""One socket from the handshake to the close."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError

from runs.live.frames import error_frame
from runs.reading.envelopes import JournalBroken

NORMAL, BROKEN, TRY_AGAIN = 1000, 1011, 1013
NOT_UNDERSTOOD, NOT_THERE = 4400, 4404
#: Characters of a message that a client has any reason to send.
LONGEST_MESSAGE = 200

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

logger = logging.getLogger(__name__)


class Visit:
    """Takes a client in before anything else, so that every refusal has a code that browsers can see."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self._receive = receive
        self._send = send

    def argument(self, name: str) -> str:
        """A part of the address."""
        return str(self.scope["url_route"]["kwargs"][name])

    async def say(self, text: str) -> None:
        """Send one frame that is encoded already."""
        try:
            await self._send({"type": "websocket.send", "text": text})
        except OSError as error:  # so say the servers that notice
            raise Gone from error

    async def hear(self) -> str:
        """The next message of the client; raises `Refused` for what no client of ours says."""
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise Gone
        text = message.get("text")
        if text is None or len(text) > LONGEST_MESSAGE:
            raise Refused(NOT_UNDERSTOOD, "messages are short JSON texts")
        return str(text)

    async def last(self, stay: Callable[["Visit"], Coroutine[Any, Any, None]]) -> None:
        """Accept, stay as long as there is something to do, and close with the code that says why."""
        with suppress(Gone):
            await self._receive()
            await self._send({"type": "websocket.accept"})
            await self._close(*await self._stayed(stay))

    async def _stayed(self, stay: Callable[["Visit"], Coroutine[Any, Any, None]]) -> tuple[int, str]:
        """How the stay ended: a code, and a reason unless it was a good end."""
        try:
            await stay(self)
        except Refused as refusal:
            return refusal.code, refusal.reason
        except ObjectDoesNotExist:
            return NOT_THERE, "there is nothing here"
        except DatabaseError:
            logger.exception("a socket could not read its database")
            return TRY_AGAIN, "the database does not answer; try again"
        except JournalBroken as error:
            logger.exception("a socket cannot go on")
            return BROKEN, str(error)
        return NORMAL, ""

    async def _close(self, code: int, reason: str) -> None:
        """Close; with a reason, also as a frame, because not every server passes it on."""
        if reason:
            await self.say(error_frame(code, reason))
        with suppress(OSError):
            await self._send({"type": "websocket.close", "code": code, "reason": reason})


async def first_of(*works: Coroutine[Any, Any, None]) -> None:
    """Do all until one is done or raises, and drop the others."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Gone(Exception):
    """The client has left."""


class Refused(Exception):
    """The client is shown out, and told why."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
