"""Whether a failed effect is tried once more, and after how long."""

from random import Random

import msgspec

from runs.suggestors.providers.provider import ErrorKind, Provider, ProviderError


class Backoff(msgspec.Struct, frozen=True):
    """Seconds before the second attempt, doubled for each further one up to `most`."""

    first: float
    most: float

    def after(self, attempt: int) -> float:
        """Seconds after that attempt, without jitter."""
        return min(self.most, self.first * 2.0 ** (attempt - 1))


#: The kinds of errors that pass; all others stay as they are.
BACKOFFS = {
    ErrorKind.RATE_LIMIT: Backoff(1.0, 60.0),
    ErrorKind.TRANSIENT: Backoff(0.5, 30.0),
    ErrorKind.TIMEOUT: Backoff(0.5, 30.0),
}


def pause_before_next(error: ProviderError, provider: Provider, attempt: int, elapsed: float, random: Random) -> float | None:
    """Seconds to wait after the failed `attempt`, or None if it was the last one.

    What may have been done already is repeated by idempotent providers only. The pause is at least what the provider
    asks for, and between half and the whole of the backoff otherwise; it never reaches past the deadline.
    """
    backoff, terms = BACKOFFS.get(error.kind), provider.terms
    if backoff is None or attempt >= terms.max_attempts or (error.may_be_done and not provider.idempotent):
        return None
    pause = backoff.after(attempt) * (0.5 + random.random() / 2)
    if error.retry_after is not None:
        pause = max(pause, error.retry_after)
    return pause if elapsed + pause < terms.deadline_seconds else None
