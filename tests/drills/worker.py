"""The process from which a drill's workers and web servers are forked: `python -m tests.drills.worker FOLDER`.

Everything is loaded once, so that a worker begins within milliseconds. Reads a job from each line of its input; for job
7 the files `7.pid` and, when it has ended, `7.code` appear in the folder. Ends with its input, and all jobs with it.
"""

import os
import select
import signal
import sys
from functools import partial
from importlib import import_module
from pathlib import Path

import django
import msgspec


def play(job, folder: Path) -> None:
    """Do the job, in a process that is ours."""
    from tests.drills.deeds import deeds_of
    from tests.drills.traps import Traps

    traps = Traps(job, folder, deeds_of(job, folder))
    traps.lay()
    {"work": _work, "web": _web, "verify": _verify}[job.what](job, folder, traps)


def _work(job, folder: Path, traps) -> None:
    from django.db import connection

    from runs.management.console import told_to_stop
    from runs.runner import dispatch, work
    from tests.drills.cast import providers

    _set_times(job)
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["timeout"] = job.patience
    dispatch.conduct = partial(dispatch.conduct, providers=providers(folder, traps.reached))
    with told_to_stop() as stop:
        work(stop, hands=job.hands, idle=0.05)


def _set_times(job) -> None:
    """Leases of the length that is wanted; a flush after every merge, or only where there must be one."""
    from datetime import timedelta

    for name in ("claim", "clock", "writer", "heartbeat"):
        import_module(f"runs.runner.{name}").LEASE = timedelta(seconds=job.lease)
    import_module("runs.runner.heartbeat").BEAT = job.lease / 3
    import_module("runs.runner.writer").PERIOD = 0 if job.eager else 1e9
    import_module("runs.runner.conduct").PERIOD = 0


def _web(job, folder: Path, traps) -> None:
    from daphne.cli import CommandLineInterface

    CommandLineInterface().run(["-b", "127.0.0.1", "-p", str(job.port), "-v", "0", "organism_web.asgi:application"])


def _verify(job, folder: Path, traps) -> None:
    """Execute a run again and hold it against its journal."""
    from runs.engine.recording import Recording
    from runs.engine.verification import verify
    from runs.models import Run
    from runs.suggestors.document import read_document

    run = Run.objects.select_related("version").get(pk=job.run)
    document = read_document(run.version.document)
    recording = Recording(run.envelopes.order_by("seq").values_list("body", flat=True))
    verdict = verify(document.team(), document.seeds(), recording, budget=document.budget, gates=document.gates)
    (folder / f"{job.id}.verdict").write_text(str(verdict))


class Nursery:
    """Forks a process for each job, and notes how it ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.jobs: dict[int, int] = {}

    def run(self) -> None:
        """Serve until there is nothing more to read."""
        rest = b""
        while True:
            if select.select([0], [], [], 0.005)[0]:
                came = os.read(0, 65536)
                if not came:
                    break
                *lines, rest = (rest + came).split(b"\n")
                for line in lines:
                    self._start(line)
            self._reap()
        for pid in self.jobs:
            os.kill(pid, signal.SIGKILL)

    def _start(self, line: bytes) -> None:
        from tests.drills.traps import Job

        job = msgspec.json.decode(line, type=Job)
        pid = os.fork()
        if pid == 0:
            self._be(job)
        self.jobs[pid] = job.id
        (self.folder / f"{job.id}.pid").write_text(str(pid))

    def _be(self, job) -> None:
        code = 1
        try:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            play(job, self.folder)
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        except BaseException:  # noqa: BLE001  (a fork must never come back from here)
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)

    def _reap(self) -> None:
        while self.jobs:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            (self.folder / f"{self.jobs.pop(pid)}.code").write_text(str(os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "organism_web.settings")
    django.setup()
    for loaded in ("runs.runner", "runs.suggestors.registry", "tests.drills.deeds", "tests.drills.cast", "organism_web.urls"):
        import_module(loaded)
    import_module("runs.suggestors.registry").kinds()
    Nursery(Path(sys.argv[1])).run()
