"""A package of one's own: written, proven by its own test, listed, used, and harmless when it is broken."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command

from runs.engine import ContextKey
from runs.suggestors import document_of, kinds, read_document
from runs.suggestors import registry as shelf
from runs.suggestors.__main__ import main
from runs.suggestors.problems import DocumentInvalid
from tests.server import ROOT
from tests.suggestors.teams import run

CHAPTER = (ROOT / "README.md").read_text().partition("### From nothing to a run on the dashboard")[2].partition("\n### ")[0]
COMMANDS, DOCUMENT = re.findall(r"```(?:yaml)?\n(.*?)```", CHAPTER, re.DOTALL)


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """A folder whose packages are as good as installed; what they bring is gone after the test."""
    kinds()
    for name in ("_KINDS", "_BROUGHT_BY", "_BROKEN"):
        monkeypatch.setattr(shelf, name, dict(getattr(shelf, name)))
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith(("town_crier", "odd_one"))]:
        del sys.modules[name]


def installed(name: str, into: Path, groups: dict[str, dict[str, str]]) -> None:
    """What an installer leaves beside a package, and the house looking anew."""
    info = into / f"{name.replace('-', '_')}-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n")
    lines = [f"[{group}]\n" + "\n".join(f"{key} = {value}" for key, value in entries.items()) for group, entries in groups.items()]
    (info / "entry_points.txt").write_text("\n".join(lines))
    shelf._load.__wrapped__()


def written(into: Path, monkeypatch) -> Path:
    """The package of the README, installed."""
    main(["new", "town-crier", "--into", str(into)])
    folder = into / "town-crier"
    monkeypatch.syspath_prepend(folder)
    installed("town-crier", into, tomllib.loads((folder / "pyproject.toml").read_text())["project"]["entry-points"])
    return folder


def test_its_own_test_passes(tmp_path):
    assert main(["new", "town-crier", "--into", str(tmp_path)]) is None
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", str(tmp_path / "town-crier")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, "1 passed" in ran.stdout) == (0, True), ran.stdout + ran.stderr


def test_it_is_listed_with_the_name_of_its_package(packages, monkeypatch, capsys):
    written(packages, monkeypatch)
    capsys.readouterr()
    call_command("suggestors")
    out = capsys.readouterr().out
    assert "town-crier (town-crier) — Says something about every seed.\n  reads Seeds, Signals · writes Signals\n" in out
    assert '  words: text ["Hear:"]: What it says before the seed\'s text.\n' in out


def test_the_document_of_the_readme_runs_with_it(packages, monkeypatch):
    written(packages, monkeypatch)
    read = read_document(DOCUMENT)
    (fact,) = run(read.team(), *read.seeds()).context.get(ContextKey.SIGNALS)
    assert (fact.id, fact.text) == ("town-crier:s1", "Oyez! The market opens")


def test_the_readme_takes_thirty_lines_and_names_commands_that_exist():
    assert len((COMMANDS + DOCUMENT).splitlines()) <= 30
    made = set(re.findall(r"manage\.py (\w+)", COMMANDS))
    assert made <= {path.stem for path in (ROOT / "runs/management/commands").glob("*.py")}
    assert "runs.suggestors new town-crier" in COMMANDS


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        ("KIND = 3", "TypeError: odd_one:KIND is no Kind"),
        ("x = 1", "AttributeError: module 'odd_one' has no attribute 'KIND'"),
        ("from runs.suggestors import kind_of\nimport msgspec\nKIND = msgspec.structs.replace(kind_of('rule'))", "ValueError: two kinds"),
    ],
    ids=["import", "no kind", "nothing", "name"],
)
def test_a_package_that_cannot_be_used_is_told_and_breaks_nothing(packages, capsys, source, error):
    (packages / "odd_one.py").write_text(source)
    installed("odd-one", packages, {"organism.suggestors": {"odd": "odd_one:KIND"}})
    call_command("suggestors", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["broken"]["odd"].startswith(f"odd-one: {error}")
    assert len(told["kinds"]) == len(kinds())
    with pytest.raises(DocumentInvalid, match="the kind 'odd' cannot be used: odd-one: "):
        document_of({"schema": "organism.formation/v1", "label": "L", "team": [{"kind": "odd"}]})


def test_the_list_tells_people_what_is_broken(packages, capsys):
    (packages / "odd_one.py").write_text("KIND = 3")
    installed("odd-one", packages, {"organism.suggestors": {"odd": "odd_one:KIND"}})
    call_command("suggestors")
    assert "odd cannot be used: odd-one: TypeError: odd_one:KIND is no Kind" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "words"),
    [("Town", "is no name"), ("a--b", "is no name"), ("class", "is no name"), ("rule", "there is a kind 'rule'"), ("json", "would hide")],
)
def test_names_that_cannot_be_are_refused(name, words, tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["new", name, "--into", str(tmp_path)])
    assert (stopped.value.code, words in capsys.readouterr().err, list(tmp_path.iterdir())) == (2, True, [])


def test_what_is_there_is_not_written_over(tmp_path, capsys):
    main(["new", "town-crier", "--into", str(tmp_path)])
    with pytest.raises(SystemExit):
        main(["new", "town-crier", "--into", str(tmp_path)])
    assert "cannot be made: File exists" in capsys.readouterr().err


def test_json_of_the_list_is_complete(capsys):
    call_command("suggestors", "--json")
    listed = {one["kind"]: one for one in json.loads(capsys.readouterr().out)["kinds"]}
    assert list(listed) == list(kinds())
    assert listed["solver"] | {"parameters": []} == {
        "kind": "solver", "summary": "Solves problems of assignment, packing, scheduling and budgets.",
        "reads": ["Seeds", "Proposals", "Constraints", "Diagnostic"],
        "writes": ["Proposals", "Constraints", "Diagnostic"], "reaches_out": True, "package": None, "missing": None, "parameters": [],
    }  # fmt: skip
    assert listed["human"]["parameters"][0] == {
        "name": "ask",
        "type": "text",
        "description": "Whom to ask: a member's address, or a role.",
        "required": True,
    }
