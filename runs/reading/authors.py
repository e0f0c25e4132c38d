"""Who could have proposed a fact that nobody proposed, and why they have not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from runs.engine import Context
from runs.models import Run, RunStatus
from runs.reading.provenance import Name
from runs.reading.replay import context_of
from runs.reading.waiting import document_of, lacks_of
from runs.reading.words import plural
from runs.suggestors.lacking import Lack
from runs.suggestors.seats import Seat

MOST_FAILURES = 3
_COUNT = re.compile(r"\{count:[A-Za-z]+\}")


@dataclass(frozen=True)
class Candidate:
    """A seat that may write such a fact, and why it has not."""

    name: str
    kind: str
    blocker: str
    lacks: list[Lack]


@dataclass(frozen=True)
class Blocker:
    """What stands in the way of a fact.

    `kind`: there, parked, gate_pending, quorum, gate_rejected, gate_expired, gate_cancelled, rejected_before, blank,
    invalid_payload, conflict, unicode, benched, disabled, invariant, budget, cancelled, failed, never_proposed, nobody.
    """

    name: Name
    kind: str
    says: str
    remedy: str
    cycle: int | None = None
    suggestor: str | None = None
    seq: int | None = None
    gate_id: str | None = None
    who: list[Candidate] = field(default_factory=list)


def never_proposed(run: Run, name: Name) -> Blocker:
    """Why nobody proposed a fact of that name: who could have, and what each of them lacks."""
    who = list(_candidates(run, name))
    if not who:
        says = f"No seat of the team writes {name[0]}/{name[1]}, and no seed is it."
        return Blocker(name, "nobody", says, f"A seat that writes under {name[0]}, or a seed, would bring it.")
    kinds = {candidate.blocker for candidate in who}
    kind = kinds.pop() if len(kinds) == 1 else "never_proposed"
    if kind == "ready" or (run.is_finished and run.started_at is None):
        kind = _end_of(run)
    says = "Nobody proposed it. " + " ".join(f"{each.name}: {_lacks(each)}." for each in who)
    return Blocker(name, kind, says, _REMEDIES.get(kind, _REMEDIES["never_proposed"]), who=who)


_REMEDIES = {
    "never_proposed": "What its possible authors lack would have let them propose it.",
    "benched": "Its author failed three times; with its failures mended it would have been asked again.",
    "disabled": "Its author is switched off in the document; switched on, it would have been asked.",
    "budget": "A larger budget would have let its author speak.",
    "cancelled": "Had the run not been cancelled, its author would have spoken.",
    "invariant": "Had the invariant held, its author would have spoken.",
    "failed": "Had its author not failed, it would have spoken.",
}
_ENDS = {"exhausted": "budget", "cancelled": "cancelled"}


def _end_of(run: Run) -> str:
    if "InvariantViolated" in run.stop_reason:
        return "invariant"
    return _ENDS.get(run.status, "failed" if run.status == RunStatus.FAILED else "never_proposed")


def _lacks(candidate: Candidate) -> str:
    return "; ".join(lack.says for lack in candidate.lacks)


def _candidates(run: Run, name: Name) -> Iterator[Candidate]:
    """Seats that may write under the key, and for rules: that may write this id."""
    document = document_of(run)
    if document is None:
        return
    context = context_of(run)
    told = {row["suggestor"]: row for row in _deeds(run)}
    for seat in document.seats:
        if _may_write(seat, name):
            yield Candidate(seat.name, seat.kind.kind, *_state_of(run, seat, told.get(seat.name), context))


def _deeds(run: Run) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, proposed, error in run.activity.order_by("cycle").values_list("suggestor", "proposed", "error"):
        row = found.setdefault(name, {"suggestor": name, "proposed": 0, "failures": 0, "error": ""})
        row["proposed"] += proposed or 0
        if error is not None:
            row["failures"] += 1
            row["error"] = error
    return list(found.values())


def _state_of(run: Run, seat: Seat, deeds: dict[str, Any] | None, context: Context) -> tuple[str, list[Lack]]:
    if not seat.enabled:
        return "disabled", [Lack("it is switched off in the document")]
    if deeds and deeds["failures"] >= MOST_FAILURES:
        return "benched", [Lack(f"it was benched after failing {deeds['failures']} times, last with: {deeds['error']}")]
    if deeds and deeds["error"] and not deeds["proposed"]:
        return "failed", [Lack(f"it failed: {deeds['error']}")]
    missing = lacks_of(run, seat, context)
    ready = run.is_finished and len(missing) == 1 and missing[0].says.startswith("its turn, but")
    said = [Lack(f"it proposed {plural(deeds['proposed'], 'other fact')}")] if deeds and deeds["proposed"] else []
    return ("ready" if ready else "never_proposed"), said + missing


def _may_write(seat: Seat, name: Name) -> bool:
    key, id = name
    if key not in seat.kind.writes(seat.params):
        return False
    forms = getattr(seat.params, "proposes", None)
    return forms is None or any(form.key == key and _fits(form.id, id) for form in forms)


def _fits(template: str, id: str) -> bool:
    return re.fullmatch("[0-9]+".join(re.escape(part) for part in _COUNT.split(template)), id) is not None
