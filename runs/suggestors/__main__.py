"""`python -m runs.suggestors new NAME [--into DIR]`: the beginning of a package with a suggestor of one's own."""

import argparse
import sys
from pathlib import Path

from runs.suggestors.skeleton import UnableToBegin, begin


def main(argv: list[str] | None = None) -> None:
    """Write the skeleton and say what to do with it; exits with 2 for what cannot be begun."""
    parser = argparse.ArgumentParser(prog="python -m runs.suggestors", description="Suggestors of one's own.")
    new = parser.add_subparsers(required=True, metavar="new").add_parser("new", help="begin a package with one suggestor and its test")
    new.add_argument("name", metavar="NAME", help="its kind, such as town-crier")
    new.add_argument("--into", metavar="DIR", type=Path, default=Path(), help="where the folder of that name is made (default: here)")
    options = parser.parse_args(argv)
    try:
        folder = begin(options.name, options.into)
    except UnableToBegin as error:
        parser.exit(2, f"{error}.\n")
    sys.stdout.write(f"{folder} is there. Next:\n")
    sys.stdout.write(f"  {sys.executable} -m pytest {folder}\n  {sys.executable} -m pip install --no-deps -e {folder}\n")


if __name__ == "__main__":
    main()
