"""Every setting an installation can change, in one table: the name of the environment variable, its default and what it means.

`settings.py` reads nothing from the environment but through `value_of`; the README prints this table, and a test compares the two.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent


def a_yes(text: str) -> bool:
    """`1`, `true`, `yes`, `on` in any case mean yes; `0`, `false`, `no`, `off` and nothing mean no."""
    answers = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False, "": False}
    return answers[text.strip().lower()]


def a_list(text: str) -> list[str]:
    """Words between commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def a_folder(text: str) -> Path:
    """A path, from the project's folder on when it is relative."""
    return ROOT / Path(text).expanduser()


@dataclass(frozen=True)
class Setting:
    """One row of the table. An empty default is worked out at start, as its meaning tells."""

    name: str
    default: str
    meaning: str
    parse: Callable[[str], Any] = str


SETTINGS = (
    Setting("PRODUCTION", "0", "`1` switches to HTTPS only, secure cookies and hashed static files, and refuses unsafe values", a_yes),
    Setting("DEBUG", "0", "`1` shows Django's pages for errors; refused in production", a_yes),
    Setting("STATE_DIR", ".state", "folder for everything made at run time: database, secrets, collected static files, mail", a_folder),
    Setting("SECRET_KEY", "", "signs sessions; made on first start and kept in `STATE_DIR`"),
    Setting("JOURNAL_KEY", "", "key of the HMAC that identifies effects; made on first start and kept in `STATE_DIR`"),
    Setting(
        "SEALING_KEYS",
        "",
        "encrypt secrets of providers and hidden fields of effects; the first seals, all open; made on first start and kept in `STATE_DIR`",
        a_list,
    ),
    Setting("DATABASE_URL", "", "`postgres://user:password@host:port/name` or `sqlite:///path`; SQLite in `STATE_DIR` when empty"),
    Setting("DATABASE_POOL", "10", "PostgreSQL connections that one process keeps at most", int),
    Setting("REDIS_URL", "", "`redis://host:port/0` carries doorbell and cache between processes; in-process when empty"),
    Setting("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "host names that are served, with commas between", a_list),
    Setting("TRUSTED_ORIGINS", "", "further origins that may post forms, such as `https://organism.example`", a_list),
    Setting("BEHIND_PROXY", "0", "`1` believes a proxy's `X-Forwarded-Proto` and `X-Forwarded-For`", a_yes),
    Setting("HSTS_SECONDS", "31536000", "how long browsers remember to use HTTPS only; production", int),
    Setting("BIND", "127.0.0.1", "address that the web server listens on"),
    Setting("PORT", "8000", "port that the web server listens on", int),
    Setting("SIGN_UP", "0", "`1` lets visitors make accounts for themselves", a_yes),
    Setting("EMAIL_URL", "", "`smtp://user:password@host:587` (`smtps` for TLS at once); files in `STATE_DIR` when empty"),
    Setting("EMAIL_FROM", "organism@localhost", "sender of mail"),
    Setting("TIME_ZONE", "UTC", "time zone in which pages show times"),
    Setting("LOG_LEVEL", "INFO", "least severe message that is logged: `DEBUG`, `INFO`, `WARNING` or `ERROR`", str.upper),
    Setting("LOG_JSON", "0", "`1` logs one JSON object a line", a_yes),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


def value_of(name: str) -> Any:
    """What the environment says of a setting of the table, else its default; a value nobody can read names the variable."""
    setting = BY_NAME[name]
    text = os.environ.get(name, setting.default)
    try:
        return setting.parse(text)
    except (KeyError, ValueError) as problem:
        raise ImproperlyConfigured(f"{name}={text!r} cannot be read: {setting.meaning}.") from problem


def settings_table() -> str:
    """The table as Markdown."""
    rows = [f"| `{each.name}` | {f'`{each.default}`' if each.default else ''} | {each.meaning} |" for each in SETTINGS]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])
