"""`python -m tests.bench NAME …`: one module for each name, with a `main(argv)`."""

import importlib
import sys

BENCHES = ("catalogue", "durable", "engine", "journal", "live", "ui")


def main(argv: list[str]) -> None:
    """Run the bench that is named, with what stands behind its name."""
    if not argv or argv[0] not in BENCHES:
        sys.exit(f"usage: python -m tests.bench {{{'|'.join(BENCHES)}}} [arguments]")
    importlib.import_module(f"tests.bench.{argv[0]}").main(argv[1:])


main(sys.argv[1:])
