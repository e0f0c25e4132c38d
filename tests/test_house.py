"""The rules of the house that no linter knows."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from organism_web.environment import settings_table
from tests.server import ROOT

LONGEST_FILE = 300
TOP_LEVEL = {
    *("manage.py", "pyproject.toml", "README.md", "organism_web", "runs", "templates", "static", "tests"),
    *("requirements.txt", "requirements-dev.txt", "LICENSE", "SECURITY.md"),
}
ROOF = {
    *("__init__", "accounts", "addresses", "apps", "asgi", "bootstrap", "checks", "environment", "keys", "logs"),
    *("settings", "sqlite", "urls", "vendor"),
}
ROOMS = {
    *("engine", "suggestors", "models", "doorbell", "journal", "actions", "runner", "reading", "client"),
    *("pages", "api", "live", "management", "admin", "telemetry", "apps", "migrations", "templatetags", "__init__"),
}
NAMES_THAT_SAY_NOTHING = re.compile(r"(utils?|helpers?|managers?|misc|common)$")
INLINE_HANDLER = re.compile(r"<[^>]*\s(on[a-z]+\s*=|style\s*=|hx-on|href\s*=\s*[\"']javascript:)", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\b(src|nonce|type=[\"']application/json)\b)[^>]*>", re.IGNORECASE)
# Put together from parts, so that this file does not break its own rule.
PLACES_OF_PACKAGES = ("pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "registry." + "yarnpkg", "deb." + "debian.org")
WORDS_OF_THE_WORKSHOP = (".." + "/shared", "the " + "issue")
ORM_WRITES = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def files(*endings: str) -> list[Path]:
    """What is committed, or would be."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    paths = [ROOT / name for name in listed if name.endswith(endings or "")]
    return [path for path in paths if path.is_file()]


def here(path: Path) -> str:
    return str(path.relative_to(ROOT))


def own_python() -> list[Path]:
    return [path for path in files(".py") if "migrations" not in path.parts]


def texts(*endings: str, without: tuple[str, ...] = ("tests", "vendor")) -> Iterator[tuple[str, str]]:
    for path in files(*endings):
        if not set(without) & set(path.relative_to(ROOT).parts):
            yield here(path), path.read_text(errors="ignore")


def test_no_file_is_longer_than_the_house_allows():
    long = {here(path): lines for path in own_python() if (lines := len(path.read_text().splitlines())) > LONGEST_FILE}
    assert not long


def test_the_top_level_is_fixed():
    tops = {path.relative_to(ROOT).parts[0] for path in files()}
    assert {name for name in tops if not name.startswith(".")} <= TOP_LEVEL


def test_every_file_has_its_room():
    assert {path.stem for path in (ROOT / "organism_web").glob("*.py")} <= ROOF
    found = {path.relative_to(ROOT / "runs").parts[0].removesuffix(".py") for path in files() if path.is_relative_to(ROOT / "runs")}
    assert found <= ROOMS


def test_names_of_modules_say_what_is_in_them():
    assert not [here(path) for path in own_python() if NAMES_THAT_SAY_NOTHING.search(path.stem) and path.parent.name != "tests"]


def test_every_module_says_what_it_is_for():
    packages_of_tests = [path for path in own_python() if path.name == "__init__.py" and not path.read_text()]
    silent = [here(path) for path in own_python() if path not in packages_of_tests and not ast.get_docstring(ast.parse(path.read_text()))]
    assert not silent


def test_every_setting_stands_in_the_readme():
    assert settings_table() in (ROOT / "README.md").read_text()


def test_settings_come_from_the_environment_by_one_way_only():
    allowed = {"organism_web/environment.py", "organism_web/asgi.py", "runs/management/lanes.py"}
    allowed |= {"runs/suggestors/providers/keys.py"}  # keys of providers, under names that settings choose
    readers = {name for name, text in texts(".py") if re.search(r"os\.(environ|getenv)", text)}
    assert readers - allowed <= {"manage.py"}


def test_no_file_names_where_packages_come_from():
    named = [(name, place) for name, text in texts("", without=()) for place in PLACES_OF_PACKAGES if place in text.lower()]
    assert not named


def test_the_project_speaks_of_itself_only():
    spoken = [(name, word) for name, text in texts(".py", ".md", ".html", ".js") for word in WORDS_OF_THE_WORKSHOP if word in text.lower()]
    assert not spoken


def test_templates_have_no_inline_code_or_style():
    """The strict policy would block it, in front of the visitor."""
    pages = dict(texts(".html"))
    assert not [name for name, text in pages.items() if INLINE_HANDLER.search(text)]
    assert not [name for name, text in pages.items() if INLINE_SCRIPT.search(text)]


def test_scripts_need_no_eval():
    assert not [name for name, text in texts(".js") if re.search(r"\beval\(|new Function\(|document\.write\(", text)]


def test_async_code_stays_in_the_live_room():
    asynchronous = [name for name, text in texts(".py") if re.search(r"^\s*async (def|for|with)\b", text, re.MULTILINE)]
    assert not [name for name in asynchronous if not name.startswith(("runs/live/", "organism_web/asgi.py"))]


@pytest.mark.parametrize("door", ["pages", "api", "live", "management", "admin"])
def test_doors_write_nothing_themselves(door):
    """Only actions, runner and journal write."""
    writers = []
    for path in (path for path in own_python() if path.is_relative_to(ROOT / "runs" / door)):
        calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        writers += [here(path) for call in calls if isinstance(call, ast.Attribute) and call.attr in ORM_WRITES]
    assert not writers


def test_vendored_files_are_those_that_were_recorded():
    vendor = ROOT / "static" / "vendor"
    record = json.loads((vendor / "vendor.json").read_text())
    recorded = {vendor / name.removeprefix("@").replace("/", "-") / file for name, entry in record.items() for file in entry["files"]}
    assert {path for path in files() if path.is_relative_to(vendor)} - {vendor / "vendor.json"} == recorded
    assert not [here(path) for path in recorded if b"sourceMappingURL" in path.read_bytes()]
