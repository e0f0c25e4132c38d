"""What tests of the runner may ask for."""

import pytest

from runs.runner.rounds import Round
from runs.suggestors import registry
from tests.runner import asking
from tests.runner.passing import Quick
from tests.runner.vaults import a_vault


@pytest.fixture
def asks(monkeypatch):
    """The kind that uses tools is in the catalogue."""
    monkeypatch.setattr(registry, "_KINDS", {**registry.kinds(), "asks": asking.KIND})


@pytest.fixture
def quick(monkeypatch) -> Quick:
    """Nobody waits for providers."""
    passing = Quick()
    monkeypatch.setitem(Round.__init__.__kwdefaults__, "passing", passing)
    return passing


@pytest.fixture
def vault(db):
    """The tenant has a provider that hides."""
    return a_vault()
