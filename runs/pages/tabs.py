"""The tabs of the run page: each is one reading."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from runs.pages import context, dissent, huddle
from runs.pages.door import number, words
from runs.pages.gates import cards_of
from runs.reading import effects, events, gates, outcome, skeptics
from runs.reading.members import Member
from runs.reading.runs import Run


@dataclass(frozen=True)
class Look:
    """Who looks at which run, and what the address asks for."""

    request: HttpRequest
    run: Run
    member: Member

    def asked(self, name: str) -> str:
        """A part of the address's query."""
        return words(self.request, name)


@dataclass(frozen=True)
class Tab:
    """A tab: its name in the address, its label, what it shows, how many of it there are; its template is `runs/_tab_NAME.html`."""

    name: str
    label: str
    read: Callable[[Look], dict[str, Any]]
    count: Callable[[Run], int]
    #: Kinds (or families) of envelopes after which a page that is open draws it again.
    draws: tuple[str, ...] = ()

    @property
    def template(self) -> str:
        """What draws it."""
        return f"runs/_tab_{self.name}.html"


#: In a journal longer than this, the facets are counted after the page is there.
MOST_COUNTED_AT_ONCE = 5_000


def _events(look: Look) -> dict[str, Any]:
    if look.run.head > MOST_COUNTED_AT_ONCE:
        return {"filter": events.EventFilter.of(look.request.GET), "later": True}
    return facets(look.request, look.run)


def facets(request: HttpRequest, run: Run) -> dict[str, Any]:
    """What narrows the event list, and how it is narrowed now."""
    wanted = events.EventFilter.of(request.GET)
    return {"filter": wanted, "facets": [(facet, getattr(wanted, facet.name)) for facet in events.facets_of(run, wanted)]}


def _effects(look: Look) -> dict[str, Any]:
    wanted = effects.EffectFilter.of(look.request.GET)
    ledger = effects.ledger_of(look.run, wanted, after=number(look.asked("after")) or 0)
    return {"filter": wanted, "ledger": ledger, "skeptics": skeptics.skeptic_ledger_of(look.run)}


def _context(look: Look) -> dict[str, Any]:
    return context.shown(look.request, look.run)


def _huddle(look: Look) -> dict[str, Any]:
    return huddle.shown(look.request, look.run)


def _disagreements(look: Look) -> dict[str, Any]:
    return dissent.shown(look.request, look.run)


def _gates(look: Look) -> dict[str, Any]:
    waiting, closed = gates.gates_of(look.run)
    return {"cards": cards_of(waiting, look.member), "closed": closed}


def _outcome(look: Look) -> dict[str, Any]:
    return {"record": outcome.outcome_of(look.run)}


_GATES = ("GateRequested", "GateVoted", "GateExpired", "GateDecisionRecorded", "CycleParked", "RunFinished")
_FACTS = ("FactPromoted", "RunFinished")
TABS = (
    Tab("events", "Events", _events, lambda run: run.head),
    Tab("context", "Context", _context, lambda run: run.fact_count, _FACTS),
    Tab("huddle", "Huddle", _huddle, lambda run: run.rounds.count(), (*_FACTS, "CycleEnded")),
    Tab("disagreements", "Disagreements", _disagreements, lambda run: run.disagreements.count(), _FACTS),
    Tab("effects", "Effects", _effects, lambda run: run.effects.count(), ("effect", "RunFinished")),
    Tab("gates", "Gates", _gates, lambda run: run.gates.pending().count(), _GATES),
    Tab("graph", "Graph", lambda _: {}, lambda _: 0),
    Tab("outcome", "Outcome", _outcome, lambda _: 0, ("RunFinished",)),
)
BY_NAME = {tab.name: tab for tab in TABS}


def _chosen(request: HttpRequest) -> Tab:
    return BY_NAME.get(request.GET.get("tab", ""), TABS[0])


def shown(request: HttpRequest, run: Run) -> dict[str, Any]:
    """The row of tabs."""
    return {"tab": _chosen(request), "tabs": [(tab, tab.count(run)) for tab in TABS]}


def contents(request: HttpRequest, run: Run, member: Member) -> dict[str, Any]:
    """What the chosen tab shows."""
    return _chosen(request).read(Look(request, run, member))
