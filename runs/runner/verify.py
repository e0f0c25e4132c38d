"""Verifying runs: each in a process of its own, which has the document and the journal's text and nothing else."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any

import msgspec
from django.conf import settings
from django.utils import timezone

from runs.doorbell import ring_on_commit
from runs.engine.verification import Verification as Found
from runs.journal.hiding import clear_text
from runs.models import VERIFICATION, CannotUnseal, Run, Verdict, Verification
from runs.runner.claim import CANDIDATES, new_lease
from runs.runner.reach import journal_key
from runs.runner.recover import seeding_of
from runs.runner.soundness import Unsound, sound_texts
from runs.suggestors.reexecution import Job

#: Seconds that a verification may take before it is broken off.
LONGEST = 300.0
#: Whoever took a verification and fell silent for so long will not finish it.
LEASE = timedelta(seconds=LONGEST + 30)
GLANCE = 0.1


def claim_verification(now: datetime) -> Verification | None:
    """Take the oldest verification that was asked for and that nobody is at."""
    for candidate in Verification.objects.claimable(now).only("id", "lease")[:CANDIDATES]:
        lease = new_lease()
        wanted = Verification.objects.claimable(now).filter(pk=candidate.pk, lease=candidate.lease)
        if wanted.order_by().update(lease=lease, lease_until=now + LEASE) == 1:
            return Verification.objects.select_related("run__tenant", "run__version").get(pk=candidate.pk, lease=lease)
    return None


def carry_out(verification: Verification, stop: threading.Event | None = None) -> Verification:
    """Verify the run of a verification that we hold, and keep what was found beside it; let it go when told to stop."""
    run = Run.objects.select_related("tenant", "version").get(pk=verification.run_id)
    try:
        found = examine(run, stop or threading.Event())
    except Stopped:
        return _keep(verification, lease=None, lease_until=None)
    except NotCarriedOut as error:
        return _keep(verification, verdict=Verdict.FAILED, head=run.head, executed=json.dumps(str(error)))
    sides = {"recorded": _text(found.recorded), "executed": _text(found.executed)}
    verdict = Verdict.VERIFIED if found.verified else Verdict.DIVERGED
    return _keep(verification, verdict=verdict, head=run.head, cycle=found.cycle, fact=found.fact, **sides)


def examine(run: Run, stop: threading.Event) -> Found:
    """Look at the journal as it stands, then execute the run again; raises `NotCarriedOut` or `Stopped`."""
    job = Job(run.version.document, journal_key(run), seeding_of(run))
    with TemporaryFile() as lines:
        try:
            lines.writelines(line + b"\n" for line in _lines(job, run))
        except Unsound as error:
            return Found(error.cycle, None, error.recorded, error.expected)
        except CannotUnseal as error:
            raise NotCarriedOut(f"what is hidden in its journal cannot be opened: {error}") from error
        lines.seek(0)
        return msgspec.json.decode(_executed(lines, stop), type=Found)


def _lines(job: Job, run: Run) -> Iterator[bytes]:
    yield msgspec.json.encode(job)
    for text in sound_texts(run):
        yield clear_text(text).encode()


def _executed(lines: IO[bytes], stop: threading.Event) -> bytes:
    command = [sys.executable, "-m", "runs.suggestors.reexecution"]
    until = time.monotonic() + LONGEST
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=lines, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            return _answer_of(process, stop, until)
        finally:
            process.kill()


def _answer_of(process: "subprocess.Popen[bytes]", stop: threading.Event, until: float) -> bytes:
    while True:
        try:
            answer, complaint = process.communicate(timeout=GLANCE)
        except subprocess.TimeoutExpired:
            if stop.is_set():
                raise Stopped from None
            if time.monotonic() > until:
                raise NotCarriedOut(f"it took longer than {LONGEST:g} seconds") from None
        else:
            if process.returncode == 0:
                return answer
            last = complaint.decode(errors="replace").strip().rpartition("\n")[2]
            raise NotCarriedOut(f"its process ended with code {process.returncode}: {last}")


def _keep(verification: Verification, **columns: Any) -> Verification:
    """Write what was found, if the verification is still ours."""
    if "verdict" in columns:
        VERIFICATION.check(verification.verdict, columns["verdict"])
        columns |= {"at": timezone.now(), "lease": None, "lease_until": None}
    Verification.objects.filter(pk=verification.pk, lease=verification.lease).update(**columns)
    ring_on_commit(verification.run_id)
    verification.refresh_from_db()
    return verification


def _text(side: Any) -> str | None:
    return None if side is None else json.dumps(side, ensure_ascii=False)


class NotCarriedOut(Exception):
    """The process that should have executed the run died or took too long."""


class Stopped(Exception):
    """We were told to stop; somebody else will verify the run."""
