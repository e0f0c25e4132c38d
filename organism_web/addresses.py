"""Turns the addresses of the environment into what Django asks for: database, channel layer, cache, mail."""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zlib import crc32

from django.core.exceptions import ImproperlyConfigured

from organism_web.environment import ROOT

SQLITE_OPTIONS = {
    # IMMEDIATE takes the write lock at BEGIN: a transaction that reads first and writes later never loses its work to another.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # Each table and each length of a bulk statement is a statement of its own: none is prepared twice.
    "cached_statements": 512,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;",
}


def database(url: str, *, state: Path, pool: int) -> dict[str, Any]:
    """The settings of one database, SQLite in the state folder when there is no address."""
    if not url:
        return _sqlite(state / "organism.sqlite3", state)
    parts = urlsplit(url)
    match parts.scheme:
        case "sqlite":
            return _sqlite(ROOT / unquote(parts.path).removeprefix("/"), state)
        case "postgres" | "postgresql":
            return _postgresql(parts, pool)
    raise ImproperlyConfigured(f"DATABASE_URL begins with {parts.scheme!r}; known are sqlite:/// and postgres://.")


def channel_layer(redis: str) -> dict[str, Any]:
    """What carries rings of the doorbell between processes; within this one when there is no Redis."""
    if not redis:
        return {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    return {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [redis]}}


def cache(redis: str) -> dict[str, Any]:
    """Where counts of attempts and other short-lived things stand."""
    if not redis:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis}


def mail(url: str, *, state: Path) -> dict[str, Any]:
    """The mail settings: SMTP, or one file for each message where no server is named."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(state / "mail")}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps"):
        raise ImproperlyConfigured(f"EMAIL_URL begins with {parts.scheme!r}; known are smtp:// and smtps://.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
    }


def _sqlite(path: Path, state: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": SQLITE_OPTIONS,
        # A file, because threads cannot share the in-memory database that Django would take for tests.
        "TEST": {"NAME": str(state / "test.sqlite3")},
    }


def _postgresql(parts: SplitResult, pool: int) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # The pool keeps the connections; Django must not keep one for each thread as well.
        "CONN_MAX_AGE": 0,
        # The pool looks at a connection before it hands it out: after a restart of the server no request meets a broken one.
        "CONN_HEALTH_CHECKS": True,
        # Two working copies on one machine must not clear each other's test database.
        "TEST": {"NAME": f"test_organism_{crc32(bytes(ROOT)):08x}"},
        "OPTIONS": {"pool": {"min_size": 1, "max_size": pool, "timeout": 20}} | dict(parse_qsl(parts.query)),
    }
