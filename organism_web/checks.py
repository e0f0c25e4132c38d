"""Settings that must not be: found by `manage.py check`, by every command that runs, and by the web server as it starts."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from organism_web.sqlite import has_wal_reset_race

SHORTEST_KEY = 50
FEWEST_CHARACTERS = 5


def _is_weak(key: str) -> bool:
    return len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS or key.startswith("django-insecure")


def _serves_any_host() -> bool:
    return not settings.ALLOWED_HOSTS or any(host.startswith("*") for host in settings.ALLOWED_HOSTS)


def _trusts_plain_http() -> bool:
    return any(not origin.startswith("https://") for origin in settings.CSRF_TRUSTED_ORIGINS)


# What production refuses: the check's id, whether it is so, what it says, what to do.
REFUSED_IN_PRODUCTION: tuple[tuple[str, Callable[[], bool], str, str], ...] = (
    ("organism.E001", lambda: settings.DEBUG, "DEBUG is on.", "Unset DEBUG: its pages show settings and source to visitors."),
    ("organism.E002", lambda: _is_weak(settings.SECRET_KEY), "SECRET_KEY is weak.", "Unset it, and a strong one is made and kept."),
    ("organism.E003", lambda: _is_weak(settings.JOURNAL_KEY), "JOURNAL_KEY is weak.", "Unset it, and a strong one is made and kept."),
    (
        "organism.E007",
        lambda: any(map(_is_weak, settings.SEALING_KEYS)),
        "One of SEALING_KEYS is weak.",
        "Unset it, and a strong one is made and kept.",
    ),
    ("organism.E004", _serves_any_host, "ALLOWED_HOSTS names no host, or all.", "Name the hosts that you serve."),
    ("organism.E005", lambda: settings.SECURE_HSTS_SECONDS <= 0, "HSTS_SECONDS is not positive.", "Unset it, or give a number above 0."),
    ("organism.E006", _trusts_plain_http, "TRUSTED_ORIGINS has an origin without HTTPS.", "Begin each with https://."),
)


@register
def production_is_safe(**_: Any) -> list[CheckMessage]:
    """With PRODUCTION=1 unsafe values are errors, so nothing starts."""
    return list(_refusals()) if settings.PRODUCTION else []


@register
def sqlite_is_current(**_: Any) -> list[CheckMessage]:
    """An old SQLite is named aloud, where SQLite is what keeps the data."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") or not has_wal_reset_race():
        return []
    hint = "Use a platform that pysqlite3 has a wheel for, a newer system SQLite, or PostgreSQL."
    return [checks.Warning("This SQLite can lose writes when several processes write at once.", hint=hint, id="organism.W001")]


def refuse_unsafe_settings() -> None:
    """Raise what `manage.py check` would print; for the web server, which starts without a command."""
    if problems := production_is_safe():
        raise ImproperlyConfigured("\n".join(map(str, problems)))


def _refusals() -> Iterator[CheckMessage]:
    for identity, is_so, message, hint in REFUSED_IN_PRODUCTION:
        if is_so():
            yield Error(message, hint=hint, id=identity)
