"""Where drills are played: a database, processes that can be started, and an operator who decides gates."""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from django.db import Error, connection

from runs.actions.gates import UnableToDecide, decide_gate
from runs.models import RUN, Effect, Gate, GateKind, Run
from tests.drills.scene import ANSWER, ONCE, scene
from tests.house import a_member, a_run, a_version
from tests.server import ROOT

PATIENCE = 30.0
T = TypeVar("T")
#: What the operator says at which kind of gate.
WORDS: dict[str, dict[str, str]] = {
    GateKind.PROPOSAL: {"verdict": "approve"},
    GateKind.INTERRUPT: {"verdict": "answer", "answer": ANSWER},
    GateKind.DOUBT: {"verdict": "retry"},
}


def until(true: Callable[[], T], what: str = "it") -> T:
    """Wait for a condition, and return what it said."""
    end = time.monotonic() + PATIENCE
    while not (said := true()):
        assert time.monotonic() < end, f"{what} took too long"
        time.sleep(0.01)
    return said


class Process:
    """A worker, or a web server, of a drill."""

    def __init__(self, stage: "Stage", number: int) -> None:
        self._folder, self.number = stage.folder, number
        self.pid = int(until((self._folder / f"{number}.pid").exists and self._pid, "starting"))

    def _pid(self) -> str:
        path = self._folder / f"{self.number}.pid"
        return path.read_text() if path.exists() else ""

    @property
    def code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        path = self._folder / f"{self.number}.code"
        text = path.read_text() if path.exists() else ""
        return int(text) if text else None

    @property
    def has_ended(self) -> bool:
        """Whether it is no more."""
        return self.code is not None

    @property
    def is_frozen(self) -> bool:
        """Whether it was stopped and not continued."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
        except FileNotFoundError:
            return False

    @property
    def trace(self) -> list[tuple[str, str]]:
        """The places that it came to, and what was told about each."""
        path = self._folder / f"{self.number}.trace"
        lines = path.read_text().splitlines() if path.exists() else []
        return [(place, told) for place, _, told in (line.partition(" ") for line in lines)]

    @property
    def failures(self) -> list[str]:
        """What of the places raised an error, and which."""
        path = self._folder / f"{self.number}.failures"
        return path.read_text().splitlines() if path.exists() else []

    def tell(self, number: int) -> None:
        """Send a signal."""
        if not self.has_ended:
            os.kill(self.pid, number)

    def go_on(self) -> None:
        """Thaw it."""
        self.tell(signal.SIGCONT)

    def end(self, number: int = signal.SIGKILL) -> None:
        """Send a signal that ends it, and wait until it has."""
        self.tell(number)
        until(lambda: self.has_ended, "ending")


class Stage:
    """What a drill may use; `reset` comes before each."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        variables = {**os.environ, "DATABASE_URL": url, "LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "organism_web.settings"}
        command = [sys.executable, "-m", "tests.drills.worker", str(folder)]
        self.log = (folder / "log").open("ab")
        self._nursery = subprocess.Popen(command, cwd=ROOT, env=variables, stdin=subprocess.PIPE, stderr=self.log)
        self._numbers = itertools.count(1)
        self._playing: list[Process] = []
        self.references: dict[str, Any] = {}
        self.doubtful: Counter[str] = Counter()
        self._mourned: set[tuple[str, int]] = set()

    def start(self, **job: Any) -> Process:
        """Start a process with a job, see `traps.Job`."""
        number = next(self._numbers)
        assert self._nursery.stdin is not None
        self._nursery.stdin.write(msgspec.json.encode({"id": number} | job) + b"\n")
        self._nursery.stdin.flush()
        self._playing.append(Process(self, number))
        return self._playing[-1]

    @contextmanager
    def process(self, **job: Any) -> Iterator[Process]:
        """The same for the length of a block."""
        process = self.start(**job)
        try:
            yield process
        finally:
            process.end()

    def lay(self, name: str) -> Path:
        """A file that says something to all processes: `full`, `clock`, `hang-TOOL`."""
        path = self.folder / name
        path.touch()
        return path

    def set_clock(self, seconds: float) -> None:
        """Set the clock of all processes ahead, or back."""
        (self.folder / "clock.new").write_text(str(seconds))
        (self.folder / "clock.new").rename(self.folder / "clock")

    def run(self, document: str = "", **fields: Any) -> Run:
        """A queued run of the scene, with nothing said about any other."""
        a_member("admin")
        return a_run(version=a_version(document or scene()), **fields)

    def reset(self) -> None:
        """End what still plays, and forget what was called and what was left in doubt."""
        self._end_all()
        self.doubtful.clear()
        self._mourned.clear()
        patiently(lambda: Run.objects.filter(status__in=RUN.open).update(status="cancelled", lease=None))
        for path in self.folder.iterdir():
            if path.name != "log" and not path.name.endswith((".pid", ".code")):
                path.unlink()

    def _end_all(self) -> None:
        for process in self._playing:
            process.end()
        self._playing.clear()

    def said(self) -> str:
        """What the processes wrote."""
        return (self.folder / "log").read_text(errors="replace")

    def close(self) -> None:
        """End everything."""
        self._end_all()
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait()
        self.log.close()

    @property
    def calls(self) -> Counter[str]:
        """How often every provider was called with what."""
        path = self.folder / "calls"
        return Counter(path.read_text().splitlines() if path.exists() else [])

    # -- what the operator does -----------------------------------------------------------------------------------

    def drive(self, run: Run, condition: Callable[[Run], bool], *, decides: bool = True) -> Run:
        """Decide every gate that comes up until the condition holds; then return the run as it is."""

        def look() -> Run | None:
            now = patiently(lambda: Run.objects.get(pk=run.pk))
            if condition(now):
                return now
            if decides and now.status == "waiting":
                patiently(lambda: self.decide(now))
            return None

        return until(look, f"run {run.pk}")  # type: ignore[return-value]

    def finish(self, run: Run) -> Run:
        """Decide whatever comes up until the run is over."""
        return self.drive(run, lambda now: now.is_finished)

    def decide(self, run: Run) -> None:
        """Let every proposal through, answer every question, and have every effect in doubt repeated."""
        for gate in Gate.objects.pending().filter(run=run):
            with suppress(UnableToDecide):  # somebody cancels the run meanwhile
                decide_gate(by=a_member("approver"), gate=gate, reason="drill", **WORDS[gate.kind])

    def mourn(self, run: Run) -> None:
        """Somebody died: take down which effects that cannot be repeated were under way."""
        for effect in Effect.objects.filter(run=run, phase="requested", target=ONCE):
            if (effect.identity, effect.requested_seq) not in self._mourned:
                self._mourned.add((effect.identity, effect.requested_seq))
                self.doubtful[effect.identity] += 1


def patiently(ask: Callable[[], T]) -> T:
    """Ask the database, again where the connection broke in between."""
    for _ in range(5):
        try:
            return ask()
        except Error:
            connection.close()
    return ask()
