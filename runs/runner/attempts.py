"""Attempts at effects: what was asked, how often, and what came of it in the end."""

import threading
from collections.abc import Callable
from functools import partial

import msgspec

from runs.engine.effects import EffectRequest, EffectResult
from runs.engine.wire import NotCanonical, canonical, storable
from runs.models import EffectPhase
from runs.runner.hands import Hand
from runs.runner.quotas import Quota
from runs.suggestors.providers import Call, ErrorKind, Provider, ProviderError
from runs.suggestors.providers.scrubbing import Scrubber

#: Characters of a result's JSON, at most.
MOST = 16 * 2**20
#: How many seconds after its time-out an attempt is given up that did not end itself.
GRACE = 1.0

Outcome = tuple[EffectPhase, EffectResult]
Said = EffectResult | ProviderError
Tell = Callable[[tuple[str, int, Said]], None]
Pause = Callable[[threading.Event, float], bool]


class Attempts:
    """All attempts at one effect, of which at most one is under way; `name` is its identity, `key` that towards the provider."""

    def __init__(self, name: str, key: str, request: EffectRequest, provider: Provider, quota: Quota) -> None:
        self.name, self.key, self.request, self.provider, self.quota = name, key, request, provider, quota
        self.count = 0
        self.begun_at = self.ready_at = self.given_up_at = 0.0
        self._hand: Hand | None = None
        self._over = threading.Event()
        self._ticket: int | None = None

    @property
    def under_way(self) -> bool:
        """Whether the provider is being asked."""
        return self._hand is not None

    @property
    def turns_at(self) -> float:
        """When something is to be done about it, if nobody says anything before."""
        return self.given_up_at if self.under_way else self.ready_at

    def elapsed(self, now: float) -> float:
        """Seconds since the first attempt began."""
        return now - self.begun_at if self.count else 0.0

    def take(self, hand: Hand, now: float) -> bool:
        """Take the hand for the next attempt, unless the quota says to wait; raises `ProviderError` if it says no."""
        pause, ticket = self.quota.take()
        if pause:
            self.ready_at = now + pause
            return False
        self._hand, self._ticket = hand, ticket
        self.count += 1
        self.begun_at = self.begun_at if self.count > 1 else now
        self.given_up_at = now + self._seconds(now) + GRACE
        return True

    def begin(self, tell: Tell, pause: Pause, now: float) -> None:
        """Ask, in a thread."""
        assert self._hand is not None
        self._over = threading.Event()
        call = Call(self.request, self.key, self.count, self._seconds(now), partial(pause, self._over))
        self._hand.begin(partial(_ask, self.name, self.provider, call, tell))

    def _seconds(self, now: float) -> float:
        terms = self.provider.terms
        return min(terms.timeout_seconds, max(0.001, terms.deadline_seconds - self.elapsed(now)))

    def close(self) -> None:
        """End the attempt that is under way, as far as we are concerned."""
        self._over.set()
        if self._hand is not None:
            self._hand.give_up()
            self._hand = None
            self.quota.give_back(self._ticket)

    def late(self) -> ProviderError:
        """What is told of an attempt that does not end itself."""
        return ProviderError(ErrorKind.TIMEOUT, f"no answer within {self.provider.terms.timeout_seconds:g} seconds", may_be_done=True)

    def outcome(self, said: Said, now: float) -> Outcome:
        """The result as it is recorded: with its attempts and its latency, and an error without secrets."""
        result = EffectResult(error=str(said)) if isinstance(said, ProviderError) else said
        error = result.error
        if error is not None:
            error = storable(Scrubber(self.provider.secrets).text(error))
        latency = result.latency_ms or round(self.elapsed(now) * 1000)
        denied = isinstance(said, ProviderError) and said.kind is ErrorKind.DENIED
        result = msgspec.structs.replace(result, error=error, attempts=max(1, self.count), latency_ms=latency)
        return EffectPhase.DENIED if denied else EffectPhase.RESOLVED, result


def _ask(name: str, provider: Provider, call: Call, tell: Tell) -> None:
    """Ask once, and tell what was said."""
    try:
        said: Said = _sound(provider.answer(call))
    except ProviderError as error:
        said = error
    except Exception as error:  # noqa: BLE001 -- whatever a provider raises is its answer
        said = EffectResult(error=f"{type(error).__name__}: {error}")
    tell((name, call.attempt, said))


def _sound(result: EffectResult) -> EffectResult:
    """The result, if a journal can hold it; raises `ProviderError`."""
    try:
        length = len(canonical([result.content()]))
    except NotCanonical as error:
        raise ProviderError(ErrorKind.MALFORMED, f"the answer cannot be stored: {error}") from error
    if length > MOST:
        raise ProviderError(ErrorKind.TOO_LARGE, f"the answer has {length} characters; {MOST} are allowed")
    return result
