"""What an installation can change, and what production refuses."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from organism_web import addresses, checks
from organism_web.environment import value_of
from organism_web.keys import kept_secret
from tests.server import ROOT


def test_a_value_that_cannot_be_read_names_its_variable(monkeypatch):
    monkeypatch.setenv("PORT", "many")
    with pytest.raises(ImproperlyConfigured, match="PORT='many' cannot be read"):
        value_of("PORT")


@pytest.mark.parametrize(("text", "value"), [("1", True), ("True", True), ("off", False), ("", False)])
def test_a_yes_is_a_yes_in_any_case(monkeypatch, text, value):
    monkeypatch.setenv("DEBUG", text)
    assert value_of("DEBUG") is value


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: kept_secret(tmp_path / "state", "key"), range(16)))
    assert len(made) == 1
    assert stat.S_IMODE((tmp_path / "state" / "key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["key"]


def test_a_postgresql_address_is_taken_apart():
    found = addresses.database("postgres://ada:p%40ss@db:5433/organism?sslmode=require", state=Path("/tmp"), pool=7)
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == ("ada", "p@ss", "db", "5433", "organism")
    assert found["OPTIONS"]["pool"]["max_size"] == 7
    assert found["OPTIONS"]["sslmode"] == "require"


def test_a_sqlite_address_may_be_absolute_or_of_the_project():
    assert addresses.database("sqlite:////data/o.db", state=Path("/tmp"), pool=1)["NAME"] == "/data/o.db"
    assert addresses.database("sqlite:///o.db", state=Path("/tmp"), pool=1)["NAME"] == str(ROOT / "o.db")


def test_an_unknown_database_is_refused():
    with pytest.raises(ImproperlyConfigured, match="mysql"):
        addresses.database("mysql://localhost/x", state=Path("/tmp"), pool=1)


def test_mail_goes_to_files_until_a_server_is_named():
    assert addresses.mail("", state=Path("/s"))["EMAIL_FILE_PATH"] == "/s/mail"
    assert addresses.mail("smtps://a:b@mx", state=Path("/s"))["EMAIL_PORT"] == 465


@pytest.mark.parametrize(
    ("unsafe", "identity"),
    [
        ({"DEBUG": True}, "organism.E001"),
        ({"SECRET_KEY": "short"}, "organism.E002"),
        ({"JOURNAL_KEY": "a" * 80}, "organism.E003"),
        ({"ALLOWED_HOSTS": ["*"]}, "organism.E004"),
        ({"SECURE_HSTS_SECONDS": 0}, "organism.E005"),
        ({"CSRF_TRUSTED_ORIGINS": ["http://organism.example"]}, "organism.E006"),
    ],
)
def test_production_refuses_each_unsafe_value(settings, unsafe, identity):
    settings.PRODUCTION, settings.SECURE_HSTS_SECONDS = True, 60
    assert checks.production_is_safe() == []
    for name, value in unsafe.items():
        setattr(settings, name, value)
    assert [problem.id for problem in checks.production_is_safe()] == [identity]
    with pytest.raises(ImproperlyConfigured, match=identity):
        checks.refuse_unsafe_settings()


def test_an_old_sqlite_is_named_aloud(monkeypatch):
    monkeypatch.setattr(checks, "has_wal_reset_race", lambda: True)
    assert [warning.id for warning in checks.sqlite_is_current()] == ["organism.W001"]


def test_the_web_server_does_not_start_with_unsafe_settings(tmp_path):
    variables = {**os.environ, "PRODUCTION": "1", "ALLOWED_HOSTS": "*", "STATE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", "import organism_web.asgi"]
    ended = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert ended.returncode != 0
    assert "organism.E004" in ended.stderr
