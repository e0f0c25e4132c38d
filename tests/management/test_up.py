"""`manage.py up`, as somebody meets it: started, stopped, started again."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.server import ROOT, free_port

pytestmark = pytest.mark.live


@contextmanager
def up(state: Path, port: int) -> Iterator[str]:
    """What it prints until it says how to stop it; it is told to stop when the block ends."""
    command = [sys.executable, "manage.py", "up", "--port", str(port)]
    variables = {**os.environ, "STATE_DIR": str(state), "LOG_LEVEL": "WARNING", "DATABASE_URL": ""}
    process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True)
    try:
        yield _read(process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=15)
        assert process.returncode == 0


def _read(process: subprocess.Popen[str]) -> str:
    lines = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(lines)


def _children(port: int) -> dict[int, int]:
    """The kilobytes of web server and worker, by their numbers, in the order in which they were started."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid,ppid,rss,stat,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 4) for line in listed.splitlines()[1:]]
    (parent,) = {row[0] for row in rows if "supervisor.py" in row[4] and f'"port": {port},' in row[4]}
    return {int(row[0]): int(row[2]) for row in rows if row[1] == parent and "Z" not in row[3]}


def test_it_starts_quickly_the_second_time_and_keeps_what_there_is(tmp_path):
    port = free_port()
    with up(tmp_path, port) as first:
        assert "Making the demo" in first
        assert urlopen(f"http://127.0.0.1:{port}/accounts/login/").status == 200
    begun = time.monotonic()
    with up(tmp_path, port) as second:
        urlopen(f"http://127.0.0.1:{port}/accounts/login/").close()
        assert time.monotonic() - begun < 5
        assert "Making" not in second
        assert re.findall("password (.+)", first) == re.findall("password (.+)", second)
        time.sleep(1)
        assert sum(_children(port).values()) < 200_000


def test_a_port_that_is_taken_is_said_to_be(tmp_path):
    port = free_port()
    with up(tmp_path, port):
        command = [sys.executable, "manage.py", "up", "--port", str(port)]
        again = subprocess.run(command, cwd=ROOT, env={**os.environ, "STATE_DIR": str(tmp_path)}, capture_output=True, text=True)
    assert again.returncode == 1
    assert "choose another with --port" in again.stderr


def test_whoever_dies_is_started_again_after_a_first_and_a_later_start(tmp_path):
    port = free_port()
    for number in (1, 0):
        with up(tmp_path, port):
            dead = list(_children(port))[number]
            os.kill(dead, signal.SIGKILL)
            until = time.monotonic() + 20
            while time.monotonic() < until and (dead in _children(port) or len(_children(port)) < 2):
                time.sleep(0.1)
            assert dead not in _children(port)
            assert len(_children(port)) == 2
