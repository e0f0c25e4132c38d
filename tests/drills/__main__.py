"""`python -m tests.drills [--database URL] [--list] [NAME …]`: plays all drills, or those whose name begins so.

A fresh SQLite file unless an address is given; of PostgreSQL any database of a user who may create another.
"""

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def main(argv: list[str]) -> int:
    """Play, print each as it ends and a table of all; 1 if one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description="Play the drills.")
    parser.add_argument("--database", default="", metavar="URL", help="a PostgreSQL server, by any of its databases; SQLite when empty")
    parser.add_argument("--list", action="store_true", help="only print the names")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only those whose name begins so")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="drills-") as folder, database(asked.database, folder) as url:
        return play(url, Path(folder), asked)


def play(url: str, folder: Path, asked: argparse.Namespace) -> int:
    """Set Django up on the database, and play what was asked for."""
    os.environ |= {"DATABASE_URL": url, "STATE_DIR": str(folder), "LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "organism_web.settings"}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from tests.drills.matrix import matrix
    from tests.drills.stage import Stage

    (folder / "stage").mkdir()
    stage = Stage(url, folder / "stage")
    try:
        chosen = [drill for drill in matrix(stage) if any(map(drill.name.startswith, asked.names or [""]))]
        if asked.list:
            print("\n".join(drill.name for drill in chosen))
            return 0
        return report([_played(stage, drill) for drill in chosen])
    except Exception:
        print(stage.said()[-4000:], file=sys.stderr)
        raise
    finally:
        stage.close()
        from django.db import connections

        connections.close_all()
        if connections["default"].vendor == "postgresql":
            connections["default"].close_pool()


def _played(stage, drill) -> tuple[str, bool, float, str]:
    begun = time.monotonic()
    stage.reset()
    try:
        passed, words = True, drill.play(stage)
    except Exception as error:  # noqa: BLE001
        passed, words = False, f"{type(error).__name__}: {error}".splitlines()[0]
        traceback.print_exc()
        print(stage.said()[-4000:], file=sys.stderr)
    row = (f"{drill.name} {drill.told}".strip(), passed, time.monotonic() - begun, words)
    print(_line(row), flush=True)
    return row


def report(rows: list[tuple[str, bool, float, str]]) -> int:
    """The table: one line for each kind of drill, then those that failed."""
    kinds: dict[str, list[tuple[str, bool, float, str]]] = {}
    for row in rows:
        kinds.setdefault("-".join(row[0].split()[0].split("-")[:2]), []).append(row)
    print(f"\n{'drills':<28} {'passed':>7} {'failed':>7} {'seconds':>8}")
    for kind, some in kinds.items():
        passed = sum(row[1] for row in some)
        print(f"{kind:<28} {passed:>7} {len(some) - passed:>7} {sum(row[2] for row in some):>8.1f}")
    failed = [row for row in rows if not row[1]]
    print(f"\n{len(rows) - len(failed)} passed, {len(failed)} failed")
    for row in failed:
        print(_line(row))
    return 1 if failed else 0


def _line(row: tuple[str, bool, float, str]) -> str:
    name, passed, seconds, words = row
    return f"{'passed' if passed else 'FAILED':<7} {name:<48} {seconds:>5.1f}  {words}"


@contextmanager
def database(url: str, folder: str) -> Iterator[str]:
    """The address of a database that is there for us alone."""
    if not url:
        yield f"sqlite:///{folder}/drills.sqlite3"
        return
    import psycopg

    name, (server, _, _) = f"organism_drills_{os.getpid()}", url.rpartition("/")
    with psycopg.connect(url, autocommit=True) as keeper:
        keeper.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(url, autocommit=True) as keeper:
            keeper.execute(f"DROP DATABASE {name} WITH (FORCE)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
