"""Small drawings in rows and strips."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from runs.reading.words import grouped

WIDE, TALL, STEP = 60, 16, 2
LANE, HALF = 8, 14

register = template.Library()


@register.simple_tag
def sparkline(bars: Sequence[int], most: int) -> SafeString | str:
    """The facts of each cycle as bars, 60 px wide; `most` is the top of the scale that all of a column share."""
    if not bars:
        return ""
    said = f"Facts a cycle: {grouped(max(bars))} at most"
    path = "".join(_bar(place * STEP, STEP, TALL, _tall(number, most, TALL)) for place, number in enumerate(bars) if number)
    drawn = '<svg class="spark" width="{}" height="{}" role="img"><title>{}</title><path class="foot" d="M0,{}h{}"/><path d="{}"/></svg>'
    return format_html(drawn, WIDE, TALL, said, TALL, WIDE, path)


@register.simple_tag
def strip(lanes: Sequence[Any], most: int) -> SafeString:
    """The last cycles of a run: promoted upwards, rejected hatched downwards, a dot for each that is idle."""
    wide = max(len(lanes) * LANE, LANE)
    up = "".join(_bar(at * LANE, LANE - 2, HALF, _tall(lane.promoted, most, HALF)) for at, lane in enumerate(lanes) if lane.promoted)
    down = "".join(_bar(at * LANE, LANE - 2, HALF + 2 + h, h) for at, lane in enumerate(lanes) if (h := _tall(lane.rejected, most, HALF)))
    said = f"Cycles {lanes[0].number} to {lanes[-1].number}" if lanes else "No cycle yet"
    drawn = (
        '<svg class="strip" width="{}" height="{}" role="img"><title>{}</title>'
        '<path class="up" d="{}"/><path fill="url(#hatch-rejected)" d="{}"/><path class="foot" d="M0,{}h{}"/></svg>'
    )
    return format_html(drawn, wide, 2 * HALF + 2, said, up, down, HALF + 1, wide)


def _tall(number: int, most: int, room: int) -> int:
    return min(room, max(2, round(number * room / max(most, 1)))) if number else 0


def _bar(x: int, wide: int, foot: int, tall: int) -> str:
    return f"M{x},{foot}h{wide}v-{tall}h-{wide}z"
