"""YAML for documents: the JSON values in YAML 1.2's core schema, and nothing else.

`yes`, `no`, `on`, `12:30` and dates are text. Anchors, aliases, tags and further documents are refused: a document is
a tree, and its size says what it costs to read.
"""

import re
from typing import Any

import yaml

from runs.suggestors.storable import DEEPEST, object_of

_WORDS: dict[str, Any] = {"": None, "~": None}
for _word, _value in {"null": None, "true": True, "false": False}.items():
    _WORDS |= dict.fromkeys((_word, _word.title(), _word.upper()), _value)
_WORDS |= {form: float("nan") for form in (".nan", ".NaN", ".NAN")}
_WORDS |= {sign + form: float(sign + "inf") for sign in ("", "+", "-") for form in (".inf", ".Inf", ".INF")}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def plain_value(text: str) -> Any:
    """What a scalar without quotes stands for."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) < 40 else 10**40
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0) if len(text) < 40 else 10**40
    return float(text) if _NUMBER.fullmatch(text) else text


class _Open:
    """A list or an object that is not closed yet; in an object names and values take turns."""

    def __init__(self, is_object: bool) -> None:
        self.is_object = is_object
        self.items: list[Any] = []

    @property
    def wants_name(self) -> bool:
        return self.is_object and len(self.items) % 2 == 0

    def close(self) -> Any:
        if not self.is_object:
            return self.items
        return object_of(list(zip(self.items[::2], self.items[1::2], strict=True)))


class _Builder:
    """Makes a value from YAML's events."""

    def __init__(self) -> None:
        self.open: list[_Open] = [_Open(is_object=False)]
        self.documents = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _refused("a second document", event)
        elif isinstance(event, yaml.AliasEvent):
            raise _refused("an alias", event)
        elif isinstance(event, yaml.NodeEvent):
            self._take_node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self.open.pop()
            self.open[-1].items.append(done.close())

    def _take_node(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            raise _refused("an anchor", event)
        if getattr(event, "tag", None) is not None:
            raise _refused("a tag", event)
        within = self.open[-1]
        if isinstance(event, yaml.ScalarEvent):
            is_plain = event.implicit[0] and not within.wants_name
            within.items.append(plain_value(event.value) if is_plain else event.value)
        elif within.wants_name:
            raise _refused("a name that is not text", event)
        elif len(self.open) > DEEPEST + 1:
            raise YamlRefused(f"nested deeper than {DEEPEST} levels{_place(event)}")
        else:
            self.open.append(_Open(isinstance(event, yaml.MappingStartEvent)))


def load_yaml(text: str) -> Any:
    """Read a document; raises `YamlRefused` or `yaml.YAMLError`."""
    builder = _Builder()
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        builder.take(event)
    (value,) = builder.open[0].items or [None]
    return value


class _Dumper(yaml.CSafeDumper):
    """Quotes whatever `plain_value` would read as something else than text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None if isinstance(plain_value(text), str) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _represent_text)


def dump_yaml(value: Any) -> str:
    """Write a JSON value so that `load_yaml`, and any other reader of YAML, gets it back."""
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100_000)


def _refused(what: str, event: yaml.Event) -> "YamlRefused":
    return YamlRefused(f"{what} is not allowed here{_place(event)}")


def _place(event: yaml.Event) -> str:
    mark = event.start_mark
    return f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""


class YamlRefused(ValueError):
    """YAML that is more than a tree of JSON values."""
