"""What the test command runs: one row for each lane, with what it needs and how to get that."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

ROOT: Path = settings.BASE_DIR
STATE = ROOT / ".state" / "test"
SHARED = Path(os.environ.get("ORGANISM_SHARED", ROOT.parent / "shared"))
CONFORMANCE = SHARED / "conformance" / "original.jsonl"
CHROMIUM = Path("/usr/bin/chromium")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
POSTGRES_URLS = (
    [os.environ["TEST_POSTGRES_URL"]]
    if "TEST_POSTGRES_URL" in os.environ
    else ["postgres:///postgres", "postgres://postgres@127.0.0.1:5432/postgres"]
)
NOT_IN_THE_MAIN_LANE = "not browser and not live and not postgres and not redis"


def _nothing() -> str:
    return ""


def _no_environment() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Lane:
    """Commands that must all succeed. `lacks` says what is missing and how to get it, or nothing at all."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    lacks: Callable[[], str] = _nothing
    environment: Callable[[], Mapping[str, str]] = field(default=_no_environment)

    def variables(self) -> dict[str, str]:
        """The environment of its commands: nothing of this installation's own settings, and a state folder apart."""
        outside = {name: value for name, value in os.environ.items() if name not in settings.ENVIRONMENT_NAMES}
        return {**outside, "STATE_DIR": str(STATE), **self.environment()}


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(Path(sys.executable).parent / name), *arguments)


def _manage(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "manage.py", *arguments)


def pytest(*arguments: str) -> tuple[str, ...]:
    """A run of pytest in this environment."""
    return (sys.executable, "-m", "pytest", "-q", *arguments)


def _lacks_cases() -> str:
    return "" if CONFORMANCE.exists() else f"no {CONFORMANCE}; name its folder: ORGANISM_SHARED=FOLDER"


def _lacks_browser() -> str:
    return "" if CHROMIUM.exists() else "no browser; apt-get install chromium"


def _lacks_redis() -> str:
    from redis import Redis, RedisError

    try:
        with Redis.from_url(REDIS_URL, socket_connect_timeout=2) as redis:
            redis.ping()
    except RedisError:
        return "no Redis answers; apt-get install redis-server, or set TEST_REDIS_URL"
    return ""


def _lacks_postgres() -> str:
    return "" if _postgres_url() else "no PostgreSQL answers; apt-get install postgresql, or set TEST_POSTGRES_URL"


def _postgres_url() -> str:
    """The first address whose user may make databases."""
    import psycopg

    for url in POSTGRES_URLS:
        try:
            with psycopg.connect(url, connect_timeout=2) as connection:
                row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        except psycopg.OperationalError:
            continue
        if row and row[0]:
            return url
    return ""


def _as_in_production() -> Mapping[str, str]:
    return {"PRODUCTION": "1", "ALLOWED_HOSTS": "organism.example", "STATE_DIR": str(STATE / "production")}


LANES = (
    Lane("lint", (_tool("ruff", "check", "."), _tool("ruff", "format", "--check", "."))),
    Lane("imports", (_tool("lint-imports", "--no-logo", "--cache-dir", str(STATE / "imports")),)),
    Lane("types", (_tool("mypy"),)),
    Lane("migrations", (_manage("makemigrations", "--check", "--dry-run"),)),
    Lane(
        "deploy",
        (_manage("check", "--deploy", "--fail-level", "WARNING"), _manage("collectstatic", "--no-input", "--clear", "-v", "0")),
        environment=_as_in_production,
    ),
    Lane("tests", (pytest("-n", "2", "-m", NOT_IN_THE_MAIN_LANE),)),
    Lane("tenancy", (_manage("selftest", "tenancy"),), environment=lambda: {"STATE_DIR": str(STATE / "tenancy")}),
    Lane("conformance", ((sys.executable, "-m", "tests.conformance", str(CONFORMANCE)),), _lacks_cases),
    Lane("live", (pytest("-m", "live and not browser and not postgres and not redis"),)),
    Lane("browser", (pytest("-n", "2", "-m", "browser"),), _lacks_browser),
    Lane("postgres", (pytest("-m", "postgres or databases"),), _lacks_postgres, lambda: {"DATABASE_URL": _postgres_url()}),
    Lane("redis", (pytest("-m", "redis"),), _lacks_redis, lambda: {"REDIS_URL": REDIS_URL}),
)
