"""The styleguide: every part that pages are made of, in every state."""

from types import SimpleNamespace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from runs.pages.door import page
from runs.reading.members import memberships_of
from runs.reading.runs import Meter
from runs.reading.words import STATUSES

#: Each is drawn by `templates/styleguide/_NAME.html`.
PARTS = ("colours", "type", "buttons", "fields", "tabs", "chips", "table", "floating", "states", "figures", "texts")
_COLOURS = (
    *("ground", "surface", "raised", "hover", "selected", "hypothetical", "disabled", "ink", "ink-2", "ink-3", "line", "line-strong"),
    *("line-control", "accent", "ok", "warn", "bad", "yes", "no", "abstain"),
)
_METERS = (
    Meter("cycles", 12, 100),
    Meter("facts", 964, 1000),
    Meter("tokens", 8200, 100_000),
    Meter("time", 41, None, "seconds"),
    Meter("cost", 30_000, 1_000_000, "dollars"),
)
_TOPIC = SimpleNamespace(yes=21, no=9, abstain=2, not_cast=2, whole=34, needed=18)


@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """For everybody who signed in; its figures are made up."""
    member = next(iter(memberships_of(request.user)), None)  # type: ignore[arg-type]
    shown = {
        "parts": [(name, f"styleguide/_{name}.html") for name in PARTS],
        "colours": _COLOURS,
        "heat": [f"heat-{step}" for step in range(1, 6)],
        "statuses": STATUSES,
        "live": ("live", "catching up", "polling", "stale", "ended"),
        "meters": _METERS,
        "topic": _TOPIC,
        "votes": ("yes", "no", "abstain"),
    }
    return page(request, "styleguide.html", member, "styleguide", **shown) if member else render(request, "styleguide.html", shown)
