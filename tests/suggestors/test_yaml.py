"""YAML: JSON values in the core schema, nothing else, and back without loss."""

import json
import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from runs.suggestors import DocumentInvalid
from runs.suggestors.text import parse
from runs.suggestors.yaml_text import dump_yaml, plain_value

SAME = {
    "text": [
        "yes",
        "no",
        "on",
        "off",
        "y",
        "12:30:45",
        "2026-11-22",
        "1_000",
        "0b1",
        "0o8",
        "<<",
        "=",
        "TRue",
        "1.2.3",
        "+",
        ".",
        "e5",
        "NaN",
    ],
    "none": ["", "~", "null", "Null", "NULL"],
}


@pytest.mark.parametrize("text", SAME["text"])
def test_what_looks_special_in_older_yaml_is_text(text):
    assert plain_value(text) == text


@pytest.mark.parametrize("text", SAME["none"])
def test_nothing_is_null(text):
    assert plain_value(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("1", 1), ("-7", -7), ("+3", 3), ("007", 7), ("0o17", 15), ("0xfF", 255), ("true", True), ("False", False)),
        *(("1.0", 1.0), ("1.", 1.0), (".5", 0.5), ("-1e3", -1000.0), ("1E-7", 1e-07), (".inf", math.inf), ("-.INF", -math.inf)),
    ],
)
def test_numbers_and_truth_are_read(text, value):
    assert (plain_value(text), type(plain_value(text))) == (value, type(value))


@pytest.mark.parametrize("text", ["'1'", '"true"', "|-\n  null"])
def test_quotes_and_blocks_make_text(text):
    assert isinstance(parse(f"a: {text}", "yaml")["a"], str)


def test_names_are_always_text():
    assert parse("1: a\nyes: b\nnull: c", "yaml") == {"1": "a", "yes": "b", "null": "c"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &x 1\nb: 2", "an anchor is not allowed here (line 1, column 4)"),
        ("a: 1\nb: *x", "an alias is not allowed here (line 2, column 4)"),
        ("a: !!python/object:os.system {}", "a tag is not allowed here (line 1, column 4)"),
        ("a: !!str 1", "a tag is not allowed here"),
        ("a: 1\n---\nb: 1", "a second document is not allowed here (line 2, column 1)"),
        ("? [a]\n: 1", "a name that is not text is not allowed here (line 1, column 3)"),
        ("? {a: 1}\n: 1", "a name that is not text is not allowed here"),
        ("a: [1, 2", "not YAML: did not find expected ',' or ']'"),
        ("a: 'x", "not YAML: found unexpected end of stream"),
        ("a:\x01", "not YAML"),
        ("- " * 200 + "1", "nested deeper than 64 levels"),
        ("a: " + "[" * 5000, "nested deeper than 64 levels"),
        ("\ud800", "lone surrogate"),
    ],
)
def test_more_than_a_tree_of_values_is_refused(text, message):
    with pytest.raises(DocumentInvalid) as caught:
        parse(text, "yaml")
    assert message in str(caught.value)


def test_a_bomb_of_aliases_does_not_go_off():
    levels = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    with pytest.raises(DocumentInvalid, match="an anchor is not allowed here"):
        parse("\n".join(levels), "yaml")


def test_the_format_is_seen_by_the_first_character():
    assert parse('\ufeff {"a": 1}') == parse("a: 1") == {"a": 1}
    with pytest.raises(DocumentInvalid, match="not JSON"):
        parse("{a: 1}")
    assert parse("{a: 1}", "yaml") == {"a": 1}


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.sampled_from(
    [*SAME["text"], *SAME["none"], "0o17", "1e5", "08", "\x85", "\u2028"]
)
LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12)


@given(VALUES)
def test_what_was_written_is_read_back(value):
    assert json.dumps(parse(dump_yaml(value), "yaml")) == json.dumps(value)


@given(VALUES)
def test_other_readers_get_the_same(value):
    assert json.dumps(yaml.safe_load(dump_yaml(value))) == json.dumps(value)
