"""What an edit changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.reading.differences import GONE, NEW, difference


def told(before, after):
    return [(piece.kind, piece.text) for piece in difference(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("a b c", "a x c", [("same", "a "), ("gone", "b"), ("new", "x"), ("same", " c")]),
        ("buy two boats now", "buy one boat now", [("same", "buy "), ("gone", "two boats"), ("new", "one boat"), ("same", " now")]),
        ("a", "a b", [("same", "a"), ("new", " b")]),
        ("a b", "a", [("same", "a"), ("gone", " b")]),
        ("", "a", [("new", "a")]),
    ],
)
def test_texts_differ_by_words(before, after, pieces):
    assert told({"text": before}, {"text": after}) == pieces


def test_other_payloads_differ_by_lines():
    assert told({"cost": 1, "of": "x"}, {"cost": 2, "of": "x"}) == [
        ("same", "{\n"), ("gone", '  "cost": 1,\n'), ("new", '  "cost": 2,\n'), ("same", '  "of": "x"\n}'),
    ]  # fmt: skip


@given(st.text(alphabet="ab \n", max_size=30), st.text(alphabet="ab \n", max_size=30))
def test_both_texts_can_be_read_from_the_pieces(before, after):
    pieces = difference({"text": before}, {"text": after})
    assert "".join(piece.text for piece in pieces if piece.kind != NEW) == before
    assert "".join(piece.text for piece in pieces if piece.kind != GONE) == after
