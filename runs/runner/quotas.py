"""How much of a provider a tenant may use at a time, and in a minute; kept in the database, so it holds for all workers."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from runs.models import Provider, ProviderCall
from runs.suggestors.providers import ErrorKind, ProviderError

#: After so many seconds one asks again whether a place is free.
AGAIN = 0.1
#: A bucket holds as many calls as are allowed in so many seconds.
BUCKET = 10
#: A call is given up so long after the time-out of its attempt.
GIVEN_UP = timedelta(seconds=30)


class Quota(Protocol):
    """Whoever says when the next call may begin."""

    def take(self) -> tuple[float, int | None]:
        """Seconds to wait, none if the call may begin now; and a ticket to be given back. Raises `ProviderError` if never."""

    def give_back(self, ticket: int | None) -> None:
        """The call is over."""


class NoQuota:
    """No limit."""

    def take(self) -> tuple[float, int | None]:
        """At once."""
        return 0.0, None

    def give_back(self, ticket: int | None) -> None:
        """Nothing was taken."""


NO_QUOTA = NoQuota()


class StoredQuota:
    """The limits of a provider's row. Whoever takes its turn holds the row's lock, so two never take the same.

    While the database is away nobody begins; a place that could not be given back is free again after a while.
    """

    def __init__(self, provider: Provider, seconds: float) -> None:
        self._pk, self._lasts = provider.pk, timedelta(seconds=seconds) + GIVEN_UP

    def take(self) -> tuple[float, int | None]:
        """Wait for a place first, then for the bucket."""
        try:
            with transaction.atomic():
                return self._take(timezone.now())
        except (OperationalError, InterfaceError):
            return AGAIN, None

    def _take(self, now: datetime) -> tuple[float, int | None]:
        row = Provider.objects.select_for_update().filter(pk=self._pk).first()
        if row is None:
            raise ProviderError(ErrorKind.DENIED, "the provider was removed")
        if row.max_concurrency is not None and row.calls.filter(until__gt=now).count() >= row.max_concurrency:
            return AGAIN, None
        if row.per_minute is not None:
            pause, next_at = bucket(row.per_minute, row.next_at, now)
            if next_at != row.next_at:
                Provider.objects.filter(pk=self._pk).update(next_at=next_at)
            if pause:
                return pause, None
        if row.max_concurrency is None:
            return 0.0, None
        row.calls.filter(until__lte=now).delete()
        return 0.0, row.calls.create(until=now + self._lasts).pk

    def give_back(self, ticket: int | None) -> None:
        """Free the place."""
        if ticket is not None:
            with suppress(OperationalError, InterfaceError):
                ProviderCall.objects.filter(pk=ticket).delete()


def bucket(per_minute: int, full_at: datetime | None, now: datetime) -> tuple[float, datetime]:
    """Seconds until a call may begin, and when the bucket is full again: after the call, if it may begin now.

    A bucket that seems to be emptier than empty was written by a clock that went wrong, and counts as empty.
    """
    each = timedelta(seconds=60 / per_minute)
    room = each * max(1, per_minute * BUCKET // 60)
    full_at = min(max(full_at or now, now), now + room)
    pause = (full_at + each - now - room).total_seconds()
    return (pause, full_at) if pause > 0 else (0.0, full_at + each)
