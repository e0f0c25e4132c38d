"""A batch of effects under way: retries, time-outs, hands, and breaking off."""

import threading
from random import Random

import pytest

from runs.engine import EffectRequest, EffectResult, ToolCall
from runs.models import EffectPhase
from runs.runner.attempts import Attempts
from runs.runner.hands import Hands
from runs.runner.quotas import NO_QUOTA
from runs.runner.rounds import BrokenOff, Halt, Round
from runs.suggestors.providers import ErrorKind, Provider, ProviderError, Terms
from tests.runner.passing import Quick


class Says(Provider):
    """Says one thing after the other: errors are raised, functions called."""

    def __init__(self, *said, idempotent=True, secrets=(), **terms) -> None:
        self.said, self.idempotent, self.secrets, self.terms = said, idempotent, secrets, Terms(**terms)
        self.calls = []

    def answer(self, call):
        self.calls.append(call)
        said = self.said[min(call.attempt, len(self.said)) - 1]
        said = said(call) if callable(said) else said
        if isinstance(said, Exception):
            raise said
        return EffectResult(said)


class Book:
    """What is committed, in order."""

    def __init__(self) -> None:
        self.begun, self.outcomes, self.pages = [], {}, []

    def __call__(self, begins, outcomes):
        self.pages.append(([one.name for one in begins], list(outcomes)))
        self.begun += [one.name for one in begins]
        self.outcomes |= outcomes


def error(kind, **more) -> ProviderError:
    return ProviderError(ErrorKind(kind), "x", **more)


def attempts(**providers) -> list[Attempts]:
    return [
        Attempts(name, f"key-{name}", EffectRequest(0, name, 1, 0, ToolCall("t", name)), provider, getattr(provider, "quota", NO_QUOTA))
        for name, provider in providers.items()
    ]


def go(*, halted=lambda: None, hands=4, passing=None, book=None, **providers):
    book = Book() if book is None else book
    taken = Hands(hands)
    found = Round(attempts(**providers), hands=taken, passing=passing or Quick(), random=Random(1)).go(book, halted)
    assert book.outcomes == found
    assert all(taken.take() for _ in range(hands)), "every hand is free again"
    return found


@pytest.mark.parametrize("count", [1, 3, 40])
def test_each_effect_has_its_outcome_whatever_the_number_of_hands(count):
    names = [f"e{n}" for n in range(count)]
    found = go(**{name: Says(name) for name in names})
    assert {name: result.output for name, (_, result) in found.items()} == {name: name for name in names}
    assert {phase for phase, _ in found.values()} == {EffectPhase.RESOLVED}


def test_beginnings_are_committed_before_anybody_is_asked():
    book = Book()
    go(book=book, a=Says(lambda call: "a" in book.begun), b=Says(lambda call: "b" in book.begun))
    assert [result.output for _, result in book.outcomes.values()] == [True, True]
    assert book.begun == ["a", "b"]


def test_what_passes_is_asked_again_under_the_same_key_and_attempts_are_counted():
    provider = Says(error("transient"), error("rate_limit", retry_after=40.0), "done")
    passing = Quick()
    ((_, result),) = go(a=provider, passing=passing).values()
    assert (result.output, result.attempts) == ("done", 3)
    assert [(call.attempt, call.key) for call in provider.calls] == [(1, "key-a"), (2, "key-a"), (3, "key-a")]
    assert max(passing.naps) == pytest.approx(40.0)
    assert result.latency_ms == round(passing.seconds * 1000)


def test_it_begins_once_in_the_journal_however_often_it_is_tried():
    book = Book()
    go(book=book, a=Says(error("transient"), "done"))
    assert book.pages == [(["a"], []), ([], ["a"])]


@pytest.mark.parametrize(
    ("said", "attempts", "phase", "words"),
    [
        (error("transient"), 4, "resolved", "transient: x"),
        (error("permanent"), 1, "resolved", "permanent: x"),
        (error("denied"), 1, "denied", "denied: x"),
        (error("rate_limit", retry_after=3600.0), 1, "resolved", "rate_limit: x"),
        (KeyError("no"), 1, "resolved", "KeyError: 'no'"),
        (lambda call: {1, 2}, 1, "resolved", "malformed: the answer cannot be stored"),
        (lambda call: float("nan"), 1, "resolved", "malformed: the answer cannot be stored"),
        (lambda call: "x" * 1_000, 1, "resolved", "too_large: the answer has"),
    ],
    ids=["transient", "permanent", "denied", "patience", "raised", "set", "nan", "huge"],
)
def test_what_fails_in_the_end_is_told_with_its_kind(said, attempts, phase, words, monkeypatch):
    monkeypatch.setattr("runs.runner.attempts.MOST", 1_000)
    (((found, result)),) = go(a=Says(said)).values()
    assert (found, result.attempts, words in result.error) == (phase, attempts, True)


def test_secrets_are_scrubbed_from_errors():
    ((_, result),) = go(a=Says(RuntimeError("bad key sk-123456"), secrets=("sk-123456",))).values()
    assert result.error == "RuntimeError: bad key •••"


def test_who_hangs_is_given_up_after_the_time_out_and_asked_again():
    over = threading.Event()
    provider = Says(lambda call: over.wait(30), "at last", timeout_seconds=10.0)
    passing = Quick(0.5)
    ((_, result),) = go(a=provider, passing=passing, hands=1).values()
    assert (result.output, result.attempts) == ("at last", 2)
    assert passing.seconds > 10
    over.set()


def test_who_hangs_and_may_not_be_asked_twice_has_timed_out():
    over = threading.Event()
    ((_, result),) = go(a=Says(lambda call: over.wait(30), idempotent=False, timeout_seconds=10.0), passing=Quick(0.1)).values()
    assert (result.error, result.attempts) == ("timeout: no answer within 10 seconds", 1)
    over.set()


def test_all_attempts_together_meet_the_deadline():
    passing, over = Quick(0.1), threading.Event()
    ((_, result),) = go(a=Says(lambda call: over.wait(30), deadline_seconds=25.0, timeout_seconds=10.0), passing=passing).values()
    assert result.error.startswith("timeout")
    assert passing.seconds <= 25 + 2
    over.set()


def test_an_answer_that_comes_after_it_was_given_up_is_not_heard():
    over, late = threading.Event(), threading.Event()

    def slow(call):
        over.wait(30)
        late.set()
        return "too late"

    def second(call):
        over.set()
        late.wait(30)
        return "second"

    ((_, result),) = go(a=Says(slow, second, timeout_seconds=5.0), passing=Quick(0.5)).values()
    assert result.output == "second"


def test_cancelling_breaks_off_at_once_whatever_hangs():
    over, book = threading.Event(), Book()
    hanging = Says(lambda call: over.wait(30), idempotent=False)
    with pytest.raises(BrokenOff) as caught:
        Round(attempts(a=Says("done"), b=hanging), hands=Hands(2)).go(book, lambda: Halt.CANCEL if "a" in book.outcomes else None)
    assert (caught.value.halt, [one.name for one in caught.value.begun], list(book.outcomes)) == ("cancel", ["b"], ["a"])
    assert hanging.calls[0].pause(0)
    over.set()


def test_what_never_began_is_not_among_what_was_broken_off():
    over, book, waiting = threading.Event(), Book(), Says("never")
    with pytest.raises(BrokenOff) as caught:
        Round(attempts(a=Says(lambda call: over.wait(30)), b=waiting), hands=Hands(1)).go(book, lambda: Halt.CANCEL)
    assert ([one.name for one in caught.value.begun], book.begun, waiting.calls) == (["a"], ["a"], [])
    over.set()


def test_stopping_waits_for_what_may_not_be_repeated():
    book, hand = Book(), threading.Event()

    def answer(call):
        hand.wait(30)
        return "done"

    def halted():
        hand.set()
        return Halt.STOP

    over = threading.Event()
    with pytest.raises(BrokenOff) as caught:
        Round(attempts(a=Says(answer, idempotent=False), b=Says(lambda call: over.wait(30))), hands=Hands(2)).go(book, halted)
    assert (caught.value.halt, [one.name for one in caught.value.begun], list(book.outcomes)) == ("stop", ["b"], ["a"])
    over.set()


def test_when_a_commit_fails_nobody_is_asked_and_all_hands_are_free():
    def lost(begins, outcomes):
        raise RuntimeError("lost")

    provider, hands = Says("x"), Hands(1)
    with pytest.raises(RuntimeError):
        Round(attempts(a=provider), hands=hands, passing=Quick()).go(lost, lambda: None)
    assert not provider.calls
    assert hands.take()


class Turnstile:
    """A quota of one at a time; every other call has to wait first."""

    def __init__(self) -> None:
        self.inside, self.most, self.asked = 0, 0, 0

    def take(self):
        self.asked += 1
        if self.inside or self.asked % 2:
            return 3.0, None
        self.inside += 1
        self.most = max(self.most, self.inside)
        return 0.0, self.asked

    def give_back(self, ticket):
        self.inside -= ticket is not None


def test_a_quota_is_taken_and_given_back_and_waiting_for_it_takes_no_hand():
    quota, free = Turnstile(), Says("free")
    limited = {f"e{n}": Says(n) for n in range(4)}
    for provider in limited.values():
        provider.quota = quota
    found = go(hands=1, **limited, free=free)
    assert (len(found), quota.most, quota.inside) == (5, 1, 0)


def test_a_quota_that_says_no_denies():
    class Closed(Turnstile):
        def take(self):
            raise error("denied")

    provider = Says("x")
    provider.quota = Closed()
    ((phase, result),) = go(a=provider).values()
    assert (phase, result.error, provider.calls) == ("denied", "denied: x", [])
