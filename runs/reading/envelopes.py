"""A run's journal after a cursor, for whoever follows it. Bodies are passed through as the text that was written."""

from dataclasses import dataclass

from runs.models import Actor, Envelope, Run

#: The most envelopes of one page, and the size after which no further one is added to it.
LIMIT = 500
CHARACTERS = 192 * 1024
STRETCH = 100


@dataclass(frozen=True, slots=True)
class Page:
    """Neighbours in a journal: places `after + 1` to `to`, none left out."""

    after: int
    bodies: list[str]

    @property
    def to(self) -> int:
        """The place of the last envelope, or where the page began when it is empty."""
        return self.after + len(self.bodies)

    def as_json(self, *members: str) -> str:
        """The page as one JSON object, after other members that are JSON already."""
        parts = (*members, f'"after":{self.after}', f'"to":{self.to}', f'"envelopes":[{",".join(self.bodies)}]')
        return f"{{{','.join(parts)}}}"


@dataclass(frozen=True, slots=True)
class News:
    """How a run stands, and what its journal holds after a place."""

    run: Run
    page: Page


def entries_after(by: Actor, run: Run, seq: int, *, limit: int = LIMIT, until: int | None = None) -> Page:
    """The envelopes after a place, in order: at most `limit`, at most up to `until`, and few where they are huge."""
    rows = Envelope.objects.of(by).after(run, seq)
    if until is not None:
        rows = rows.filter(seq__lte=until)
    found = rows.values_list("seq", "body")[: min(limit, LIMIT)]
    bodies: list[str] = []
    size = 0
    for place, body in found.iterator(chunk_size=STRETCH):
        if place != seq + len(bodies) + 1:
            raise JournalBroken(f"run {run.pk} has no envelope {seq + len(bodies) + 1}")
        bodies.append(body)
        size += len(body)
        if size >= CHARACTERS:
            break
    return Page(seq, bodies)


def news_after(by: Actor, run: Run, seq: int) -> News:
    """The run as it stands now, and the page after a place. The page may hold more than the run's head says, never less."""
    now = Run.objects.of(by).get(pk=run.pk)
    return News(now, entries_after(by, run, seq) if now.head > seq else Page(seq, []))


class JournalBroken(RuntimeError):
    """A place of the journal is empty although later ones are not: somebody deleted rows."""
