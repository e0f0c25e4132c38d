"""A real web server for tests: daphne in a process of its own, on the test database."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def daphne(database_url: str, application: str = "organism_web.asgi:application", **environment: str) -> Iterator[str]:
    """Serve the database at the address that is given back, until the block ends."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0", application]
    variables = {**os.environ, "DATABASE_URL": database_url, "LOG_LEVEL": "WARNING", **environment}
    process = subprocess.Popen(command, cwd=ROOT, env=variables)
    try:
        _await_answer(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


def free_port() -> int:
    """A port that nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(address: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            urlopen(f"{address}/accounts/login/", timeout=20).close()
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the web server did not answer at {address}")
