"""Keeps the processes of an installation running; standard library only, so that it weighs next to nothing.

Run as a script with a JSON object: `commands` (name: argument list), `running` (name: number of a child that is there already),
`folder`, `host`, `port`, `message`.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time

PATIENCE = 30.0
GRACE = 10.0
#: A process that ends this many times within so many seconds of its start is not started again.
TRIES, TOO_SOON = 3, 5.0


class Child:
    """A child that was there before the supervisor; asked and told like one of its own."""

    def __init__(self, pid: int) -> None:
        self.pid, self.returncode = pid, 0
        self._ended = False

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        if not self._ended:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._ended, self.returncode = True, os.waitstatus_to_exitcode(status)
        return self.returncode if self._ended else None

    def wait(self, seconds: float) -> None:
        """Until it has ended, or the time is over."""
        until = time.monotonic() + seconds
        while self.poll() is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(str(self.pid), seconds)
            time.sleep(0.02)

    def terminate(self) -> None:
        """Ask it to stop."""
        os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        os.kill(self.pid, signal.SIGKILL)


class Supervisor:
    """Starts every process, starts those again that end by themselves, and stops all when it is told to."""

    def __init__(self, commands: dict[str, list[str]], folder: str, running: dict[str, int]) -> None:
        self.commands, self.folder = commands, folder
        self.processes: dict[str, subprocess.Popen[bytes] | Child] = {name: Child(pid) for name, pid in running.items()}
        self.started: dict[str, float] = dict.fromkeys(running, time.monotonic())
        self.quick_ends: dict[str, int] = dict.fromkeys(commands, 0)
        self.stopping = False

    def start(self, name: str) -> None:
        """Start a process in a session of its own: Ctrl-C is for us, and we pass it on."""
        self.started[name] = time.monotonic()
        self.processes[name] = subprocess.Popen(self.commands[name], cwd=self.folder, start_new_session=True)

    def watch(self) -> int:
        """Wait until told to stop; return the exit code."""
        while not self.stopping:
            for name, process in self.processes.items():
                if process.poll() is not None and not self.stopping and not self._again(name, process.returncode):
                    return 1
            time.sleep(0.2)
        return 0

    def _again(self, name: str, code: int) -> bool:
        quick = time.monotonic() - self.started[name] < TOO_SOON
        self.quick_ends[name] = self.quick_ends[name] + 1 if quick else 0
        if self.quick_ends[name] >= TRIES:
            say(f"The {name} keeps ending with code {code}; the lines above say why.")
            return False
        say(f"The {name} ended with code {code}; starting it again.")
        self.start(name)
        return True

    def stop(self) -> None:
        """Ask all to stop, and end those that do not."""
        running = [process for process in self.processes.values() if process.poll() is None]
        for process in running:
            process.terminate()
        until = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()

    def told_to_stop(self, *_: object) -> None:
        """Take a signal."""
        self.stopping = True


def say(words: str) -> None:
    """A line for people, at once."""
    print(words, flush=True)  # noqa: T201


def answers(host: str, port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def main(plan: dict[str, object]) -> int:
    """Start, say where, watch, stop."""
    supervisor = Supervisor(plan["commands"], str(plan["folder"]), plan["running"])  # type: ignore[arg-type]
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, supervisor.told_to_stop)
    try:
        for name in supervisor.commands:
            if name not in supervisor.processes:
                supervisor.start(name)
        if _await(supervisor, str(plan["host"]), int(str(plan["port"]))):
            say(str(plan["message"]))
            return supervisor.watch()
        return 0 if supervisor.stopping else 1
    finally:
        supervisor.stop()


def _await(supervisor: Supervisor, host: str, port: int) -> bool:
    """Wait for the web server; False if we are told to stop, or it ended, before it answered."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not supervisor.stopping:
        if answers(host, port):
            return True
        if any(process.poll() is not None for process in supervisor.processes.values()):
            return False
        time.sleep(0.02)
    return False


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
