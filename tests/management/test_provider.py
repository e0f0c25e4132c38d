"""`manage.py provider`."""

import io
import json
import os

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line

from runs.models import AuditEntry, Provider
from tests.house import a_tenant

pytestmark = pytest.mark.django_db
SETTINGS = {"hosts": ["api.example"], "secret_headers": {"Authorization": "Bearer sk-123456"}}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(SETTINGS))
    return str(path)


def test_it_is_set_listed_and_removed(file, capsys):
    a_tenant()
    call_command("provider", "set", "web", "--kind", "http", "--file", file, "--max-concurrency", "2", "--per-minute", "60")
    call_command("provider", "list")
    call_command("provider", "remove", "web")
    line = 'web  http  2 at a time  60 a minute  {"hosts": ["api.example"], "secret_headers": {"Authorization": "•••"}}'
    assert capsys.readouterr().out.splitlines() == [line, line, "web is removed."]
    assert AuditEntry.objects.first().actor.startswith("console:")


def test_settings_may_come_from_standard_input(monkeypatch, capsys):
    a_tenant()
    monkeypatch.setattr("sys.stdin", io.StringIO('{"hosts": ["a"], "networks": ["10.0.0.0/8"]}'))
    call_command("provider", "set", "web", "--kind", "http", "--file", "-")
    assert Provider.objects.get().shown_settings["networks"] == ["10.0.0.0/8"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["remove", "web"], "There is no provider 'web'"),
        (["set", "web", "--kind", "http", "--file", "nowhere.json"], "cannot be read: No such file"),
        (["set", "web", "--kind", "soap", "--file", "-"], "invalid choice"),
        (["set", "web", "--kind", "http", "--file", "-"], "is no JSON"),
    ],
)
def test_what_makes_no_sense_is_told(arguments, words, monkeypatch):
    a_tenant()
    monkeypatch.setattr("sys.stdin", io.StringIO("{"))
    with pytest.raises(CommandError, match=words):
        call_command("provider", *arguments)


def test_faults_are_told_with_their_paths(tmp_path):
    a_tenant()
    path = tmp_path / "s.json"
    for text, words in [("[]", "holds no JSON object"), ('{"hosts": 1}', "hosts: expected a list, not a whole number")]:
        path.write_text(text)
        with pytest.raises(CommandError, match=words):
            call_command("provider", "set", "web", "--kind", "http", "--file", str(path))


def test_models_are_set_as_people_type_it_and_django_keeps_its_own_settings(monkeypatch, capsys):
    a_tenant()
    monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)  # this test's own
    settings, before = json.dumps({"model": "m", "key_env": "PROVIDER_KEY_A"}), os.environ.get("DJANGO_SETTINGS_MODULE")
    for kind in ("openai", "anthropic"):
        monkeypatch.setattr("sys.stdin", io.StringIO(settings))
        execute_from_command_line(["manage.py", "provider", "set", kind, "--kind", kind, "--file", "-"])
        assert capsys.readouterr().out == f"{kind}  {kind}  {settings}\n"
    assert os.environ.get("DJANGO_SETTINGS_MODULE") == before
