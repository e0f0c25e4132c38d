"""Keys that are made on first start and kept where only their owner can read them."""

import os
import secrets
import tempfile
from pathlib import Path


def kept_secret(folder: Path, name: str) -> str:
    """The secret of this name in the folder; made now if there is none. Two starts at once agree on one."""
    path = folder / name
    if not path.exists():
        _make(path)
    return path.read_text().strip()


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # its owner's alone, and nobody else's name
    with open(handle, "w") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
    try:
        # A link appears whole or not at all, and never takes the place of what another start has made.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
