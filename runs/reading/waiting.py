"""Suggestors that never woke in a run, and what each of them was waiting for."""

from dataclasses import dataclass, field

from runs.engine import Context
from runs.models import Run
from runs.reading.replay import context_of
from runs.reading.words import stop_reason
from runs.suggestors.document import FormationDocument, read_document
from runs.suggestors.lacking import Lack, lacking
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.seats import Seat


@dataclass(frozen=True)
class Sleeper:
    """A suggestor that has not spoken once, and what was missing or in the way when the run stood where it stands."""

    name: str
    kind: str
    reads: list[str]
    lacks: list[Lack] = field(default_factory=list)


def waiting(run: Run) -> list[Sleeper]:
    """The sleeping suggestors, in the order of the team."""
    document = document_of(run)
    if document is None:
        return []
    spoke = set(run.activity.values_list("suggestor", flat=True).distinct())
    seats = [seat for seat in document.seats if seat.enabled and seat.name not in spoke]
    context = context_of(run) if seats else Context()
    return [Sleeper(seat.name, seat.kind.kind, reads_of(seat), lacks_of(run, seat, context)) for seat in seats]


def document_of(run: Run) -> FormationDocument | None:
    """The document that the run was started from; None if it cannot be used any more."""
    try:
        return read_document(run.version.document)
    except DocumentInvalid:
        return None


def lacks_of(run: Run, seat: Seat, context: Context) -> list[Lack]:
    """What keeps a seat from speaking; where nothing does, why its turn did not come."""
    return lacking(seat.suggestor(), context) or [Lack(_turn(run))]


def reads_of(seat: Seat) -> list[str]:
    """The keys whose change wakes a seat; none for one that is considered in every cycle."""
    return [str(key) for key in dict.fromkeys(seat.suggestor().dependencies)]


def _turn(run: Run) -> str:
    if not run.is_finished:
        return "nothing: its turn comes with the next cycle" if run.head else "the run to begin"
    reason = stop_reason(run.stop_reason)
    return f"its turn, but the run was over before ({reason[:1].lower()}{reason[1:]})"
