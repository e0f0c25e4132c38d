"""When a failed effect is tried once more."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.suggestors.providers import ErrorKind, Provider, ProviderError, Terms
from runs.suggestors.providers.retrying import BACKOFFS, pause_before_next

kinds = st.sampled_from(ErrorKind)


class Silent(Provider):
    """Is never asked."""

    def answer(self, call):
        raise AssertionError


def provider(*, idempotent=True, **terms) -> Provider:
    found = Silent()
    found.idempotent, found.terms = idempotent, Terms(**terms)
    return found


def pause(kind, attempt=1, *, elapsed=0.0, seed=0, idempotent=True, retry_after=None, may_be_done=False, **terms):
    error = ProviderError(ErrorKind(kind), "x", retry_after=retry_after, may_be_done=may_be_done)
    return pause_before_next(error, provider(idempotent=idempotent, **terms), attempt, elapsed, Random(seed))


@pytest.mark.parametrize(
    ("kind", "again"),
    [
        *(("rate_limit", True), ("transient", True), ("timeout", True)),
        *(("permanent", False), ("denied", False), ("too_large", False), ("malformed", False)),
    ],
)
def test_only_what_passes_is_tried_again(kind, again):
    assert (pause(kind) is not None) is again


def test_what_may_be_done_is_repeated_by_idempotent_providers_only():
    assert pause("timeout", may_be_done=True, idempotent=False) is None
    assert pause("timeout", may_be_done=True) is not None
    assert pause("rate_limit", idempotent=False) is not None


@given(kinds, st.integers(1, 25), st.integers())
def test_pauses_double_up_to_a_bound_with_jitter_of_a_half(kind, attempt, seed):
    found = pause(kind, attempt, seed=seed, max_attempts=20, deadline_seconds=3_600.0)
    if kind not in BACKOFFS or attempt >= 20:
        assert found is None
    else:
        whole = BACKOFFS[kind].after(attempt)
        assert whole / 2 <= found <= whole <= BACKOFFS[kind].most


@given(kinds, st.integers(1, 25), st.floats(0, 400), st.none() | st.floats(0, 400))
def test_it_waits_at_least_as_asked_and_never_past_the_deadline(kind, attempt, elapsed, retry_after):
    found = pause(kind, attempt, elapsed=elapsed, retry_after=retry_after)
    if found is not None:
        assert found >= (retry_after or 0)
        assert elapsed + found < 300


@given(kinds, st.integers(0, 2**32))
def test_it_ends(kind, seed):
    elapsed, attempt = 0.0, 1
    while (next_pause := pause(kind, attempt, elapsed=elapsed, seed=seed)) is not None:
        elapsed, attempt = elapsed + next_pause, attempt + 1
    assert attempt <= 4


def test_the_same_randomness_gives_the_same_pauses():
    assert pause("transient", seed=5) == pause("transient", seed=5) != pause("transient", seed=6)
