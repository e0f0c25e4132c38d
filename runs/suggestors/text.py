"""From bytes to JSON values: the text of a document, as JSON or YAML."""

import json
from typing import Any, Literal

import yaml

from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.storable import DEEPEST, object_of
from runs.suggestors.yaml_text import YamlRefused, load_yaml

LARGEST_DOCUMENT = 5_000_000
Format = Literal["json", "yaml"]


def parse(text: str | bytes, format: Format | None = None) -> Any:
    """Return the value; raises `DocumentInvalid`. Without a format, what begins with `{` or `[` is JSON, all else YAML."""
    text = _decoded(text).removeprefix("\ufeff")
    if not text.strip():
        raise _invalid("the document is empty")
    if format is None:
        format = "json" if text.lstrip()[0] in "{[" else "yaml"
    return _json(text) if format == "json" else _yaml(text)


def _decoded(text: str | bytes) -> str:
    try:
        data = text.encode() if isinstance(text, str) else text
        if len(data) > LARGEST_DOCUMENT:
            raise _invalid(f"the document has {len(data)} bytes; the most is {LARGEST_DOCUMENT}")
        return data.decode()
    except UnicodeEncodeError as error:
        raise _invalid(f"the document holds a lone surrogate at character {error.start}") from error
    except UnicodeDecodeError as error:
        raise _invalid(f"the document is not UTF-8: byte {error.start} is 0x{error.object[error.start]:02x}") from error


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=object_of, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise _invalid(f"not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from error
    except RecursionError as error:
        raise _invalid(f"nested deeper than {DEEPEST} levels") from error


def _integer(text: str) -> int:
    """Read an integer; one too long to be read is as good as any other beyond 64 bits."""
    return int(text) if len(text) < 40 else 10**40


def _yaml(text: str) -> Any:
    try:
        return load_yaml(text)
    except YamlRefused as error:
        raise _invalid(str(error)) from error
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        where = f" (line {place.line + 1}, column {place.column + 1})" if place else ""
        raise _invalid(f"not YAML: {getattr(error, 'problem', None) or error}{where}") from error


def _invalid(message: str) -> DocumentInvalid:
    return DocumentInvalid([("", message)])
