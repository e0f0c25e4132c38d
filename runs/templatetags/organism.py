"""The tags that every page uses: icons, the status of a run, numbers, times."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify
from js_asset import ImportMap

from runs.reading import words

MODULES = (
    *("badge", "confirm", "draw", "drawer", "eventdrawer", "eventlist", "events", "eventstore", "feed", "grid", "gridstore"),
    *("graph", "keep", "keys", "livebadge", "scrubber", "selection", "tenantfeed", "toast", "words"),
)
IMPORTS = {
    "preact": "vendor/preact/preact.mjs",
    "preact/hooks": "vendor/preact/hooks.mjs",
    "htm": "vendor/htm/htm.module.js",
    "@preact/signals": "vendor/preact-signals/signals.module.js",
    "@preact/signals-core": "vendor/preact-signals-core/signals-core.module.js",
} | {f"organism/{name}.js": f"js/{name}.js" for name in MODULES}

register = template.Library()
register.filter("grouped", words.grouped)
register.filter("money", words.money)
register.filter("duration", words.duration)
register.filter("stop_words", words.stop_reason)
register.filter("stop_clause", words.stop_clause)
register.filter("spaced", words.spaced)
register.filter("spoken", words.spoken)
register.filter("kind_words", words.kind)
register.filter("budget_words", words.budget)


@register.simple_tag(takes_context=True)
def import_map(context: template.Context) -> SafeString:
    """Where the browser finds the modules that islands import by name; inline, and therefore under the nonce."""
    return ImportMap(IMPORTS).render(attrs={"nonce": str(context["request"].csp_nonce)})


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One sign of the sprite; silent for screen readers unless it has a label of its own."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="icon" {} focusable="false"><use href="{}#{}"/></svg>', spoken, static("icons.svg"), name)


@register.simple_tag
def status(name: str, glyph: bool = False) -> SafeString:
    """The status of a run as icon, word and colour; as a glyph the word is kept for hovering and hearing."""
    known = words.STATUSES[name]
    if glyph:
        return format_html('<span class="status {}" title="{}">{}</span>', known.name, known.word, icon(known.icon, known.word))
    return format_html('<span class="status {}">{}{}</span>', known.name, icon(known.icon), known.word)


@register.simple_tag
def when(moment: datetime | None) -> SafeString | str:
    """A time as a distance from now; the absolute time on hover (the browser turns it into the viewer's zone)."""
    if moment is None:
        return ""
    exact = timezone.localtime(moment).strftime("%-d %b %Y, %H:%M:%S %Z")
    relative = words.distance(moment, timezone.now())
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, relative)


@register.filter
def counted(number: int, forms: str) -> str:
    """`{{ n|counted:"vote,votes" }}`: the number with the word that fits it."""
    one, _, many = forms.partition(",")
    return words.plural(number, one, many or None)


@register.filter
def share(part: float, whole: float) -> str:
    """A part of a whole as a percentage for the length of a bar."""
    return f"{100 * part / whole:.3f}%" if whole else "0%"


@register.filter
def per_cent(part: int, whole: int) -> str:
    """A part of a whole as people say it."""
    return f"{round(100 * part / whole)} %" if whole else "–"


@register.filter
def unlocalized(number: float) -> str:
    """A number for a drawing."""
    return f"{number:g}"


@register.filter
def short(uuid: Any) -> str:
    """The first eight signs of an id, as people tell runs apart."""
    return str(uuid)[:8]


@register.filter
def trimmed(text: str) -> str:
    """A text without the blanks around it."""
    return str(text).strip()


@register.filter
def pretty(value: Any) -> str:
    """A payload of a family that nobody draws, as readable JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False)


@register.filter
def unjoined(name: str) -> str:
    """`NeedsReview` as `Needs review`."""
    return words.spaced(name)


@register.filter
def percent(points: int) -> str:
    """Basis points as a percentage: 8920 as 89.2 %."""
    return f"{points / 100:g}{words.THIN_SPACE}%"


@register.filter
def slugged(name: str) -> str:
    """Something to use as an element's id, different for different names."""
    return f"{slugify(name)}-{crc32(name.encode()):08x}"


@register.filter
def spaced_list(keys: list[str]) -> str:
    """Context keys one after the other."""
    return ", ".join(words.spaced(key) for key in keys)


@register.filter
def author(fact: Any) -> str:
    """Who put a fact forward; seeds and the engine's own notes have no suggestor."""
    return fact.suggestor or {"context-input": "seed", "seed": "the engine"}.get(fact.promoted_by, fact.promoted_by)


@register.filter
def fact_text(fact: Any) -> str:
    """What a fact says in plain words."""
    return fact.text if fact.text is not None else pretty(fact.value)


@register.filter
def cycles_done(run: Any) -> int:
    """How far a run has come."""
    return int(run.cycles or run.cycle)


@register.filter
def took(run: Any) -> str:
    """How long a run lasted by the clock on the wall."""
    if not run.started_at or not run.finished_at:
        return ""
    return words.duration((run.finished_at - run.started_at).total_seconds())


@register.filter
def metered(meter: Any) -> str:
    """`12/100`, `41 s of 60 s`, `$0.03 of $1.00`."""
    say: Callable[[Any], str] = {"seconds": words.duration, "dollars": words.money}.get(meter.unit, words.grouped)
    between = " of " if meter.unit else "/"
    return say(meter.spent) + (between + say(meter.limit) if meter.limit is not None else "")


@register.simple_tag
def vote_mark(decision: str) -> SafeString:
    """The small square of a vote: filled for yes, hatched for no, grey for an abstention."""
    fill = SafeString(' fill="url(#hatch-no)"') if decision == "no" else ""
    return format_html('<svg class="vote-mark" aria-hidden="true"><rect class="{}"{} width="12" height="12"/></svg>', decision, fill)


@register.simple_tag
def turn_bar(tally: Any, most: int) -> SafeString:
    """The votes of one turn as a small bar, on one scale for all turns: the longest has room for `most` votes."""
    wide = max(0.5, min(8.0, 64 / most if most else 8))
    parts = ((0, tally.yes, "yes", ""), (tally.yes, tally.no, "no", _HATCHED), (tally.yes + tally.no, tally.abstain, "abstain", ""))
    bars = ((name, fill, f"{at * wide:g}", f"{count * wide:g}") for at, count, name, fill in parts if count)
    drawn = format_html_join("", '<rect class="{}"{} x="{}" width="{}" height="8"/>', bars)
    return format_html('<svg class="turn-bar" width="{}" height="8" aria-hidden="true">{}</svg>', f"{tally.total_cast * wide:g}", drawn)


_HATCHED = SafeString(' fill="url(#hatch-no)"')


@dataclass(frozen=True)
class VoteBar:
    """Where the parts of a topic's bar begin and how long they are, as percentages."""

    yes: str
    no_from: str
    no: str
    abstain_from: str
    abstain: str
    tick: str
    anchor: str


@register.filter
def vote_bar(topic: Any) -> VoteBar:
    """The bar of a topic: yes, no and abstain side by side, with a tick where the rule is met."""
    whole, needed = topic.whole, topic.needed
    ticked = bool(needed) and needed <= whole
    return VoteBar(
        share(topic.yes, whole),
        share(topic.yes, whole),
        share(topic.no, whole),
        share(topic.yes + topic.no, whole),
        share(topic.abstain, whole),
        share(needed, whole) if ticked else "",
        "end" if ticked and needed == whole else "middle",
    )


@register.simple_tag(takes_context=True)
def address(context: template.Context, **changes: Any) -> str:
    """This page's address with some of its query changed; None or nothing takes a part away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = value
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def address_with(context: template.Context, name: str, value: str) -> str:
    """This page's address with one more wish."""
    return address(context, **{name: value})


@register.simple_tag(takes_context=True)
def address_without(context: template.Context, name: str) -> str:
    """This page's address with one wish less."""
    return address(context, **{name: None})


@register.simple_tag(takes_context=True)
def kept_choice(context: template.Context) -> str:
    """The part of the query that goes along from tab to tab: the chosen cycle and suggestor, and where the time machine stands."""
    asked = context["request"].GET
    chosen = {name: asked[name] for name in ("cycle", "suggestor", "at") if asked.get(name)}
    return "&" + urlencode(chosen) if chosen else ""


@register.simple_tag(takes_context=True)
def asked_too(context: template.Context, *names: str) -> SafeString:
    """Hidden fields, so that a form keeps what else the address asks for."""
    asked = context["request"].GET
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', ((name, asked[name]) for name in names if asked.get(name)))


@register.filter
def isdecimal(text: str) -> bool:
    """Whether a text is one number."""
    return str(text).isdecimal()


@register.filter
def told(json_text: str) -> SafeString:
    """JSON inside a script element: what could end the element is escaped."""
    return SafeString(json_text.replace("<", "\\u003c"))


@register.filter
def choice_words(value: str, facet: str) -> str:
    """A choice of a facet as people call it."""
    say: Callable[[str], str] = {"kind": words.kind, "key": words.spaced, "severity": words.severity}.get(facet, str)
    return say(value)


@register.filter
def latency(milliseconds: int) -> str:
    """Milliseconds as people read them."""
    return words.duration(milliseconds / 1000) if milliseconds else "0 ms"


@register.filter
def briefly(value: Any) -> str:
    """A value in one line: a text as it stands, an object by its members; for tables, the whole is in the drawer."""
    if isinstance(value, dict):
        return "; ".join(f"{words.spoken(name)}: {briefly(inner)}" for name, inner in value.items())[:600]
    if isinstance(value, list):
        return ", ".join(briefly(inner) for inner in value)[:600]
    return "–" if value is None else str(value)
