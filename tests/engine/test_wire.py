"""Canonical JSON, and what has none."""

import json
import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import wire
from runs.engine.wire import MOST_NESTED, NotCanonical, canonical, decode, quote, storable

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12)


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1, "1"),
        (1.0, "1.0"),
        (True, "true"),
        (None, "null"),
        (1e16, "1e+16"),
        (1e-7, "1e-07"),
        (1e-5, "1e-05"),
        (123456789012345.0, "123456789012345.0"),
        (-0.0, "-0.0"),
        (2**64 - 1, "18446744073709551615"),
        (-(2**63), "-9223372036854775808"),
        ({"b": 1, "a": [2, {}]}, '{"b":1,"a":[2,{}]}'),
        ("é/\u007f\u2028", '"é/\u007f\u2028"'),
        ('\b\t\n\f\r\x00\x1f"\\', r'"\b\t\n\f\r\u0000\u001f\"\\"'),
    ],
)
def test_each_value_is_written_one_way(value, written):
    assert canonical(value) == written


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, 2**64, -(2**63) - 1, [2**70], {"a": {"b": 2**64}}, "\ud800", {"\udfff": 1}, object(), {1, 2}, b"x"],
    ids=lambda value: type(value).__name__,
)
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(NotCanonical):
        canonical(value)


@pytest.mark.parametrize("key", [1, 1.5, None, True])
def test_a_key_that_is_not_text_is_refused_for_it_would_be_read_back_as_another(key):
    with pytest.raises(NotCanonical, match="a key must be text"):
        canonical({"a": [{key: 1, "1": 2}]})


def test_a_value_that_contains_itself_is_refused():
    loop = []
    loop.append([loop, loop])
    with pytest.raises(NotCanonical):
        canonical(loop)


def test_nesting_has_a_limit_that_does_not_depend_on_the_caller():
    assert decode(canonical(nested(MOST_NESTED))) == nested(MOST_NESTED)
    for depth in (MOST_NESTED + 1, 700, 100_000):
        with pytest.raises(NotCanonical):
            canonical(nested(depth))


@given(values)
def test_it_is_what_any_reader_reads(value):
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(decode(written)) == written


@given(texts)
def test_quoting_a_text_is_its_canonical_form(words):
    assert quote(words) == canonical(words)


@pytest.mark.parametrize(
    "broken",
    ["NaN", "Infinity", "1e400", '"\\ud800"', "[1,]", '{"a":1', "", b'"\xff"', '"\ud800"', "[" * 100_000],
    ids=lambda it: repr(it)[:20],
)
def test_reading_is_strict(broken):
    with pytest.raises(msgspec.DecodeError):
        decode(broken)


def test_what_can_be_stored_is_left_alone_and_the_rest_is_marked():
    assert storable("é\x00☂") == "é\x00☂"
    assert storable("a\ud800b") == "a?b"


def test_a_body_is_a_run_of_members_in_order():
    body = wire.event("progress", "RunStarted", 0, None, {"seeds": 1}, ',"more":true')
    assert list(decode("{" + body + "}")) == ["family", "kind", "cycle", "suggestor", "event", "more"]
