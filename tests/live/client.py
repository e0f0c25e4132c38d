"""A client of the sockets that believes nothing: every frame must begin where the one before it ended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import msgspec
import pytest
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from runs.models import Membership, Run

PATIENCE = 30


def cookie_of(member: Membership | None) -> dict[str, str]:
    """The header that a signed-in browser sends."""
    if member is None:
        return {}
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}


class Browser:
    """One open socket: its cursor, what it received, and whether it acknowledges."""

    def __init__(self, connection: ClientConnection, cursor: int, acknowledges: bool) -> None:
        self.connection = connection
        self.cursor = cursor
        self.acknowledges = acknowledges
        self.envelopes: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []

    def receive(self, timeout: float = PATIENCE) -> dict[str, Any]:
        """The next frame."""
        frame = msgspec.json.decode(self.connection.recv(timeout))
        self.frames.append(frame)
        if frame["type"] == "envelopes":
            self._take(frame)
        return frame

    def until(self, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Receive until a frame is as wanted."""
        while not condition(frame := self.receive()):
            pass
        return frame

    def reach(self, seq: int) -> "Browser":
        """Receive until the cursor has come to a place."""
        while self.cursor < seq:
            self.receive()
        return self

    def acknowledge(self) -> None:
        """Say how far we are; after the end nobody listens any more."""
        with suppress(ConnectionClosed):
            self.say({"type": "ack", "seq": self.cursor})

    def say(self, message: Any) -> None:
        """Send a message."""
        self.connection.send(message if isinstance(message, str | bytes) else msgspec.json.encode(message).decode())

    def closed(self) -> tuple[int, str]:
        """The code with which the server closes, and what it says about it."""
        with pytest.raises(ConnectionClosed) as closing:
            self.until(lambda frame: False)
        assert closing.value.rcvd is not None
        return closing.value.rcvd.code, str(self.frames[-1].get("detail", "") if self.frames else "")

    def _take(self, frame: dict[str, Any]) -> None:
        places = [envelope["seq"] for envelope in frame["envelopes"]]
        assert frame["after"] == self.cursor
        assert places == list(range(self.cursor + 1, frame["to"] + 1))
        self.envelopes += frame["envelopes"]
        self.cursor = frame["to"]
        if self.acknowledges:
            self.acknowledge()


def address_of(web: str, run: Run, after: object | None = None, *, tenant: str = "acme") -> str:
    """Where the journal of a run is followed."""
    query = "" if after is None else f"?after={after}"
    return f"{web.replace('http', 'ws')}/ws/t/{tenant}/runs/{run.uuid}/{query}"


@contextmanager
def browser(address: str, member: Membership | None, *, after: int = 0, acknowledges: bool = True) -> Iterator[Browser]:
    """A browser at an address, signed in as the member."""
    origin = "http://" + address.split("/")[2]
    with connect(address, origin=origin, additional_headers=cookie_of(member), max_size=None, proxy=None) as connection:
        yield Browser(connection, after, acknowledges)
