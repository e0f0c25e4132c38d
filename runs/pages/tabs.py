"""The tabs of the run page: each is one reading."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from runs.pages import dissent, explained, huddle
from runs.pages.door import number, words
from runs.pages.gates import cards_of
from runs.reading import context, events, gates, replay
from runs.reading.members import Member
from runs.reading.runs import Run
from runs.reading.words import KINDS


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
    """A tab: its name in the address, its label, what it shows and how many of it there are."""

    name: str
    label: str
    read: Callable[[Look], dict[str, Any]]
    count: Callable[[Run], int]


def _events(look: Look) -> dict[str, Any]:
    return {"filter": events.EventFilter.of(look.request.GET), "kinds": list(KINDS), "suggestors": events.suggestors_of(look.run)}


def _context(look: Look) -> dict[str, Any]:
    keys, text = context.keys_of(look.run), look.asked("q")
    chosen = look.asked("key") or (keys[0][0] if keys else "")
    found = context.facts_of(look.run, chosen, text=text, after=number(look.asked("after")) or 0)
    return {"keys": keys, "key": chosen, "text": text, "found": found}


def _huddle(look: Look) -> dict[str, Any]:
    return huddle.shown(look.request, look.run)


def _disagreements(look: Look) -> dict[str, Any]:
    return dissent.shown(look.request, look.run)


def _gates(look: Look) -> dict[str, Any]:
    waiting, closed = gates.gates_of(look.run)
    return {"cards": cards_of(waiting, look.member), "closed": closed}


def _replay(look: Look) -> dict[str, Any]:
    step = replay.step_of(look.run, number(look.asked("cycle")))
    key = look.asked("key")
    facts = replay.facts_at(look.run, step.cycle, key, before=number(look.asked("before"))) if step and key else []
    return {"step": step, "key": key, "facts": facts, "older": facts[-1].seq if len(facts) == replay.MOST else None}


def _why(look: Look) -> dict[str, Any]:
    return explained.shown(look.run, look.asked("fact"))


TABS = (
    Tab("events", "Events", _events, lambda run: run.head),
    Tab("context", "Context", _context, lambda run: run.fact_count),
    Tab("huddle", "Huddle", _huddle, lambda run: run.rounds.count()),
    Tab("disagreements", "Disagreements", _disagreements, lambda run: run.disagreements.count()),
    Tab("gates", "Gates", _gates, lambda run: run.gates.pending().count()),
    Tab("replay", "Replay", _replay, lambda _: 0),
    Tab("why", "Why", _why, lambda run: run.rejections.count()),
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
