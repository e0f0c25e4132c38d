"""What a package with a suggestor of one's own begins with: it works, and its test passes."""

import keyword
import re
import sys
from pathlib import Path
from string import Template

from runs.suggestors.registry import kinds

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

_PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "$name"
version = "0.1.0"
description = "A suggestor for Organism Web."
requires-python = ">=3.11"

[project.entry-points."organism.suggestors"]
$name = "$module:KIND"

[tool.hatch.build.targets.wheel]
packages = ["$module"]

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
"""
_README = """\
# $name

A suggestor for Organism Web: `$module/__init__.py` says what it does, `tests/` proves it.
Install it beside the house (`pip install --no-deps -e .`), and documents may name the kind `$name`.
"""
_MODULE = '''\
"""The suggestor `$name`: says something about every seed, once."""

from typing import Annotated

import msgspec
from msgspec import Meta

from runs.engine import Context, ContextKey, Fact, Proposal, Suggestor
from runs.suggestors import Kind
from runs.suggestors.registry import always


class $klass(Suggestor):
    """Wakes when seeds come. It has no memory: what it has said stands in the context."""

    dependencies = (ContextKey.SEEDS,)

    def __init__(self, params: "Params", name: str) -> None:
        self.name, self._params = name, params

    def accepts(self, context: Context) -> bool:
        """Tell whether a seed is left."""
        return bool(self._left(context))

    def suggest(self, context: Context) -> list[Proposal]:
        """One signal about each seed."""
        return [
            Proposal.text_of(ContextKey.SIGNALS, f"{self.name}:{seed.id}", f"{self._params.words} {seed.text}", self.name)
            for seed in self._left(context)
        ]

    def _left(self, context: Context) -> list[Fact]:
        return [seed for seed in context.get(ContextKey.SEEDS) if context.fact(ContextKey.SIGNALS, f"{self.name}:{seed.id}") is None]


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `$name`."""

    words: Annotated[str, Meta(description="What it says before the seed's text.", min_length=1)] = "Hear:"


KIND = Kind(
    kind="$name",
    summary="Says something about every seed.",
    params=Params,
    build=$klass,
    reads=always(ContextKey.SEEDS, ContextKey.SIGNALS),
    writes=always(ContextKey.SIGNALS),
)
'''
_TEST = '''\
"""What `$name` says."""

from runs.engine import ContextKey
from runs.suggestors import Formation

from $module import $klass, Params


def test_it_says_something_about_every_seed_once():
    formation = Formation("Test").agent($klass(Params("Oyez!"), "$name"))
    context = formation.seed(ContextKey.SEEDS, "s1", "The market opens", "mayor").run().context
    assert [(fact.id, fact.text) for fact in context.get(ContextKey.SIGNALS)] == [("$name:s1", "Oyez! The market opens")]
'''


def begin(name: str, into: Path) -> Path:
    """Make the folder of that name in `into`, and return it; raises `UnableToBegin`."""
    check_name(name)
    module = name.replace("-", "_")
    folder = into / name
    words = {"name": name, "module": module, "klass": name.title().replace("-", "")}
    files = {"pyproject.toml": _PROJECT, "README.md": _README, f"{module}/__init__.py": _MODULE, f"tests/test_{module}.py": _TEST}
    try:
        folder.mkdir(parents=True)
        for path, text in files.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(Template(text).substitute(words), encoding="utf-8")
    except OSError as error:
        raise UnableToBegin(f"{error.filename} cannot be made: {error.strerror}") from error
    return folder


def check_name(name: str) -> None:
    """Raise `UnableToBegin` unless a package and a kind may have this name."""
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise UnableToBegin(f"'{name}' is no name for a kind: small letters and digits, with hyphens between, such as town-crier")
    if name in kinds():
        raise UnableToBegin(f"there is a kind '{name}' already")
    if name.replace("-", "_") in sys.stdlib_module_names | {"runs", "organism_web", "tests"}:
        raise UnableToBegin(f"a module named '{name.replace('-', '_')}' would hide another one")


class UnableToBegin(Exception):
    """The name is taken or impossible, or the folder cannot be made."""
