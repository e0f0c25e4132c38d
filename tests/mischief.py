"""A real web server that answers in every way that web servers answer, good and bad."""

import json
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

HUGE = 50 * 2**20
BLOCK = b'"' + b"x" * 65_535


class Handler(BaseHTTPRequestHandler):
    """One request; the first step of the path says how it is answered."""

    server: "Mischief"
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.strip("/")
        self.server.asked.append((path, dict(self.headers), json.loads(self.body or "null")))
        getattr(self, f"do_{path.partition('/')[0].replace('-', '_')}")()

    def _say(self, status: int, kind: str | None, body: bytes, **headers: str) -> None:
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _json(self, value: Any, status: int = 200, **headers: str) -> None:
        self._say(status, "application/json; charset=utf-8", json.dumps(value).encode(), **headers)

    def do_echo(self) -> None:
        self._json({"said": json.loads(self.body), "headers": dict(self.headers)})

    def do_model(self) -> None:
        self._json({"model": "gpt-4o-mini-2024", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}})

    def do_busy(self) -> None:
        self._json({}, 429, Retry_After="7")

    def do_flaky(self) -> None:
        first = sum(path == "flaky" for path, *_ in self.server.asked) == 1
        self._json({"ok": not first}, 500 if first else 200)

    def do_closed(self) -> None:
        self._json({}, 503, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT")

    def do_forbidden(self) -> None:
        self._json({"you sent": self.headers["Authorization"]}, 403)

    def do_html(self) -> None:
        self._say(200, "text/html", b"<html><body>Please sign in</body></html>")

    def do_untyped(self) -> None:
        self._say(200, None, b"{}")

    def do_broken(self) -> None:
        self._say(200, "application/json", b'{"a": NaN}')

    def do_gzip(self) -> None:
        self._say(200, "application/json", b"\x1f\x8b", Content_Encoding="gzip")

    def do_redirect(self) -> None:
        self._say(302, None, b"", Location="http://169.254.169.254/latest/meta-data/")

    def do_huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(HUGE))
        self.end_headers()
        self._pour()

    def do_endless(self) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self._pour()

    def _pour(self) -> None:
        try:
            for _ in range(HUGE // len(BLOCK)):
                self.wfile.write(BLOCK)
                self.server.poured += len(BLOCK)
        except OSError:
            self.close_connection = True

    def do_hang(self) -> None:
        self.server.over.wait(60)
        self.close_connection = True

    def do_reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


M = TypeVar("M", bound="Mischief")


class Mischief(ThreadingHTTPServer):
    """Remembers who asked for what, and how much of the huge answers it got rid of."""

    daemon_threads = True

    def __init__(self, handler: type[Handler] = Handler, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.poured = 0
        self.over = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nobody minds."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def settings(self, path: str, **settings: Any) -> dict[str, Any]:
        """Of an `http` provider that may ask it."""
        host = f"localhost:{self.port}"
        return {"url": f"http://{host}/{path}", "hosts": [host], "networks": ["127.0.0.0/8", "::1/128"]} | settings


@contextmanager
def mischief(tls: ssl.SSLContext | None = None) -> Iterator[Mischief]:
    """The server, while the block lasts."""
    with serving(Mischief(tls=tls)) as server:
        yield server


@contextmanager
def serving(server: M) -> Iterator[M]:
    """A server, while the block lasts."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
