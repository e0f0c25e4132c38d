"""Who comes in: the session of the cookie, and what it may see. Asked at the door, and again now and then."""

import asyncio
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import get_user

from runs.live.reads import read
from runs.live.visit import NOT_THERE, Refused, Visit
from runs.reading.following import Followed, followed_run
from runs.reading.members import membership_of

#: Seconds between two looks whether a watcher may still watch.
RECHECK = 60.0

T = TypeVar("T")


async def admitted_to_run(visit: Visit) -> Followed:
    """The run of the address, for a member of its tenant."""
    return await _admitted(visit, lambda user: followed_run(user, visit.argument("tenant"), visit.argument("uuid")))


async def admitted_to_tenant(visit: Visit) -> Any:
    """The visitor's membership in the tenant of the address."""
    return await _admitted(visit, lambda user: membership_of(user, visit.argument("tenant")))


async def stay_admitted(visit: Visit, admitted: Callable[[Visit], Any]) -> None:
    """Ask again and again, until the answer is no."""
    while True:
        await asyncio.sleep(RECHECK)
        await admitted(visit)


async def _admitted(visit: Visit, lookup: Callable[[Any], T]) -> T:
    key = visit.scope.get("cookies", {}).get(settings.SESSION_COOKIE_NAME)
    return await read(lambda: lookup(_user_of(key)))


def _user_of(session: str | None) -> Any:
    """The user of a session that is still good; strangers see what is not there."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(session)
    user = get_user(SimpleNamespace(session=store))  # type: ignore[arg-type]
    if not user.is_authenticated:
        raise Refused(NOT_THERE, "there is nothing here")
    return user
