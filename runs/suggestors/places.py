"""Places in a text that facts fill: `{facts:KEY}` all under a key, `{fact:KEY/ID}` one of them, `{count:KEY}` how many there are.

Further words in braces are special where somebody says so; no other braces are, those around an unknown key included.
"""

import re
from collections.abc import Collection, Iterator, Mapping

import msgspec

from runs.engine import Context, ContextKey, Fact
from runs.engine.wire import canonical
from runs.suggestors.expansion import expand

FactName = tuple[ContextKey, str]
_KEYS = "|".join(ContextKey)
_PLACE = re.compile(rf"\{{(?:(count|facts):({_KEYS})|(fact):({_KEYS})/([^{{}}]+)|([a-z]+))\}}")


class Place(msgspec.Struct, frozen=True):
    """One place: what it is, and the key and the id that it names."""

    kind: str
    key: ContextKey | None = None
    id: str = ""

    def facts(self, context: Context) -> list[Fact]:
        """The facts that it asks for."""
        if self.key is None:
            return []
        if self.kind == "facts":
            return list(context.get(self.key))
        fact = context.fact(self.key, self.id)
        return [] if fact is None else [fact]


def parts_of(text: str, words: Collection[str] = ()) -> Iterator[str | Place]:
    """The text and the places in it, in order; `words` are further places."""
    at = 0
    for found in _PLACE.finditer(text):
        many, key, one, key_of_one, id, word = found.groups()
        if word is not None and word not in words:
            continue
        yield text[at : found.start()]
        at = found.end()
        if word is not None:
            yield Place(word)
        else:
            yield Place(many or one, ContextKey(key or key_of_one), id or "")
    yield text[at:]


def keys_in(text: str) -> list[ContextKey]:
    """The keys that the places name, each once, in order of appearance."""
    return list(dict.fromkeys(part.key for part in parts_of(text) if isinstance(part, Place) and part.key is not None))


def facts_in(text: str) -> list[FactName]:
    """The facts that the places name one by one, each once."""
    named = (part for part in parts_of(text) if isinstance(part, Place) and part.kind == "fact")
    return list(dict.fromkeys((part.key, part.id) for part in named if part.key is not None))


def shown(fact: Fact) -> str:
    """Id and content as one line of JSON; `<` is escaped, so that no fact can end the block that it stands in."""
    content = {"text": fact.text} if fact.text is not None else {"family": fact.payload.family, "content": fact.payload.value}
    return canonical({"id": fact.id} | content).replace("<", "\\u003c")


def id_of(template: str, context: Context, words: Mapping[str, str]) -> str:
    """The id in a context."""
    named = "".join(part if isinstance(part, str) else _word(part, words) for part in parts_of(template, tuple(words)))
    return expand(named, context)


def _word(place: Place, words: Mapping[str, str]) -> str:
    if place.key is None:
        return words[place.kind]
    return f"{{{place.kind}:{place.key}{f'/{place.id}' if place.id else ''}}}"
