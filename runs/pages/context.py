"""The context tab and the time machine: facts by key as they stand or stood, what was refused, and who never woke."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from runs.pages.door import number, words
from runs.reading import context, replay
from runs.reading.provenance import NoFactName, named
from runs.reading.refused import count_refused, refusals_of
from runs.reading.runs import Run
from runs.reading.waiting import waiting

#: What stands beside the keys and is none.
REFUSED, ASLEEP = "refused", "asleep"


def shown(request: HttpRequest, run: Run) -> dict[str, Any]:
    """The chosen key, or what was refused, or who sleeps; as it was after the cycle that the time machine stands at."""
    key, text, at = words(request, "key"), words(request, "q"), number(words(request, "at"))
    facts = context.context_at(run, at, text=text, wanted=context.chosen(words(request, "cycle"), words(request, "suggestor")))
    keys = context.keys_of(facts)
    found = {"keys": keys, "all": sum(count for _, count in keys), "key": key, "text": text, "at": at, "refusals": count_refused(run)}
    before = number(words(request, "before"))
    if key == REFUSED:
        return found | {"refused": refusals_of(run, text=text, until=at, before=before)}
    if key == ASLEEP:
        return found | {"sleepers": waiting(run)}
    return found | {"found": context.facts_of(facts, key, before=before), "asks": _name_in(text)}


def _name_in(text: str) -> str:
    """The text, where it could be the name of a fact."""
    try:
        named(text)
    except NoFactName:
        return ""
    return text


def moment(request: HttpRequest, run: Run) -> dict[str, Any]:
    """What the time machine shows of the cycle that it stands at."""
    at = number(words(request, "at"))
    return {"step": None if at is None else replay.step_of(run, at)}


def moved(query: QueryDict) -> str | None:
    """Where what once was a tab of its own is found now; None if the address is as it should be."""
    tab, kept = query.get("tab"), {name: query[name] for name in ("suggestor", "key", "selected") if name in query}
    if tab == "replay":
        return "?" + urlencode({"tab": "context", "at": query.get("cycle", "")} | kept)
    if tab == "why":
        asked = {"selected": f"fact:{query['fact']}"} if query.get("fact") else {"key": REFUSED}
        return "?" + urlencode({"tab": "context"} | kept | asked)
    return None
