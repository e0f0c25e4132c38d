"""Reading what servers say."""

import pytest

from runs.suggestors.providers.reading import seconds_after
from runs.suggestors.providers.scrubbing import Scrubber

NOON = 1_445_412_480.0  # Wed, 21 Oct 2015 07:28:00 GMT


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        ("0", 0.0),
        ("-7", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("Wed, 21 Oct 2015 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2015 07:28:30", 30.0),
        ("Wed, 21 Oct 2015 07:00:00 GMT", 0.0),
        ("٧", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header, seconds):
    assert seconds_after(header, NOON) == seconds


@pytest.mark.parametrize(
    ("said", "scrubbed"),
    [
        ("your key is sk-123456!", "your key is •••!"),
        ("Bearer sk-123456", "•••"),
        ({"sk-123456": ["sk-123456", 1, None]}, {"•••": ["•••", 1, None]}),
        ("Bearer", "•••"),
        ("a bear", "a bear"),
    ],
)
def test_secrets_and_their_words_are_replaced(said, scrubbed):
    assert Scrubber(["Bearer sk-123456"]).value(said) == scrubbed


def test_what_is_too_short_for_a_secret_stays():
    assert Scrubber(["abc"]).value("abc") == "abc"
