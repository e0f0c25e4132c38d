"""What every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

from tests.server import ROOT, daphne

set_hypothesis_home_dir(ROOT / ".state" / "hypothesis")
# How fast a machine is says nothing about what is right on it.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of conformance cases and real data; a test that asks for it is skipped where it is missing."""
    folder = Path(os.environ.get("ORGANISM_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no folder {folder}")
    return folder


@pytest.fixture(autouse=True)
def _quick_passwords(request, settings) -> None:
    """Argon2 is slow on purpose; tests need not wait for it, unless a server apart has to understand the hash."""
    if "web" not in request.fixturenames:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def test_database_url(django_db_setup) -> str:
    """The address of the test database, for processes of their own."""
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(here['NAME']))}"
    name, host = here["NAME"], here["HOST"]
    return f"postgres://{quote(here['USER'])}:{quote(here['PASSWORD'])}@{host}:{here['PORT'] or 5432}/{name}"


@pytest.fixture(scope="session")
def web(test_database_url: str) -> Iterator[str]:
    """The address of a daphne on the test database. Ask for `transactional_db` as well: it sees only what is committed."""
    with daphne(test_database_url) as address:
        yield address
