"""Brings the browser's libraries into `static/vendor/`: `python -m organism_web.vendor [NAME …]`.

Packages come at a fixed version through npm's ordinary client, are compared with the integrity that was recorded when they were
first taken, and only the files named here are copied, with their licence. Standard library only; nobody needs npm but for this.
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
RECORD = VENDOR / "vendor.json"
SPRITE = VENDOR.parent / "icons.svg"
# Our own sign: three that come together.
MARK = (
    '<circle cx="12" cy="12" r="3.2" fill="currentColor"/><path d="M4.5 4.5 9.4 9.4M19.5 4.5 14.6 9.4M12 20v-4.6"/>'
    '<circle cx="4" cy="4" r="1.4" fill="currentColor"/><circle cx="20" cy="4" r="1.4" fill="currentColor"/>'
    '<circle cx="12" cy="20.5" r="1.4" fill="currentColor"/>'
)
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
SOURCE_MAP = re.compile(rb"\n?(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=[^*]*\*/)\s*\Z")


@dataclass(frozen=True)
class Package:
    """What is taken of one package: paths inside it; `renamed` gives a file another name here."""

    name: str
    version: str
    files: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...] = ()
    licence: str = "LICENSE"

    @property
    def folder(self) -> Path:
        return VENDOR / self.name.removeprefix("@").replace("/", "-")

    def targets(self) -> dict[str, str]:
        """Path inside the package to name in our folder."""
        names = {path: Path(path).name for path in self.files} | dict(self.renamed)
        return {self.licence: "LICENSE", **names}


# Lucide's signs that the pages use; they come as one sprite.
ICONS = [
    "activity",
    "arrow-right",
    "arrow-up",
    "ban",
    "building-2",
    "check",
    "chevron-right",
    "circle-check",
    "circle-play",
    "circle-x",
    "clock",
    "contrast",
    "flag",
    "gauge",
    "git-merge",
    "hand",
    "info",
    "key-round",
    "list-filter",
    "log-out",
    "message-square",
    "minus",
    "monitor",
    "moon",
    "play",
    "plus",
    "rotate-cw",
    "scale",
    "search",
    "square",
    "sun",
    "triangle-alert",
    "user",
    "users",
    "wrench",
    "x",
    "zap",
]
PACKAGES = (
    Package("preact", "11.2.0", ("dist/preact.mjs", "hooks/dist/hooks.mjs")),
    Package("htm", "3.1.1", ("dist/htm.module.js",), renamed=(("preact/index.module.js", "preact.module.js"),)),
    Package("@preact/signals-core", "1.14.5", ("dist/signals-core.module.js",)),
    Package("@preact/signals", "2.11.4", ("dist/signals.module.js",)),
    Package("lucide-static", "1.62.0", tuple(f"icons/{icon}.svg" for icon in ICONS)),
)


class UnableToVendor(Exception):
    """A package is not what it was when it was first taken, or lacks a file."""


def main(names: list[str]) -> None:
    """Take the named packages, or all, and write down what was taken."""
    record: dict[str, Any] = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    for package in PACKAGES:
        if not names or package.name in names:
            record[package.name] = _take(package, record.get(package.name, {}))
            sys.stdout.write(f"{package.name} {package.version}\n")
    RECORD.write_text(json.dumps(dict(sorted(record.items())), indent=2) + "\n")
    SPRITE.write_text(sprite(VENDOR / "lucide-static"))


def sprite(folder: Path) -> str:
    """The signs of the folder and our own in one drawing, each under its name."""
    signs = {path.stem: _inside(path.read_text()) for path in folder.glob("*.svg")} | {"mark": MARK}
    symbols = "\n".join(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>' for name, drawing in sorted(signs.items()))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _inside(text: str) -> str:
    """What is drawn, without the frame around it."""
    found = DRAWING.search(text)
    return " ".join(found[1].split()) if found else ""


def _take(package: Package, known: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        archive = _pack(package, Path(folder))
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if known.get("version") == package.version and known.get("integrity") != integrity:
            raise UnableToVendor(f"{package.name} {package.version} differs from what was taken before")
        _copy(package, archive)
    return {"version": package.version, "integrity": integrity, "files": sorted(package.targets().values())}


def _pack(package: Package, folder: Path) -> Path:
    """npm compares the archive with the integrity that the registry states, and fails when they differ."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{package.name}@{package.version}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    return archive


def _copy(package: Package, archive: Path) -> None:
    package.folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as files:
        for path, name in package.targets().items():
            try:
                member = files.extractfile(f"package/{path}")
            except KeyError:
                member = None
            if member is None:
                raise UnableToVendor(f"{package.name} {package.version} has no file {path}")
            # Source maps stay behind, so browsers should not look for them.
            (package.folder / name).write_bytes(SOURCE_MAP.sub(b"\n", member.read()))


if __name__ == "__main__":
    main(sys.argv[1:])
