"""References to what a fact is about: `scheme://kind/id`."""

import re
from typing import Self

import msgspec

APOSTROPHE, QUOTE = "'", '"'
_BAD_START = re.compile(r"[^a-z]")
_BAD_CHARACTER = re.compile(r"[^a-z0-9-]")
_BAD_IN_ID = re.compile("[/\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


class SubjectRef(msgspec.Struct, frozen=True, order=True):
    """A canonical reference; scheme and kind are lower-case labels, the id is kept verbatim."""

    scheme: str
    kind: str
    id: str

    @classmethod
    def new(cls, scheme: str, kind: str, id: str) -> Self:
        """Build one; raises `SubjectInvalid` naming the first bad character, checking scheme, kind, id in turn."""
        scheme, kind = _ascii_lower(scheme), _ascii_lower(kind)
        _check_label("scheme", scheme)
        _check_label("kind", kind)
        if not id:
            raise SubjectInvalid("subject id is empty")
        if bad := _BAD_IN_ID.search(id):
            raise SubjectInvalid(f"subject id contains invalid character {_shown(bad.group(), APOSTROPHE)}; disallow '/' and whitespace")
        return cls(scheme, kind, id)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `scheme://kind/id`; raises `SubjectInvalid`."""
        scheme, found, rest = text.partition("://")
        kind, slash, id = rest.partition("/")
        if not found or not slash:
            raise SubjectInvalid(f"could not parse subject ref from {_shown(text, QUOTE)}; expected scheme://kind/id")
        return cls.new(scheme, kind, id)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.kind}/{self.id}"


def _ascii_lower(text: str) -> str:
    return "".join(chr(ord(char) + 32) if "A" <= char <= "Z" else char for char in text)


def _check_label(name: str, label: str) -> None:
    if not label:
        raise SubjectInvalid(f"subject {name} is empty")
    bad = _BAD_START.match(label) or _BAD_CHARACTER.search(label)
    if bad:
        raise SubjectInvalid(f"subject {name} contains invalid character {_shown(bad.group(), APOSTROPHE)}; allow [a-z][a-z0-9-]*")


def _shown(text: str, mark: str) -> str:
    """Show `text` as the original does: what cannot be printed is escaped, and so is the mark itself."""
    escapes = {"\0": "\\0", "\t": "\\t", "\r": "\\r", "\n": "\\n", "\\": "\\\\", mark: "\\" + mark}
    shown = (escapes.get(char) or (char if char.isprintable() else f"\\u{{{ord(char):x}}}") for char in text)
    return mark + "".join(shown) + mark


class SubjectInvalid(ValueError):
    """The text is not a subject reference; the message says where."""
