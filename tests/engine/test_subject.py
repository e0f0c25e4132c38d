"""Subject references: `scheme://kind/id`, and what is wrong with those that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine.subject import SubjectInvalid, SubjectRef

labels = st.from_regex(r"[a-zA-Z][a-zA-Z0-9-]{0,8}", fullmatch=True)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("", "k", "i"), "subject scheme is empty"),
        (("s", "", "i"), "subject kind is empty"),
        (("s", "k", ""), "subject id is empty"),
        (("1s", "k", "i"), "subject scheme contains invalid character '1'; allow [a-z][a-z0-9-]*"),
        (("-s", "k", "i"), "subject scheme contains invalid character '-'; allow [a-z][a-z0-9-]*"),
        (("s", "k_k", "i"), "subject kind contains invalid character '_'; allow [a-z][a-z0-9-]*"),
        (("s", "ké", "i"), "subject kind contains invalid character 'é'; allow [a-z][a-z0-9-]*"),
        (("s", "k'", "i"), r"subject kind contains invalid character '\''; allow [a-z][a-z0-9-]*"),
        (("s", "k", "a/b"), "subject id contains invalid character '/'; disallow '/' and whitespace"),
        (("s", "k", "a\tb"), r"subject id contains invalid character '\t'; disallow '/' and whitespace"),
        (("s", "k", "a\u00a0b"), r"subject id contains invalid character '\u{a0}'; disallow '/' and whitespace"),
        (("", "", ""), "subject scheme is empty"),
        (("s", "", ""), "subject kind is empty"),
    ],
)
def test_it_names_the_first_thing_that_is_wrong(parts, message):
    with pytest.raises(SubjectInvalid) as refused:
        SubjectRef.new(*parts)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("written", "shown"), [("a://k", '"a://k"'), ("a:/k/i", '"a:/k/i"'), ("", '""'), ('q"\\', r'"q\"\\"'), ("it's", '"it\'s"')]
)
def test_what_cannot_be_split_is_malformed(written, shown):
    with pytest.raises(SubjectInvalid) as refused:
        SubjectRef.parse(written)
    assert str(refused.value) == f"could not parse subject ref from {shown}; expected scheme://kind/id"


def test_the_id_is_kept_verbatim_and_may_hold_any_script():
    assert str(SubjectRef.parse("CRM://Deal/Ünïcode:\x1c42")) == "crm://deal/Ünïcode:\x1c42"


def test_it_splits_at_the_first_marks_only():
    with pytest.raises(SubjectInvalid, match="subject id contains invalid character '/'"):
        SubjectRef.parse("a://b/c://d")


def test_only_ascii_letters_are_lowered():
    with pytest.raises(SubjectInvalid, match="'É'"):
        SubjectRef.new("s", "É", "i")


def test_references_are_ordered_by_scheme_kind_id():
    written = ["b://a/a", "a://b/a", "a://a/b", "a://a/a"]
    assert [str(ref) for ref in sorted(map(SubjectRef.parse, written))] == sorted(written)


@given(labels, labels, st.text(st.characters(exclude_categories=["Zs", "Zl", "Zp", "Cc", "Cs"], exclude_characters="/"), min_size=1))
def test_what_was_written_is_read_back(scheme, kind, id):
    ref = SubjectRef.new(scheme, kind, id)
    assert SubjectRef.parse(str(ref)) == ref
