"""The way in: makes `.venv` when it is missing or out of date, then runs the command inside it.

Standard library only, for it runs before anything is installed. A start that finds all in order reads a few small files and goes on.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "organism.stamp"
LOCK = ROOT / ".state" / "bootstrap.lock"
LOCK_FILES = {"run": "requirements.txt", "dev": "requirements-dev.txt"}
STAMPED_FILES = (*LOCK_FILES.values(), "pyproject.toml")
COMMANDS_OF_DEVELOPERS = {"test"}
OLDEST_PYTHON = (3, 11)


def enter(argv: list[str]) -> None:
    """Return inside an up-to-date `.venv`; from anywhere else, start the command anew in there and never return."""
    _require_python()
    wanted = "dev" if COMMANDS_OF_DEVELOPERS & set(argv[1:2]) else "run"
    ready = _is_ready(wanted)
    if _inside() and ready:
        return
    if _inside():
        # An environment cannot be cleared from within: start again with the Python that made it.
        _exec(Path(getattr(sys, "_base_executable", sys.executable)), argv)
    if not ready:
        _prepare(wanted)
    _exec(_python(), argv)


def fingerprint() -> str:
    """Names what an environment is made from: the lock files, the project file and this Python's minor version."""
    digest = hashlib.sha256(".".join(map(str, sys.version_info[:2])).encode())
    for name in STAMPED_FILES:
        digest.update(b"\0" + (ROOT / name).read_bytes())
    return digest.hexdigest()


def _python() -> Path:
    return VENV / "bin" / "python"


def _inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def _is_ready(wanted: str) -> bool:
    """A developer's environment holds everything that running needs, so it serves for both."""
    installed, made_from = _stamp()
    return made_from == fingerprint() and installed in (wanted, "dev") and _python().exists()


def _stamp() -> tuple[str, str]:
    try:
        installed, made_from = STAMP.read_text().split()
    except (OSError, ValueError):
        return "", ""
    return installed, made_from


def _prepare(wanted: str) -> None:
    with _only_one():
        if _is_ready(wanted):  # another start made it while this one waited
            return
        if VENV.is_symlink():  # whatever it points to is somebody else's: clearing it would be no small surprise
            sys.exit(f"{VENV} is a link to {os.readlink(VENV)} and out of date: remove the link, and an environment is made in its place.")
        installed, made_from = _stamp()
        if made_from != fingerprint() or not _python().exists():
            _make_environment()
            # Whoever had the developer's tools keeps them.
            wanted = "dev" if installed == "dev" else wanted
        _install(wanted)
        STAMP.write_text(f"{wanted} {fingerprint()}\n")


@contextmanager
def _only_one() -> Iterator[None]:
    """Hold the lock file, so that two starts at the same time do not install over each other."""
    import fcntl

    LOCK.parent.mkdir(mode=0o700, exist_ok=True)  # the data and the secrets will lie there
    with LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            _say("Another start is installing; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_environment() -> None:
    from importlib.util import find_spec

    # Debian ships `venv` without `ensurepip` until the package is there.
    if not (find_spec("venv") and find_spec("ensurepip")):
        sys.exit("Python cannot make environments here: install the package with `apt-get install python3-venv`.")
    import venv

    _say(f"Making .venv with Python {sys.version.split()[0]} …")
    venv.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(VENV)


def _install(wanted: str) -> None:
    """Install exactly what the lock file says, byte-compiled, with the pip configuration of whoever calls."""
    lock_file = LOCK_FILES[wanted]
    total = sum("==" in line for line in (ROOT / lock_file).read_text().splitlines())
    _say(f"Installing {total} packages of {lock_file} (once; later starts skip this) …")
    arguments = ["install", "--no-user", "--no-deps", "--require-hashes", "--compile", "--no-input", "-r", lock_file]
    _run_pip(arguments, total)


def _run_pip(arguments: list[str], total: int) -> None:
    import subprocess

    command = [str(_python()), "-m", "pip", *arguments]
    output: list[str] = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            output.append(line)
            _show_progress(line, sum(each.startswith("Collecting ") for each in output), total)
    if pip.returncode:
        sys.exit("".join(["Installing failed; pip said:\n", *output[-20:]]))


def _show_progress(line: str, done: int, total: int) -> None:
    if line.startswith("Collecting "):
        name = line.split()[1].split("==")[0]
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K  {done}/{total} {name}")
        elif done % 10 == 0:
            _say(f"  {done}/{total} {name}")
    elif line.startswith("Installing collected"):
        _say(("\r\033[K" if sys.stderr.isatty() else "") + "  unpacking and compiling …")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _require_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or later is needed; this is {sys.version.split()[0]}.")


def _exec(python: Path, argv: list[str]) -> None:
    sys.stdout.flush()
    os.execv(python, [str(python), str(ROOT / "manage.py"), *argv[1:]])
