"""Puts a current SQLite in the place of the system's, before Django looks for one."""

import sys
from importlib import import_module

WAL_SAFE_SINCE = (3, 51, 3)


def prefer_current_sqlite() -> None:
    """Let `import sqlite3` mean pysqlite3 where its wheel is installed; elsewhere the standard library's stays."""
    try:
        current = import_module("pysqlite3")
    except ImportError:
        return
    sys.modules["sqlite3"] = current
    sys.modules["sqlite3.dbapi2"] = import_module("pysqlite3.dbapi2")


def has_wal_reset_race() -> bool:
    """Whether the SQLite in use can lose committed rows when a writer resets the WAL under another one."""
    import sqlite3

    return sqlite3.sqlite_version_info < WAL_SAFE_SINCE
