"""The way in, with the making of environments left out."""

import os
import subprocess
import sys
import time

import pytest

from organism_web import bootstrap


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A working copy of nothing but lock files, outside its environment, that notes what is made, installed and started."""
    for name in bootstrap.STAMPED_FILES:
        (tmp_path / name).write_text("a==1 \\\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "stamp")
    monkeypatch.setattr(bootstrap, "LOCK", tmp_path / ".state" / "lock")
    done: list[str] = []
    monkeypatch.setattr(bootstrap, "_make_environment", lambda: make(done))
    monkeypatch.setattr(bootstrap, "_run_pip", lambda arguments, total: done.append(arguments[-1]))
    monkeypatch.setattr(bootstrap, "_exec", lambda python, argv: done.append("start"))
    return done


def make(done: list[str]) -> None:
    done.append("make")
    (bootstrap.VENV / "bin").mkdir(parents=True, exist_ok=True)
    (bootstrap.VENV / "bin" / "python").touch()


def entered(done: list[str], command: str) -> list[str]:
    done.clear()
    bootstrap.enter(["manage.py", command])
    return list(done)


def test_the_first_start_makes_and_installs(house):
    assert entered(house, "up") == ["make", "requirements.txt", "start"]


def test_the_second_start_only_starts(house):
    entered(house, "up")
    assert entered(house, "up") == ["start"]


def test_tests_add_the_developers_packages_to_what_is_there(house):
    entered(house, "up")
    assert entered(house, "test") == ["requirements-dev.txt", "start"]


def test_a_developers_environment_serves_for_running(house):
    entered(house, "test")
    assert entered(house, "up") == ["start"]


def test_a_changed_lock_file_makes_it_anew_and_keeps_the_developers_packages(house, tmp_path):
    entered(house, "test")
    (tmp_path / "requirements.txt").write_text("a==2\n")
    assert entered(house, "up") == ["make", "requirements-dev.txt", "start"]


def test_an_install_that_broke_off_is_made_anew(house):
    entered(house, "up")
    bootstrap.STAMP.unlink()
    assert entered(house, "up") == ["make", "requirements.txt", "start"]


def test_an_environment_whose_python_is_gone_is_made_anew(house):
    entered(house, "up")
    (bootstrap.VENV / "bin" / "python").unlink()
    assert entered(house, "up") == ["make", "requirements.txt", "start"]


def test_a_link_is_used_while_it_is_up_to_date_and_never_cleared(house, tmp_path):
    entered(house, "up")
    elsewhere = bootstrap.VENV.rename(tmp_path / "elsewhere")
    bootstrap.VENV.symlink_to(elsewhere)
    assert entered(house, "up") == ["start"]
    (tmp_path / "requirements.txt").write_text("a==2\n")
    with pytest.raises(SystemExit, match=r"is a link to .*elsewhere and out of date: remove the link") as end:
        entered(house, "up")
    assert "\n" not in str(end.value)
    assert (house, (elsewhere / "bin" / "python").exists()) == ([], True)


def test_a_missing_venv_package_is_named_in_one_line(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit) as end:
        bootstrap._make_environment()
    assert "apt-get install python3-venv" in str(end.value)
    assert "\n" not in str(end.value)


def test_an_old_python_is_refused_in_one_line(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 9))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or later is needed"):
        bootstrap.enter(["manage.py", "up"])


def test_a_ready_start_is_quick():
    """What is paid before the command itself begins, a bare Python's own start taken off."""
    code = "from organism_web import bootstrap; bootstrap._is_ready('run')"
    slow = min(_seconds(code) for _ in range(3))
    assert slow - min(_seconds("pass") for _ in range(3)) < 0.1


def _seconds(code: str) -> float:
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", code], cwd=bootstrap.ROOT, check=True, env={**os.environ, "PYTHONPATH": "."})
    return time.monotonic() - begun
