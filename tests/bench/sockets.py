"""Many clients in one loop that do as little as they can: note when which stretch came, and acknowledge it."""

import asyncio
import base64
import re
import time
from urllib.parse import urlsplit

STRETCH = re.compile(rb'"after": ?(\d+), ?"to": ?(\d+)')
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
HEAD = 200


class Client(asyncio.Protocol):
    """One socket. `arrivals` are (time, after, to); `broken` counts stretches that did not begin where the last one ended."""

    def __init__(self, request: bytes, arrived: asyncio.Event) -> None:
        self._request = request
        self._buffer = bytearray()
        self._open = False
        self._arrived = arrived
        self.cursor = 0
        self.broken = 0
        self.octets = 0
        self.arrivals: list[tuple[float, int, int]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the socket."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Take whole frames from what came."""
        self._buffer += data
        if not self._open:
            head, mark, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not mark:
                return
            if b" 101 " not in head:
                raise RuntimeError(head.decode())
            self._open, self._buffer = True, bytearray(rest)
        begin = 0
        while (end := self._frame(begin)) is not None:
            begin = end
        del self._buffer[:begin]

    def close(self) -> None:
        """Leave."""
        self._transport.abort()

    def _frame(self, begin: int) -> int | None:
        """Take the frame that begins there; returns where it ends, or None when it is not whole."""
        buffer = self._buffer
        if len(buffer) < begin + 10 and len(buffer) < begin + 2 + (buffer[begin + 1] if len(buffer) > begin + 1 else 2):
            return None
        length, start = buffer[begin + 1], begin + 2
        if length >= 126:
            size = 2 if length == 126 else 8
            length, start = int.from_bytes(buffer[start : start + size], "big"), start + size
        if len(buffer) < start + length:
            return None
        self._take(buffer[begin] & 15, buffer[start : start + min(length, HEAD)], length)
        return start + length

    def _take(self, code: int, head: bytearray, length: int) -> None:
        if code == PING:
            self._say(PONG, bytes(head))
        elif code == TEXT and (stretch := STRETCH.search(head)):
            after, to = int(stretch[1]), int(stretch[2])
            self.arrivals.append((time.monotonic(), after, to))
            self.octets += length
            self.broken += after != self.cursor
            self.cursor = to
            self._say(TEXT, b'{"type":"ack","seq":%d}' % to)
            self._arrived.set()

    def _say(self, code: int, text: bytes) -> None:
        """Send a frame, masked with a key of zeros."""
        self._transport.write(bytes((128 | code, 128 | len(text))) + bytes(4) + text)


class Crowd:
    """Clients that watch the same run."""

    def __init__(self) -> None:
        self.clients: list[Client] = []
        self._arrived = asyncio.Event()

    async def join(self, address: str, path: str, cookie: str, count: int) -> None:
        """Open that many sockets."""
        where = urlsplit(address)
        key = base64.b64encode(bytes(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {where.netloc}", f"Origin: {address}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", f"Cookie: {cookie}"]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        loop = asyncio.get_running_loop()
        for _ in range(count):
            _, client = await loop.create_connection(lambda: Client(request, self._arrived), where.hostname, where.port)
            self.clients.append(client)

    async def reach(self, seq: int, seconds: float = 60) -> None:
        """Wait until everybody has come to a place; whoever has not when the time is over is left behind."""
        async with asyncio.timeout(seconds):
            while any(client.cursor < seq for client in self.clients):
                self._arrived.clear()
                await self._arrived.wait()

    def leave(self) -> None:
        """Close all sockets."""
        for client in self.clients:
            client.close()
