"""`python -m runs.suggestors.reexecution`: executes a recorded run again, in a process that knows nothing else.

There is no database here. The first line of standard input is a `Job`, every further line an envelope of the journal;
the answer, one JSON object, is written to standard output. What suggestors print goes to standard error.
"""

import os
import sys
from collections.abc import Iterable
from typing import Any

import msgspec

from runs.engine import EffectRequest, StopReason
from runs.engine.recording import Envelope, Recording
from runs.engine.verification import Verification, compare_ending, same_effect, verify
from runs.engine.wire import storable
from runs.suggestors.document import read_document
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.seeding import seeds_of


class Job(msgspec.Struct, frozen=True):
    """A formation document, the key under which its effects were named, and what the run began with beside it."""

    document: str
    key: str
    seeding: str = ""


def unusable(error: DocumentInvalid) -> StopReason:
    """How a run ends whose document cannot be used."""
    message = storable(f"the formation document cannot be used: {error}")
    return StopReason.of("Error", message=message, category="Configuration")


def execute(job: Job, texts: Iterable[str]) -> Verification:
    """Execute the run again and hold it against the journal."""
    recording = Recording(texts)

    def recognise(request: EffectRequest, recorded: Envelope) -> bool:
        return same_effect(request, recorded) and request.identity(job.key) == recorded["identity"]

    try:
        document = read_document(job.document)
    except DocumentInvalid as error:
        return compare_ending(recording, unusable(error))
    seeds = seeds_of(document.seeds(), job.seeding)
    terms: dict[str, Any] = {"budget": document.budget, "gates": document.gates, "criteria": document.criteria}
    return verify(document.team(), seeds, recording, recognise=recognise, **terms)


def main() -> None:
    """Read the job, do it, answer."""
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    lines = sys.stdin.buffer
    job = msgspec.json.decode(lines.readline(), type=Job)
    found = execute(job, (line.decode().removesuffix("\n") for line in lines))
    answer.write(msgspec.json.encode(found))
    answer.close()


if __name__ == "__main__":
    main()
